import type { ChannelSource, SignalChannel } from "../../../../src/devices/epics/channel-source.ts";
import type {
  ChannelColumn,
  ChannelKind,
  ChannelMetadata,
  ChannelReading,
  ChannelSubscription,
  ChannelValue,
  ConnectionState,
  SubscribeOptions,
} from "../../../../src/devices/epics/channel-types.ts";
import { NotConnectedError } from "../../../../src/devices/epics/errors.ts";

export interface FakeRecordOptions {
  kind: ChannelKind;
  value: ChannelValue;
  isArray?: boolean;
  count?: number;
  choices?: readonly string[];
  columns?: readonly ChannelColumn[];
  precision?: number;
  units?: string;
  limits?: Partial<ChannelMetadata["limits"]>;
}

/** A record in memory: what the test writes reaches monitors, and each put goes through `onPut`. */
export class FakeRecord {
  options: FakeRecordOptions;
  connected = true;
  connections = 1;
  alarmSeverity = 0;
  host: string | null = null;
  /** How far the clock of the record's server is ahead of ours, in seconds. */
  clockAhead = 0;
  /** Every put, in order. */
  readonly puts: unknown[] = [];
  onPut: (value: unknown) => void | Promise<void> = (value) => this.post(value as ChannelValue);
  readonly listeners = new Set<(reading: ChannelReading) => void>();
  /** Those who asked for properties only. */
  readonly propertyListeners = new Set<(reading: ChannelReading) => void>();
  readonly watchers = new Set<(state: ConnectionState) => void>();

  constructor(options: FakeRecordOptions) {
    this.options = options;
  }

  get value(): ChannelValue {
    return this.options.value;
  }

  get reading(): ChannelReading {
    return {
      value: this.value,
      timestamp: Date.now() / 1000 + this.clockAhead,
      alarmSeverity: this.alarmSeverity,
      alarmStatus: 0,
    };
  }

  post(value: ChannelValue): void {
    this.options = { ...this.options, value };
    for (const listener of this.listeners) listener(this.reading);
  }

  /** Changes labels, limits or the type itself without a disconnection, and tells of it as a server does. */
  change(options: Partial<FakeRecordOptions>): void {
    this.options = { ...this.options, ...options };
    for (const listener of this.propertyListeners) listener(this.reading);
    const told: ChannelReading = { ...this.reading, propertyChanged: true };
    for (const listener of this.listeners) listener(told);
  }

  disconnect(): void {
    this.connected = false;
    for (const watcher of this.watchers) watcher("disconnected");
  }

  /** Comes back, as another record when options are given. */
  reconnect(options: FakeRecordOptions = this.options): void {
    this.options = options;
    this.connected = true;
    this.connections += 1;
    for (const watcher of this.watchers) watcher("connected");
    for (const listener of [...this.listeners, ...this.propertyListeners]) listener(this.reading);
  }
}

/** Stands for a context: the records of one IOC. Names with a protocol and without mean the same record. */
export class FakeIoc implements ChannelSource {
  readonly records = new Map<string, FakeRecord>();
  /** Channels that were opened and not closed. */
  open = 0;

  add(name: string, options: FakeRecordOptions): FakeRecord {
    const record = new FakeRecord(options);
    this.records.set(name, record);
    return record;
  }

  record(name: string): FakeRecord {
    const record = this.records.get(name);
    if (record === undefined) throw new Error(`the test has no record ${name}`);
    return record;
  }

  channel(name: string): SignalChannel {
    this.open++;
    const protocol = name.startsWith("pva://") ? "pva" : "ca";
    const bare = name.replace(/^\w+:\/\//, "");
    return new FakeChannel(bare, protocol, this.records.get(bare), () => this.open--);
  }
}

class FakeChannel implements SignalChannel {
  readonly name: string;
  readonly protocol: "ca" | "pva";
  readonly writable = true;
  readonly #record: FakeRecord | undefined;
  readonly #closed: () => void;

  constructor(name: string, protocol: "ca" | "pva", record: FakeRecord | undefined, closed: () => void) {
    this.name = name;
    this.protocol = protocol;
    this.#record = record;
    this.#closed = closed;
  }

  get source(): string {
    return `${this.protocol}://${this.name}`;
  }

  get connected(): boolean {
    return this.#record?.connected ?? false;
  }

  get connection(): number {
    return this.#record?.connected === true ? this.#record.connections : 0;
  }

  connectAndPrefetch(): Promise<ChannelMetadata> {
    return this.metadata();
  }

  async get(): Promise<ChannelValue> {
    return this.#live.value;
  }

  async read(): Promise<ChannelReading> {
    return this.#live.reading;
  }

  async metadata(): Promise<ChannelMetadata> {
    const { kind, isArray = false, count = 0, precision, units, choices, columns, limits } = this.#live.options;
    return {
      info: { protocol: this.protocol, kind, isArray, count, writable: true, host: this.#live.host, typeId: null },
      units: units ?? null,
      precision: precision ?? null,
      description: null,
      limits: { display: null, control: null, warning: null, alarm: null, ...limits },
      choices: choices ?? null,
      columns: columns ?? null,
    };
  }

  async put(value: unknown, options: { wait?: boolean } = {}): Promise<void> {
    const record = this.#live;
    record.puts.push(value);
    const effect = record.onPut(value);
    if (options.wait ?? true) await effect;
  }

  subscribe(listener: (reading: ChannelReading) => void, options: SubscribeOptions = {}): ChannelSubscription {
    const record = this.#live;
    const listeners = options.mask?.join() === "property" ? record.propertyListeners : record.listeners;
    const listen = (reading: ChannelReading): void => listener(reading);
    listeners.add(listen);
    queueMicrotask(() => listeners.has(listen) && listen(this.#live.reading));
    const unsubscribe = (): void => void listeners.delete(listen);
    return { unsubscribe, [Symbol.dispose]: unsubscribe };
  }

  onConnection(listener: (state: ConnectionState) => void): Disposable {
    const watchers = this.#record?.watchers;
    watchers?.add(listener);
    return { [Symbol.dispose]: () => void watchers?.delete(listener) };
  }

  close(): void {
    this.#closed();
  }

  get #live(): FakeRecord {
    if (this.#record?.connected !== true) throw new NotConnectedError(this.source);
    return this.#record;
  }
}
