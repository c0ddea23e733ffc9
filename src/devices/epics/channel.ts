import { within } from "./changes.ts";
import type {
  ChannelInfo,
  ChannelMetadata,
  ChannelProtocol,
  ChannelReading,
  ChannelSubscription,
  ChannelValue,
  ConnectionState,
  PutOptions,
  ReadOptions,
  SubscribeOptions,
  WaitOptions,
} from "./channel-types.ts";
import { connectionNumber } from "./connection-number.ts";
import { outsideDeadband } from "./deadband.ts";
import { ChannelClosedError, ConnectionChangedError } from "./errors.ts";
import type { Phase } from "./failures.ts";
import { indexOf } from "./labels.ts";
import type { Queue } from "./queue.ts";
import { type ReadingsOptions, readingsOf } from "./readings.ts";

const FORMS = { value: 0, time: 1, control: 2 } as const;
const MASK = { value: 1, log: 2, alarm: 4, property: 8 } as const;
const CONNECTED = 1;
const WRITABLE = 4;
const QUEUE_SIZE = 10_000;
const SERVER_QUEUE_SIZE = 1_000;

type NativeInfo = Omit<ChannelInfo, "protocol">;
type NativeMetadata = Omit<ChannelMetadata, "info"> & { readonly info: NativeInfo };

/** One PV of one context. Made by `Context.channel`; it searches at once and reconnects by itself until it is closed. */
export class Channel implements AsyncDisposable {
  readonly name: string;
  readonly source: string;
  readonly protocol: ChannelProtocol;
  readonly #queue: Queue;
  readonly #handle: number;
  readonly #closing: (channel: Channel) => void;
  #info: { readonly link: number; readonly info: ChannelInfo } | undefined;
  #closed = false;

  constructor(
    queue: Queue,
    context: number,
    protocol: ChannelProtocol,
    name: string,
    closing: (channel: Channel) => void = () => {},
  ) {
    this.name = name;
    this.protocol = protocol;
    this.source = `${protocol}://${name}`;
    this.#queue = queue;
    this.#closing = closing;
    this.#handle = queue.addon.openChannel(queue.id, context, protocol === "pva", name, true);
  }

  get connected(): boolean {
    return (this.#link() & CONNECTED) !== 0;
  }

  /** Which connection it has, counted from 1; 0 while it has none. */
  get connection(): number {
    return connectionNumber(this.#link());
  }

  /** What the server last said; true before it said anything. */
  get writable(): boolean {
    return (this.#link() & WRITABLE) !== 0;
  }

  /** Resolves when the channel is connected and its type is known. */
  async connect(options: WaitOptions = {}): Promise<ChannelInfo> {
    const native = await this.#once<NativeInfo>("connect", options, (operation) =>
      this.#queue.addon.connect(this.#queue.id, operation, this.#handle),
    );
    return this.#remember(native);
  }

  /** `connect`, and the metadata with it. */
  async connectAndPrefetch(options: WaitOptions = {}): Promise<ChannelMetadata> {
    return this.metadata(options);
  }

  /** The value as it is now at the server. */
  async get(options: WaitOptions = {}): Promise<ChannelValue> {
    const reading = await this.read({ ...options, form: "value" });
    return reading.value;
  }

  /** A fresh reading, from the server. */
  read(options: ReadOptions = {}): Promise<ChannelReading> {
    const form = FORMS[options.form ?? "time"];
    const reading = this.#once<ChannelReading>("read", options, (operation) =>
      this.#queue.addon.read(this.#queue.id, operation, this.#handle, form),
    );
    return form === FORMS.control ? reading.then((control) => this.#complete(control)) : reading;
  }

  /** Units, precision, limits and choices, fresh from the server. */
  async metadata(options: WaitOptions = {}): Promise<ChannelMetadata> {
    const native = await this.#once<NativeMetadata>("read", options, (operation) =>
      this.#queue.gather(operation, this.#handle),
    );
    return this.#withInfo(native);
  }

  /**
   * Resolves when the record has processed, or with `wait: false` when the value was handed over. A label is written to
   * an enum as its index; an object writes the columns of a table or the fields of a structure that it names. Rejects with `PutOutcomeUnknownError` when the answer to what was sent never came.
   */
  put(value: unknown, options: PutOptions = {}): Promise<void> {
    const labels =
      options.field === undefined &&
      (typeof value === "string" || (Array.isArray(value) && value.some((item) => typeof item === "string")));
    return labels ? this.#putLabels(value, options) : this.#put(value, options);
  }

  /**
   * Calls what stands behind the channel over pvAccess and resolves to its answer as a plain value, null for none. The query
   * goes as an NTURI: numbers as doubles, bigints as longs, typed arrays as what they are. A call is sent once: when the
   * connection is lost meanwhile, or no answer comes in time, it rejects with `PutOutcomeUnknownError`.
   */
  rpc(query: Readonly<Record<string, unknown>> = {}, options: WaitOptions = {}): Promise<ChannelValue | null> {
    return this.#once("call", options, (operation) =>
      this.#queue.addon.rpc(this.#queue.id, operation, this.#handle, query),
    );
  }

