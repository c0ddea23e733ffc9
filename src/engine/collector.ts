import {
  type Collectable,
  type DataKey,
  type PartialEvent,
  type PartialEventPage,
  supports,
} from "../devices/protocols.ts";
import { drainAssets, leastIndex } from "./assets.ts";
import type { RunBundler, Stream } from "./bundler.ts";
import type { Description } from "./descriptions.ts";
import { IllegalMessageSequence } from "./errors.ts";
import { nameOf } from "./groups.ts";

/** Collects from flyers: their pages and events become event pages, their files stream data. */
export class Collector {
  readonly #run: RunBundler;
  /** Flyers that were kicked off and not collected from; the engine collects from them before the run ends. */
  readonly #uncollected = new Set<any>();
  readonly #described = new Map<object, Promise<Record<string, any>>>();

  constructor(run: RunBundler) {
    this.#run = run;
  }

  kickedOff(flyer: object): void {
    this.#uncollected.add(flyer);
  }

  /** Describes the stream that several devices, or one with flat keys, collect into. */
  async declare(devices: readonly Collectable[], name: string): Promise<Stream> {
    const descriptions = await Promise.all(
      devices.map(async (device) => {
        const keys = await this.#keysOf(device);
        const dataKeys = isNested(keys) ? keys[name] : keys;
        if (dataKeys === undefined || (isNested(keys) && Object.keys(keys).length > 1)) {
          throw new Error(
            `${nameOf(device)} does not collect into the stream "${name}" alone; its describeCollect names ${Object.keys(keys)}`,
          );
        }
        return this.#describedAs(device, dataKeys as Record<string, DataKey>);
      }),
    );
    return this.#run.describe(name, descriptions, true);
  }

  /** Collects and emits. Answers with the events or pages that were collected, unless files were or nobody wants them. */
  async collect(devices: readonly Collectable[], name: string | undefined, wantsPayload: boolean): Promise<unknown> {
    const [first] = devices as [Collectable];
    for (const device of devices) this.#uncollected.delete(device);
    const stream = this.#declared(devices, name);
    if (devices.length > 1) {
      for (const device of devices) {
        if (supports(device, "WritesStreamAssets")) continue;
        throw new TypeError(
          `collect from several devices at once needs collectAssetDocs and getIndex; ${nameOf(device)} lacks them`,
        );
      }
      if (stream === undefined)
        throw new IllegalMessageSequence(
          "collect from several devices at once needs a declared stream; send declare_stream first",
        );
    }
    if (stream !== undefined && supports(first, "WritesStreamAssets")) {
      await this.#collectAssets(devices, stream);
      return undefined;
    }
    if (stream === undefined) await this.#describeStreams(first);
    if (supports(first, "WritesExternalAssets")) await this.#collectAssets(devices, stream);
    if (typeof first.collectPages === "function") return this.#collectPages(first, stream, wantsPayload);
    if (typeof first.collect === "function") return this.#collectEvents(first, stream, wantsPayload);
    throw new TypeError(
      `collect: ${nameOf(first)} lacks collectPages and collect; it needs one of them, or getIndex with collectAssetDocs`,
    );
  }

  /** Collects from the flyers that nobody has collected from, so that what they measured is not lost. */
  async backstop(): Promise<void> {
    for (const flyer of [...this.#uncollected]) {
      this.#uncollected.delete(flyer);
      if (supports(flyer, "Collectable")) await this.collect([flyer], undefined, false);
    }
  }

  /** The declared stream of exactly these devices, by name or because it is the only one. */
  #declared(devices: readonly object[], name: string | undefined): Stream | undefined {
    const fitting = [...this.#run.streams.values()].filter(
      (stream) =>
        stream.collects &&
        stream.devices.length === devices.length &&
        stream.devices.every((device) => devices.includes(device)),
    );
    if (name === undefined) return fitting.length === 1 ? fitting[0] : undefined;
    const stream = fitting.find((candidate) => candidate.name === name);
    if (stream !== undefined) return stream;
    throw new TypeError(
      `collect into "${name}": no stream of that name was declared for ${devices.map(nameOf).join(", ")}; send declare_stream with collect: true first`,
    );
  }

