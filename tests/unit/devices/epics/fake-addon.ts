import type { Addon, AddonContextOptions } from "../../../../src/devices/epics/native.ts";

const WIDTH = 7;
const Kind = { done: 1, reading: 2, object: 3, failed: 4, bulk: 5, connection: 6, dropped: 7, log: 8 } as const;
const ITEM = 16;

type Item = { value: unknown; severity?: number; status?: number } | { failed: [code: number, text: string] };

/** The addon's functions without EPICS: records what it was asked, and answers when the test says so. */
export class FakeAddon implements Addon {
  readonly asked: { readonly what: string; readonly operation: number; readonly arguments: readonly unknown[] }[] = [];
  /** How often many were asked with one call. */
  calls = 0;
  readonly cancelled: number[] = [];
  readonly opened = new Map<number, { context: number; name: string; pva: boolean; inUse: boolean }>();
  readonly contexts = new Map<number, AddonContextOptions>();
  /** What `linkOf` answers: connected, readable, writable, first connection. */
  link = 1 + 2 + 4 + 8;
  /** What `cancel` answers: 1 nothing sent, 2 sent. */
  phase = 1;
  listening = false;
  #numbers: Float64Array = new Float64Array();
  #deliver: (count: number, others: unknown[] | undefined) => void = () => {};
  #handles = 0;

  /** The last operation of a kind. */
  last(what: string): number {
    const found = this.asked.findLast((call) => call.what === what);
    if (found === undefined) throw new Error(`${what} was not asked`);
    return found.operation;
  }

  reading(operation: number, value: unknown, severity = 0, status = 0): void {
    this.batch([[Kind.reading, operation, { value, severity, status }]]);
  }

  readings(operation: number, values: readonly unknown[]): void {
    this.batch(values.map((value) => [Kind.reading, operation, { value }]));
  }

  done(operation: number): void {
    this.#records([[Kind.done, operation, 0, 0, 0, 0, 0]], undefined);
  }

  object(operation: number, object: unknown): void {
    this.#records([[Kind.object, operation, 0, 0, 0, 0, 0]], [object]);
  }

  fail(operation: number, code: number, text: string): void {
    this.#records([[Kind.failed, operation, code, 0, 0, 0, 0]], [text]);
  }

  connection(operation: number, state: number): void {
    this.#records([[Kind.connection, operation, state, 3, 0, 0, 0]], undefined);
  }

  dropped(operation: number, count: number): void {
    this.#records([[Kind.dropped, operation, 0, count, 0, 0, 0]], undefined);
  }

  log(level: string, target: string, message: string, fields: Readonly<Record<string, string>> = {}): void {
    this.#records([[Kind.log, 0, 0, 0, 0, 0, 0]], [level, target, message, fields]);
  }

  bulk(operation: number, items: readonly Item[]): void {
    const others: unknown[] = [];
    const rows = items.map((item, index) => this.#item(item, Kind.reading + ITEM, index, others));
    this.#records([[Kind.bulk, operation, 0, items.length, 0, 0, 0], ...rows], others);
  }

  batch(items: readonly (readonly [kind: number, operation: number, item: Item])[]): void {
    const others: unknown[] = [];
    this.#records(
      items.map(([kind, operation, item]) => this.#item(item, kind, operation, others)),
      others,
    );
  }

  #item(item: Item, kind: number, id: number, others: unknown[]): number[] {
    if ("failed" in item) {
      others.push(item.failed[1]);
      return [kind - Kind.reading + Kind.failed, id, item.failed[0], 0, 0, 0, 0];
    }
    const { value, severity = 0, status = 0 } = item;
    if (typeof value === "number") return [kind, id, 0, value, 1700000000.5, severity, status];
    if (typeof value === "boolean") return [kind, id, 1, Number(value), 1700000000.5, severity, status];
    others.push(value);
    return [kind, id, 2, 0, 1700000000.5, severity, status];
  }

