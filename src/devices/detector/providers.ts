import { randomUUID } from "node:crypto";
import type { DataKey } from "../../documents/document.ts";
import type { AssetDocument, Reading } from "../protocols.ts";
import type { SignalR } from "../signal.ts";
import type { ReadableProvider, StreamProvider } from "./logics.ts";

/** Reads signals fresh into each event, under their own names. */
export class SignalDataProvider implements ReadableProvider {
  readonly #signals: readonly SignalR<any>[];

  constructor(...signals: readonly SignalR<any>[]) {
    this.#signals = signals;
  }

  async describe(): Promise<Record<string, DataKey>> {
    return Object.assign({}, ...(await Promise.all(this.#signals.map((signal) => signal.describe()))));
  }

  async read(): Promise<Record<string, Reading>> {
    return Object.assign({}, ...(await Promise.all(this.#signals.map((signal) => signal.read({ cached: false })))));
  }
}

/** One data set of a file. */
export interface StreamDataset {
  readonly dataKey: string;
  readonly source: string;
  /** Of one collection. */
  readonly shape: readonly number[];
  readonly dtypeNumpy: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface StreamResourceOptions {
  readonly uri: string;
  readonly mimetype: string;
  readonly datasets: readonly StreamDataset[];
  readonly collectionsPerEvent: number;
  /** Counts the collections that are in the file. */
  readonly counter: SignalR<number>;
  /** What tells of losses, and what throws then: it is called after each update of one of these signals. */
  readonly losses?: { readonly signals: readonly SignalR<any>[]; readonly check: () => Promise<void> };
  readonly flush?: () => Promise<void>;
  readonly verify?: (announced: number) => Promise<void>;
}

/** Announces the data sets of a file once, and its collections as they are written. */
export class StreamResourceDataProvider implements StreamProvider {
  readonly #options: StreamResourceOptions;
  readonly #uids: readonly string[];
  #announced = 0;
  #isSuspect = false;

  constructor(options: StreamResourceOptions) {
    this.#options = options;
    this.#uids = options.datasets.map(() => randomUUID());
  }

  async describe(): Promise<Record<string, DataKey>> {
    const { datasets, collectionsPerEvent } = this.#options;
    const keys: Record<string, DataKey> = {};
    for (const { dataKey, source, shape, dtypeNumpy } of datasets) {
      const isScalar = shape.length === 0 && collectionsPerEvent === 1;
      const scalar = /^\|?[SU]/.test(dtypeNumpy) ? "string" : "number";
      keys[dataKey] = {
        source,
        shape: [collectionsPerEvent, ...shape],
        dtype: isScalar ? scalar : "array",
        dtype_numpy: dtypeNumpy,
        external: "STREAM:",
      };
    }
    return keys;
  }

  written(): Promise<number> {
    return this.#options.counter.get({ cached: false });
  }

  watch(callback: () => void): Disposable {
    const { counter, losses } = this.#options;
    const suspect = (): void => {
      this.#isSuspect = true;
      callback();
    };
    const watching = [
      counter.subscribeReading(() => callback()),
      ...(losses?.signals ?? []).map((signal) => signal.subscribeReading(suspect)),
    ];
    return {
      [Symbol.dispose]: () => {
        for (const subscription of watching) subscription.unsubscribe();
      },
    };
  }

  async check(): Promise<void> {
    if (!this.#isSuspect) return;
    this.#isSuspect = false;
    await this.#options.losses?.check();
  }

  async flush(): Promise<void> {
    await this.#options.flush?.();
  }

  async verify(announced: number): Promise<void> {
    await this.#options.verify?.(announced);
  }

  *assetDocs(collections: number): Generator<AssetDocument, void> {
    const { uri, mimetype, datasets, collectionsPerEvent } = this.#options;
    const start = this.#announced;
    const stop = Math.floor(collections / collectionsPerEvent);
    if (stop <= start) return;
    this.#announced = stop;
    for (const [i, { dataKey, parameters }] of datasets.entries()) {
      const uid = this.#uids[i] as string;
      if (start === 0) yield { name: "stream_resource", doc: { uid, data_key: dataKey, mimetype, uri, parameters } };
      yield {
        name: "stream_datum",
        doc: {
          uid: `${uid}/${start}`,
          stream_resource: uid,
          descriptor: "",
          indices: { start, stop },
          seq_nums: { start: 0, stop: 0 },
        },
      };
    }
  }
}