  /** The channel's structure as `{ id, fields }`; null over Channel Access, which does not tell. */
  fieldDescription(options: WaitOptions = {}): Promise<object | null> {
    return this.#once("read", options, (operation) =>
      this.#queue.addon.describe(this.#queue.id, operation, this.#handle),
    );
  }

  /** Calls the listener with the current reading and each update, in order, until unsubscribed; reconnects by itself. */
  subscribe(listener: (reading: ChannelReading) => void, options: SubscribeOptions = {}): ChannelSubscription {
    this.#open();
    const {
      onConnection,
      onError,
      onDropped,
      mask,
      queueSize,
      pipeline = false,
      buffer = "all",
      hold = false,
    } = options;
    const { addon, id } = this.#queue;
    const bits = (mask ?? ["value", "alarm"]).reduce((all, event) => all | MASK[event], 0);
    const receiver = {
      source: this.source,
      channel: this,
      reading: outsideDeadband(options.clientDeadband, listener),
      failed: onError ?? raise,
      ...(onDropped === undefined ? {} : { dropped: onDropped }),
    };
    const stop = this.#queue.stream(
      receiver,
      hold,
      (operation) =>
        addon.subscribe(
          id,
          operation,
          this.#handle,
          bits,
          queueSize ?? SERVER_QUEUE_SIZE,
          pipeline,
          queueSize ?? QUEUE_SIZE,
          buffer === "latest",
        ),
      (operation) => addon.cancel(id, operation),
    );
    const connection = onConnection === undefined ? undefined : this.onConnection(onConnection);
    const unsubscribe = () => {
      stop();
      connection?.[Symbol.dispose]();
    };
    return { unsubscribe, [Symbol.dispose]: unsubscribe };
  }

  /**
   * The current reading and each update after it, in order, until the loop is left; it holds the process meanwhile. Rejects with
   * a `ChannelTimeoutError` when none comes within `perUpdateMs` or the loop is still going on after `deadlineMs`.
   */
  readings(options: ReadingsOptions = {}): AsyncGenerator<ChannelReading, void> {
    return readingsOf(this, options);
  }

  /** Calls the listener at each change of the connection or the access rights; with the current state too, once there was one. */
  onConnection(listener: (state: ConnectionState) => void): Disposable {
    this.#open();
    const { addon, id } = this.#queue;
    const receiver = { source: this.source, channel: this, connection: listener, failed: () => {} };
    const stop = this.#queue.stream(
      receiver,
      false,
      (operation) => addon.watch(id, operation, this.#handle),
      (operation) => addon.unwatch(id, operation, this.#handle),
    );
    return { [Symbol.dispose]: stop };
  }

  /** Ends subscriptions, fails what is under way, and gives the channel back. A closed channel stays closed. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.closeChannel(this, (source) => new ChannelClosedError(source));
    this.#queue.addon.closeChannel(this.#handle);
    this.#closing(this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  toString(): string {
    return `Channel(${this.source}, ${this.#closed ? "closed" : this.connected ? "connected" : "not connected"})`;
  }

  #open(): void {
    if (this.#closed) throw new ChannelClosedError(this.source);
  }

  #link(): number {
    return this.#closed ? 0 : this.#queue.addon.linkOf(this.#handle);
  }

  #once<T>(what: Phase, options: WaitOptions, start: (operation: number) => void): Promise<T> {
    if (this.#closed) return Promise.reject(new ChannelClosedError(this.source));
    return this.#queue.once<T>({ source: this.source, channel: this }, what, options, start);
  }

  #remember(native: NativeInfo): ChannelInfo {
    const info = { protocol: this.protocol, ...native };
    this.#info = { link: this.#link() >> 3, info };
    return info;
  }

  #withInfo(native: NativeMetadata): ChannelMetadata {
    return { ...native, info: this.#remember(native.info) };
  }

  #complete(reading: ChannelReading): ChannelReading {
    if (reading.metadata !== undefined) reading.metadata = this.#withInfo(reading.metadata);
    return reading;
  }

  /** Asked for before it returns: a stop that is written on the way out of the process still leaves. */
  #put(value: unknown, options: PutOptions): Promise<void> {
    return this.#once("put", options, (operation) =>
      this.#queue.addon.put(
        this.#queue.id,
        operation,
        this.#handle,
        value,
        options.field ?? "",
        options.wait ?? true,
        options.connection ?? 0,
      ),
    );
  }

  /** Labels are looked up anew for each put, and their index goes over the connection only that they were looked up on. */
  async #putLabels(value: unknown, options: PutOptions): Promise<void> {
    const rest = within(options);
    for (;;) {
      if ((await this.#current(rest())).kind !== "enum") return this.#put(value, rest());
      const { connection = this.connection } = options;
      const { choices } = await this.metadata(rest());
      const raw = Array.isArray(value)
        ? value.map((label) => indexOf(label, choices, this.source))
        : indexOf(value, choices, this.source);
      if (connection === 0) continue;
      try {
        return await this.#put(raw, { ...rest(), connection });
      } catch (error) {
        if (!(error instanceof ConnectionChangedError) || options.connection !== undefined) throw error;
      }
    }
  }

  async #current(options: WaitOptions): Promise<ChannelInfo> {
    const known = this.#info;
    return known !== undefined && known.link === this.#link() >> 3 ? known.info : this.connect(options);
  }
}

function raise(error: Error): void {
  throw error;
}
