import { checkTime } from "../../timer.ts";
import { within } from "./changes.ts";
import { parsePv } from "./channel-source.ts";
import type { ChannelInfo, ChannelMetadata, ChannelReading, WaitOptions } from "./channel-types.ts";
import { connectionNumber } from "./connection-number.ts";
import { ChannelError, ConnectionChangedError } from "./errors.ts";
import { indexOf } from "./labels.ts";
import { type BulkAnswer, DEFAULT_TIMEOUT_MS, type Queue } from "./queue.ts";

export type BulkResult<V = any> = ChannelReading<V> | { readonly error: Error };
export type BulkConnection =
  | { readonly connected: true; readonly info: ChannelInfo; readonly metadata?: ChannelMetadata }
  | { readonly error: Error };
export type BulkWritten = { readonly ok: true } | { readonly error: Error };

export interface BulkOptions extends WaitOptions {
  /** `time` by default: value, alarm and time stamp. */
  readonly form?: "value" | "time" | "control";
}

export interface BulkConnectOptions extends WaitOptions {
  /** Ask for units, limits, choices and columns too, in the same flight; false by default. */
  readonly metadata?: boolean;
}

/** One number of each PV, by its place among the names. Where there is none, NaN, a severity of -1, and an error under its name. */
export interface F64Columns {
  readonly names: readonly string[];
  readonly values: Float64Array;
  /** Unix seconds. */
  readonly timestamps: Float64Array;
  readonly severities: Int8Array;
  readonly errors: ReadonlyMap<string, Error>;
}

export interface BulkPutOptions extends WaitOptions {
  /** Wait until the records have processed; true by default. */
  readonly wait?: boolean;
}

type NativeInfo = Omit<ChannelInfo, "protocol">;
type NativeMetadata = Omit<ChannelMetadata, "info"> & { readonly info: NativeInfo };
type NativeColumns = Omit<F64Columns, "names" | "errors"> & {
  readonly failures: readonly { readonly index: number; readonly code: number; readonly message: string }[];
};

interface Item {
  readonly name: string;
  readonly protocol: "ca" | "pva";
  readonly source: string;
  readonly handle: number;
}

const FORMS = { value: 0, time: 1, control: 2 } as const;
/** How many channels stay open between bulk operations; the oldest are closed first. */
const KEPT = 10_000;
/** The number of no connection, as the addon counts them. */
const NO_CONNECTION = 0xffff_ffff;

/** Bulk operations by name. Their channels stay connected from one operation to the next, and count as used by nobody. */
export class BulkChannels {
  readonly #queue: Queue;
  readonly #context: number;
  readonly #items = new Map<string, Item>();

  constructor(queue: Queue, context: number) {
    this.#queue = queue;
    this.#context = context;
  }

