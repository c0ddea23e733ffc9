import {
  BulkChannels,
  type BulkConnection,
  type BulkConnectOptions,
  type BulkOptions,
  type BulkPutOptions,
  type BulkResult,
  type BulkWritten,
  type F64Columns,
} from "./bulk-channels.ts";
import { Channel } from "./channel.ts";
import { parsePv } from "./channel-source.ts";
import type { WaitOptions } from "./channel-types.ts";
import { addonOptions, type ContextOptions } from "./context-options.ts";
import { environment, usedEnvironment } from "./environment.ts";
import { ContextInUseError } from "./errors.ts";
import type { Queue } from "./queue.ts";

/** One set of addresses and ports. Its clients and channels are shared by all threads that ask for the same. */
export class Context implements AsyncDisposable {
  readonly #queue: Queue;
  readonly #id: number;
  readonly #bulk: BulkChannels;
  readonly #channels = new Set<Channel>();

  /** @internal use `getContext` */
  constructor(queue: Queue, options: ContextOptions = {}) {
    this.#queue = queue;
    this.#id = queue.addon.openContext(addonOptions(options));
    this.#bulk = new BulkChannels(queue, this.#id);
  }

  /** A channel of its own over the shared connection: `ca://X`, `pva://X`, or a bare name for Channel Access. */
  channel(name: string): Channel {
    const { protocol, name: pv } = parsePv(name);
    const channel = new Channel(this.#queue, this.#id, protocol, pv, (closed) => this.#channels.delete(closed));
    this.#channels.add(channel);
    return channel;
  }

  bulkGet(names: readonly string[], options?: BulkOptions): Promise<Map<string, BulkResult>> {
    return this.#bulk.get(names, options);
  }

  bulkGetF64(names: readonly string[], options?: WaitOptions): Promise<F64Columns> {
    return this.#bulk.getF64(names, options);
  }

  bulkConnect(names: readonly string[], options?: BulkConnectOptions): Promise<Map<string, BulkConnection>> {
    return this.#bulk.connect(names, options);
  }

  bulkPut(values: ReadonlyMap<string, unknown>, options?: BulkPutOptions): Promise<Map<string, BulkWritten>> {
    return this.#bulk.put(values, options);
  }

  /** Closes channels and clients. Rejects with `ContextInUseError` while somebody holds a channel, unless forced. */
  async close({ force = false }: { force?: boolean } = {}): Promise<void> {
    const used = this.#queue.addon.channelsInUse(this.#id);
    if (used.length > 0 && !force) throw new ContextInUseError(used);
    for (const channel of [...this.#channels]) channel.close();
    this.#bulk.close();
    this.#queue.addon.closeContext(this.#id);
    for (const [key, context] of contexts) if (context === this) contexts.delete(key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

const contexts = new Map<string, Context>();

/** The context with these settings, made at the first call; without options the one that the environment describes. */
export function getContext(options: ContextOptions = {}): Context {
  const key = JSON.stringify(addonOptions(options));
  let context = contexts.get(key);
  if (context === undefined) {
    context = new Context(environment(), options);
    contexts.set(key, context);
  }
  return context;
}

/** Closes all contexts of the process. Rejects, naming the channels, while any is held in any thread, unless forced. */
export async function shutdownAll({ force = false }: { force?: boolean } = {}): Promise<void> {
  const queue = usedEnvironment();
  if (queue === undefined) return;
  const ids = queue.addon.contextIds();
  const used = ids.flatMap((id) => queue.addon.channelsInUse(id));
  if (used.length > 0 && !force) throw new ContextInUseError(used);
  await Promise.all([...contexts.values()].map((context) => context.close({ force: true })));
  for (const id of queue.addon.contextIds()) queue.addon.closeContext(id);
}