  async #collectAssets(devices: readonly Collectable[], stream: Stream | undefined): Promise<void> {
    const index = devices.length > 1 ? await leastIndex(devices) : undefined;
    const documents = (await Promise.all(devices.map((device) => drainAssets(device, index)))).flat();
    const completed =
      stream === undefined
        ? this.#run.assets.completeExternal(documents)
        : this.#run.assets.complete(documents, stream.composer.descriptor, (width) =>
            stream.composer.takeSeqNums(width),
          );
    for (const document of completed) this.#run.emit(document);
  }

  async #collectPages(device: Collectable, stream: Stream | undefined, wantsPayload: boolean): Promise<unknown> {
    const payload: PartialEventPage[] = [];
    for await (const page of device.collectPages?.() ?? []) {
      await this.#emitPage(device, stream, page);
      if (wantsPayload) payload.push(page);
    }
    return wantsPayload ? payload : undefined;
  }

  async #collectEvents(device: Collectable, stream: Stream | undefined, wantsPayload: boolean): Promise<unknown> {
    const payload: PartialEvent[] = [];
    const byKeys = new Map<string, PartialEvent[]>();
    for await (const event of device.collect?.() ?? []) {
      const keys = JSON.stringify(Object.keys(event.data).sort());
      const alike = byKeys.get(keys);
      if (alike === undefined) byKeys.set(keys, [event]);
      else alike.push(event);
      if (wantsPayload) payload.push(event);
    }
    for (const events of byKeys.values()) await this.#emitPage(device, stream, packed(events));
    return wantsPayload ? payload : undefined;
  }

  /** Emits one page with its own times and columns; the numbers are the engine's. */
  async #emitPage(device: Collectable, declared: Stream | undefined, page: PartialEventPage): Promise<void> {
    const { composer } = declared ?? (await this.#streamOf(device, Object.keys(page.data)));
    const { data, timestamps, time } = page;
    this.#run.emit({ name: "event_page", doc: composer.composeEventPage({ data, timestamps, time }) });
  }

  // Flyers of the older kind name their streams themselves.
  async #describeStreams(device: Collectable): Promise<void> {
    const streams = await this.#keysOf(device);
    if (!isNested(streams)) {
      throw new TypeError(
        `describeCollect of ${nameOf(device)} names no stream; send declare_stream with collect: true first`,
      );
    }
    for (const [name, dataKeys] of Object.entries(streams)) {
      if (this.#run.streams.has(name)) continue;
      this.#run.describe(name, [await this.#describedAs(device, dataKeys)], true);
    }
  }

  /** The stream that has the keys of a page, of those that the flyer names. */
  async #streamOf(device: Collectable, keys: readonly string[]): Promise<Stream> {
    const streams = await this.#keysOf(device);
    const fits = (dataKeys: object) =>
      Object.keys(dataKeys).length === keys.length && keys.every((key) => key in dataKeys);
    const name = Object.keys(streams).find((candidate) => fits(streams[candidate]));
    const stream = name === undefined ? undefined : this.#run.streams.get(name);
    if (stream !== undefined) return stream;
    throw new Error(
      `${nameOf(device)} collected ${keys.join(", ")}, which are the keys of none of its streams ${Object.keys(streams)}`,
    );
  }

  async #describedAs(device: object, dataKeys: Record<string, DataKey>): Promise<Description> {
    return { device, dataKeys, configuration: await this.#run.descriptions.configuration(device) };
  }

  #keysOf(device: Collectable): Promise<Record<string, any>> {
    let asked = this.#described.get(device);
    if (asked === undefined) {
      asked = Promise.resolve(device.describeCollect()).then((keys) => checked(device, keys));
      this.#described.set(device, asked);
      asked.catch(() => this.#described.delete(device));
    }
    return asked;
  }
}

type Keys = Record<string, DataKey> | Record<string, Record<string, DataKey>>;

function isNested(keys: Record<string, any>): keys is Record<string, Record<string, DataKey>> {
  return Object.values(keys).every((value) => typeof value.dtype !== "string");
}

function checked(device: object, keys: Keys): Keys {
  if (!isNested(keys)) return keys;
  const owner = new Map<string, string>();
  for (const [stream, dataKeys] of Object.entries(keys)) {
    for (const key of Object.keys(dataKeys)) {
      const other = owner.get(key);
      if (other !== undefined) {
        throw new Error(
          `${nameOf(device)} has the key "${key}" in its streams "${other}" and "${stream}"; a key belongs to one`,
        );
      }
      owner.set(key, stream);
    }
  }
  return keys;
}

function packed(events: readonly PartialEvent[]): PartialEventPage {
  const now = Date.now() / 1000;
  const keys = Object.keys(events[0]?.data ?? {});
  const columns = <T>(of: (event: PartialEvent, key: string) => T) =>
    Object.fromEntries(keys.map((key) => [key, events.map((event) => of(event, key))]));
  return {
    data: columns((event, key) => event.data[key]),
    timestamps: columns((event, key) => event.timestamps[key] as number),
    time: events.map((event) => event.time ?? now),
  };
}