  /** All readings in one flight, in the order of the names; a PV that is missing or late has its error in its place. */
  async get(names: readonly string[], options: BulkOptions = {}): Promise<Map<string, BulkResult>> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal, form = "time" } = options;
    const answers = await this.#all<BulkResult>(names, signal, (operation, handles) =>
      this.#queue.addon.bulkRead(this.#queue.id, operation, handles, FORMS[form], checkTime(timeoutMs)),
    );
    if (form === "control") for (const [name, answer] of answers) completeInfo(name, answer);
    return answers;
  }

  async connect(names: readonly string[], options: BulkConnectOptions = {}): Promise<Map<string, BulkConnection>> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal, metadata = false } = options;
    const answers = await this.#all<{ object: NativeInfo | NativeMetadata } | { error: Error }>(
      names,
      signal,
      (operation, handles) =>
        this.#queue.addon.bulkConnect(this.#queue.id, operation, handles, metadata, checkTime(timeoutMs)),
    );
    return new Map([...answers].map(([name, answer]) => [name, connectionOf(name, answer)]));
  }

  /** The numbers of scalars as columns, without an object for each. */
  async getF64(names: readonly string[], options: WaitOptions = {}): Promise<F64Columns> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
    const items = names.map((name) => this.#item(name));
    if (items.length === 0) {
      return {
        names,
        values: new Float64Array(),
        timestamps: new Float64Array(),
        severities: new Int8Array(),
        errors: new Map(),
      };
    }
    const columns = await this.#queue.once<NativeColumns>(
      { source: items[0]?.source ?? "", channel: undefined },
      "read",
      { timeoutMs: Number.POSITIVE_INFINITY, signal },
      (operation) =>
        this.#queue.addon.bulkReadNumbers(
          this.#queue.id,
          operation,
          Uint32Array.from(items, ({ handle }) => handle),
          checkTime(timeoutMs),
        ),
    );
    this.#trim();
    const { values, timestamps, severities, failures } = columns;
    const errors = new Map(
      failures.map(({ index, code, message }) => {
        const { name, source } = items[index] as Item;
        return [name, ChannelError.of(code, source, message)] as const;
      }),
    );
    return { names, values, timestamps, severities, errors };
  }

  async put(values: ReadonlyMap<string, unknown>, options: BulkPutOptions = {}): Promise<Map<string, BulkWritten>> {
    const { wait = true } = options;
    const rest = within(options);
    const answers = new Map<string, BulkWritten>([...values.keys()].map((name) => [name, PENDING as BulkWritten]));
    let left = values;
    while (left.size > 0) {
      const { raw, connections, refused } = await this.#labelled(left, rest());
      const { timeoutMs, signal } = rest();
      const written = await this.#all<BulkWritten>([...raw.keys()], signal, (operation, handles, names) => {
        const sent = names.map((name) => raw.get(name));
        const madeFor = Uint32Array.from(names, (name) => connections.get(name) ?? 0);
        this.#queue.addon.bulkPut(this.#queue.id, operation, handles, sent, madeFor, wait, timeoutMs);
      });
      for (const [name, answer] of [...refused, ...written]) answers.set(name, answer);
      // Unsent, because the IOC was another one meanwhile: its labels are looked up anew.
      left = new Map([...left].filter(([name]) => isForAnother(written.get(name))));
    }
    return answers;
  }

  close(): void {
    for (const { handle } of this.#items.values()) this.#queue.addon.closeChannel(handle);
    this.#items.clear();
  }

  /** The values with the labels of enums as their indices, and of these the connection that the labels are of. */
  async #labelled(values: ReadonlyMap<string, unknown>, wait: WaitOptions) {
    const raw = new Map(values);
    const connections = new Map<string, number>();
    const refused = new Map<string, BulkWritten>();
    const texts = [...values].filter(([, value]) => typeof value === "string").map(([name]) => name);
    if (texts.length === 0) return { raw, connections, refused };
    if (texts.some((name) => this.#connection(name) === 0)) await this.connect(texts, wait);
    const before = new Map(texts.map((name) => [name, this.#connection(name)]));
    const readings = await this.get(texts, { ...wait, form: "control" });
    for (const name of texts) {
      const reading = readings.get(name);
      if (reading === undefined || "error" in reading) continue; // the put will say the same
      if (reading.metadata?.info.kind !== "enum") continue;
      try {
        raw.set(name, indexOf(values.get(name), reading.metadata.choices, this.#items.get(name)?.source ?? name));
        // Connected only meanwhile: refused, and looked up again.
        connections.set(name, before.get(name) || NO_CONNECTION);
      } catch (error) {
        raw.delete(name);
        refused.set(name, { error: error as Error });
      }
    }
    return { raw, connections, refused };
  }

  #connection(name: string): number {
    return connectionNumber(this.#queue.addon.linkOf(this.#items.get(name)?.handle ?? 0));
  }

  async #all<T extends object>(
    names: readonly string[],
    signal: AbortSignal | undefined,
    start: (operation: number, handles: Uint32Array, names: readonly string[]) => void,
  ): Promise<Map<string, T>> {
    const answered = new Map<string, T>();
    const items: Item[] = [];
    for (const name of names) {
      if (answered.has(name)) continue;
      answered.set(name, PENDING as T);
      try {
        items.push(this.#item(name));
      } catch (error) {
        answered.set(name, { error } as unknown as T);
      }
    }
    if (items.length === 0) return answered;
    const handles = Uint32Array.from(items, ({ handle }) => handle);
    const known = items.map(({ name }) => name);
    const sources = items.map(({ source }) => source);
    const answers = await this.#queue.bulk({ signal }, sources, (operation) => start(operation, handles, known));
    for (let at = 0; at < known.length; at += 1) answered.set(known[at] as string, resultOf<T>(answers[at]));
    this.#trim();
    return answered;
  }

  #item(name: string): Item {
    const known = this.#items.get(name);
    if (known !== undefined) return known;
    const { protocol, name: pv } = parsePv(name);
    const handle = this.#queue.addon.openChannel(this.#queue.id, this.#context, protocol === "pva", pv, false);
    const item = { name, protocol, source: `${protocol}://${pv}`, handle };
    this.#items.set(name, item);
    return item;
  }

  #trim(): void {
    for (const { name, handle } of this.#items.values()) {
      if (this.#items.size <= KEPT) return;
      this.#items.delete(name);
      this.#queue.addon.closeChannel(handle);
    }
  }
}

function connectionOf(
  name: string,
  answer: { object: NativeInfo | NativeMetadata } | { error: Error },
): BulkConnection {
  if ("error" in answer) return answer;
  const { protocol } = parsePv(name);
  if (!("info" in answer.object)) return { connected: true, info: { protocol, ...answer.object } };
  const info = { protocol, ...answer.object.info };
  return { connected: true, info, metadata: { ...answer.object, info } };
}

/** The addon's info lacks the protocol, which the name tells. */
function completeInfo(name: string, answer: BulkResult): void {
  if (!("metadata" in answer) || answer.metadata === undefined) return;
  const { protocol } = parsePv(name);
  answer.metadata = { ...answer.metadata, info: { ...answer.metadata.info, protocol } };
}

function isForAnother(answer: BulkWritten | undefined): boolean {
  return answer !== undefined && "error" in answer && answer.error instanceof ConnectionChangedError;
}

/** Keeps a name's place until its answer comes. */
const PENDING: object = {};

function resultOf<T>(answer: BulkAnswer): T {
  return (answer ?? { ok: true }) as T;
}