  #records(rows: readonly (readonly number[])[], others: unknown[] | undefined): void {
    for (const [at, row] of rows.entries()) this.#numbers.set(row, at * WIDTH);
    this.#deliver(rows.length, others);
  }

  #ask(what: string, operation: number, ...rest: unknown[]): void {
    this.asked.push({ what, operation, arguments: rest });
  }

  openQueue(numbers: Float64Array, deliver: (count: number, others: unknown[] | undefined) => void): number {
    this.#numbers = numbers;
    this.#deliver = deliver;
    return 1;
  }

  openContext(options: AddonContextOptions): number {
    const id = this.contexts.size + 1;
    this.contexts.set(id, options);
    return id;
  }

  closeContext(context: number): void {
    this.contexts.delete(context);
  }

  contextIds(): number[] {
    return [...this.contexts.keys()];
  }

  channelsInUse(context: number): string[] {
    const used = [...this.opened.values()].filter((channel) => channel.inUse && channel.context === context);
    return used.map(({ pva, name }) => `${pva ? "pva" : "ca"}://${name}`);
  }

  openChannel(_queue: number, context: number, pva: boolean, name: string, inUse: boolean): number {
    this.#handles += 1;
    this.opened.set(this.#handles, { context, name, pva, inUse });
    return this.#handles;
  }

  closeChannel(channel: number): void {
    this.opened.delete(channel);
  }

  linkOf(): number {
    return this.link;
  }

  connect(_queue: number, operation: number, channel: number): void {
    this.#ask("connect", operation, channel);
  }

  read(_queue: number, operation: number, channel: number, form: number): void {
    this.#ask("read", operation, channel, form);
  }

  metadata(_queue: number, operation: number, channel: number): void {
    this.#ask("metadata", operation, channel);
  }

  describe(_queue: number, operation: number, channel: number): void {
    this.#ask("describe", operation, channel);
  }

  put(
    _queue: number,
    operation: number,
    channel: number,
    value: unknown,
    field: string,
    wait: boolean,
    connection: number,
  ): void {
    this.#ask("put", operation, channel, value, field, wait, connection);
  }

  rpc(_queue: number, operation: number, channel: number, query: unknown): void {
    this.#ask("rpc", operation, channel, query);
  }

  subscribe(_queue: number, operation: number, ...rest: unknown[]): void {
    this.#ask("subscribe", operation, ...rest);
  }

  watch(_queue: number, operation: number, channel: number): void {
    this.#ask("watch", operation, channel);
  }

  unwatch(_queue: number, operation: number): void {
    this.cancelled.push(operation);
  }

  cancel(_queue: number, operation: number): number {
    this.cancelled.push(operation);
    return this.phase;
  }

  bulkRead(_queue: number, operation: number, channels: Uint32Array, form: number, timeoutMs: number): void {
    this.#ask("bulkRead", operation, [...channels], form, timeoutMs);
  }

  bulkConnect(_queue: number, operation: number, channels: Uint32Array, metadata: boolean, timeoutMs: number): void {
    this.#ask("bulkConnect", operation, [...channels], metadata, timeoutMs);
  }

  bulkReadNumbers(_queue: number, operation: number, channels: Uint32Array, timeoutMs: number): void {
    this.#ask("bulkReadNumbers", operation, [...channels], timeoutMs);
  }

  metadataOfMany(queue: number, operations: Uint32Array, channels: Uint32Array): void {
    this.calls += 1;
    operations.forEach((operation, at) => {
      this.metadata(queue, operation, channels[at] ?? 0);
    });
  }

  bulkPut(
    _queue: number,
    operation: number,
    channels: Uint32Array,
    values: unknown[],
    connections: Uint32Array,
    wait: boolean,
  ): void {
    this.#ask("bulkPut", operation, [...channels], values, [...connections], wait);
  }

  wakeQueue(): void {}

  listenToLogs(_queue: number, listen: boolean): void {
    this.listening = listen;
  }

  setLogLevel(): boolean {
    return true;
  }

  caughtPanicCount(): number {
    return 0;
  }

  versions() {
    return { epicsRs: "0.0.0", rustc: "rustc 0.0.0" };
  }

  counters() {
    const none = { requests: 0, updates: 0, overruns: 0, connections: 0, disconnections: 0, retries: 0, panics: 0 };
    const channels = this.opened.size;
    return { ...none, circuits: 0, channels, connectedChannels: 0, pendingOperations: 0, wakeUps: 0 };
  }

  provokePanic(): void {
    throw new Error("provoked");
  }
}
