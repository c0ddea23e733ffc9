import type { Datatype } from "../datatype.ts";
import { asError, SignalUseError } from "../errors.ts";
import { Listeners } from "../listeners.ts";
import type { Reading } from "../protocols.ts";
import type {
  BackendPutOptions,
  SignalBackend,
  SignalConnection,
  SignalDataKey,
  WaitOptions,
} from "../signal-backend.ts";
import { within } from "./changes.ts";
import type { ChannelLink } from "./channel-link.ts";
import { type ChannelSource, protocolOf, sourceOf } from "./channel-source.ts";
import type { ChannelReading, ChannelSubscription } from "./channel-types.ts";
import { mindClock } from "./clock-skew.ts";
import { converterFor } from "./converter.ts";
import { dataKeyOf } from "./data-key.ts";
import { ConnectionChangedError } from "./errors.ts";
import { type LinkState, LiveLink } from "./live-link.ts";
import { hasWatchedProperties } from "./property-watch.ts";
import { RecordRoom } from "./record-room.ts";

/** One signal over one or two channels of Channel Access or pvAccess; the protocols differ below it only. */
export class EpicsBackend<T> implements SignalBackend<T> {
  readonly #declared: Datatype<T>;
  readonly #readPv: string;
  readonly #writePv: string;
  readonly #channelSource: () => ChannelSource;
  readonly #updates: "all" | "latest";
  readonly #connections: Listeners<SignalConnection>;
  readonly #room = new RecordRoom();
  #live: LiveLink<T> | undefined;
  /** Updates since the connection was lost. */
  #held: ChannelReading[] = [];
  #listener: ((reading: Reading<T>) => void) | undefined;
  #subscription: ChannelSubscription | undefined;
  /** What the monitor told last on this connection, as it came. */
  #raw: ChannelReading | undefined;
  #last: Reading<T> | undefined;
  /** The first reading of a subscription tells what is, those after it what has just happened. */
  #following = false;

  constructor(
    datatype: Datatype<T>,
    readPv: string,
    writePv: string,
    channelSource: () => ChannelSource,
    updates: "all" | "latest" = "all",
  ) {
    if (protocolOf(readPv) !== protocolOf(writePv)) {
      throw new TypeError(`Differing protocols: ${sourceOf(readPv)} and ${sourceOf(writePv)}; a signal needs one`);
    }
    this.#declared = datatype;
    this.#readPv = readPv;
    this.#writePv = writePv;
    this.#channelSource = channelSource;
    this.#updates = updates;
    this.#connections = new Listeners(sourceOf(readPv));
  }

  get datatype(): Datatype<T> {
    return this.#live?.link?.datatype ?? this.#declared;
  }

  source(): string {
    return sourceOf(this.#readPv);
  }

  target(): string {
    return sourceOf(this.#writePv);
  }

  get connected(): boolean {
    return this.#live?.readChannel.connected ?? false;
  }

  async connect(options: WaitOptions): Promise<void> {
    this.#live ??= this.#open();
    const live = this.#live;
    const wasRefused = live.forUpdates === "refuse";
    try {
      await live.connect(options);
    } catch (error) {
      // A channel that was connected once may become again what it was.
      if (live.link === undefined) this.close();
      throw error;
    }
    if (wasRefused && this.#last?.alarmSeverity === -1) this.#update(await live.readChannel.read(options));
  }

  async put(value: T, options: BackendPutOptions): Promise<void> {
    const live = this.#connected();
    const rest = within(options);
    for (;;) {
      const { writing } = live.forWriting ?? (await live.whenWritable(rest));
      const raw = writing.toChannel(value);
      try {
        await live.writeChannel.put(raw, { ...rest(), connection: live.writeConnection });
      } catch (error) {
        // Unsent: what is now another record is checked first, and its value made anew.
        if (error instanceof ConnectionChangedError) continue;
        throw error;
      }
      if (options.wait !== false) await this.#room.check(live.writeChannel, raw, rest());
      return;
    }
  }

  async getReading(options: WaitOptions): Promise<Reading<T>> {
    const { answer, link } = await this.#connected().ask("read", within(options), (channel, rest) =>
      channel.read(rest),
    );
    this.#mindClock(answer, false);
    return converted(answer, link);
  }

  async getSetpoint(options: WaitOptions): Promise<T> {
    const { answer, link } = await this.#connected().ask("write", within(options), (channel, rest) =>
      channel.get(rest),
    );
    return link.writing.fromChannel(answer);
  }

  async getDataKey(options: WaitOptions): Promise<SignalDataKey> {
    const live = this.#connected();
    const { answer, link } = await live.ask("read", within(options), (channel, rest) => {
      const isArray = ["array", "strings", "table", "ndarray"].includes(this.datatype.kind);
      return Promise.all([channel.metadata(rest), isArray ? channel.get(rest) : undefined]);
    });
    const [metadata, value] = answer;
    const reading = converterFor(this.source(), link.datatype, metadata);
    live.renew({ ...link, metadata, reading });
    return dataKeyOf(link.datatype, value === undefined ? undefined : reading.fromChannel(value), metadata);
  }

  setListener(listener: ((reading: Reading<T>) => void) | undefined): void {
    if (listener === undefined) {
      this.#listener = undefined;
      this.#subscription?.unsubscribe();
      this.#subscription = undefined;
      this.#raw = undefined;
      this.#last = undefined;
      this.#following = false;
      return;
    }
    if (this.#listener !== undefined) throw new SignalUseError(`${this.source()} has one listener at a time`);
    const live = this.#connected();
    this.#listener = listener;
    const info = live.link?.metadata.info;
    // Where no other subscription tells of properties this one does.
    const properties = info?.protocol === "pva" && !hasWatchedProperties(info) ? (["property"] as const) : [];
    this.#subscription = live.readChannel.subscribe((reading) => this.#update(reading), {
      buffer: this.#updates,
      mask: ["value", "alarm", ...properties],
      onError: (error) => this.#doubt(error.message),
      onDropped: (count) =>
        process.emitWarning(
          `${count} updates of ${this.source()} were dropped: its listeners are too slow`,
          "CeruleanWarning",
        ),
    });
  }

  onConnection(listener: (state: SignalConnection) => void): Disposable {
    return this.#connections.add(listener);
  }

  close(): void {
    this.setListener(undefined);
    const live = this.#live;
    this.#live = undefined;
    this.#held = [];
    live?.close();
  }

  #open(): LiveLink<T> {
    const source = this.#channelSource();
    const read = source.channel(this.#readPv);
    const write = this.#writePv === this.#readPv ? read : source.channel(this.#writePv);
    return new LiveLink(this.#declared, read, write, (state, error) => this.#changed(state, error));
  }

  #connected(): LiveLink<T> {
    if (this.#live?.link === undefined) {
      throw new SignalUseError(`${this.source()} has not been connected; await connect() first`);
    }
    return this.#live;
  }

  #changed(state: LinkState, error?: Error): void {
    const held = state === "unresponsive" ? [] : this.#held.splice(0);
    if (state === "disconnected" && this.#live?.forUpdates === "hold") {
      this.#following = false;
      this.#raw = undefined;
      this.#doubt("disconnected");
    }
    if (state === "disconnected") this.#room.forget();
    if (error !== undefined) this.#doubt(error.message);
    if (state !== "checked") this.#connections.call(state);
    if (state === "connected" || state === "checked") {
      for (const reading of held) this.#update(reading);
      if (held.length === 0) this.#tellAnew();
    }
    if (error !== undefined) {
      process.emitWarning(
        `${error.message}; the signal is refused until that is undone, or accepted with accept()`,
        "CeruleanWarning",
      );
    }
  }

  /** A changed label is a changed value where a server tells of no update, and what was refused is good again. */
  #tellAnew(): void {
    const [raw, last, link] = [this.#raw, this.#last, this.#live?.link];
    if (raw === undefined || last === undefined || link === undefined) return;
    const isAnother = () => link.metadata.info.kind === "enum" && link.reading.fromChannel(raw.value) !== last.value;
    try {
      if (last.alarmSeverity === -1 || isAnother()) this.#update(raw);
    } catch {
      this.#update(raw);
    }
  }

  #update({ propertyChanged, ...raw }: ChannelReading): void {
    this.#raw = raw;
    // Changed without processing, the record has told its value already.
    const isNews = propertyChanged === undefined || raw.timestamp !== this.#last?.timestamp;
    if (propertyChanged !== undefined && this.#following) {
      this.#live?.propertiesChanged();
      if (!isNews) return;
    }
    const link = this.#live?.link;
    const use = this.#live?.forUpdates;
    if (use === "hold") this.#held.push(raw);
    if (use !== "take" || link === undefined) return;
    let reading: Reading<T>;
    try {
      reading = converted(raw, link);
    } catch (error) {
      const { message } = asError(error);
      process.emitWarning(`an update of ${this.source()} can't be taken: ${message}`, "CeruleanWarning");
      this.#doubt(message);
      return;
    }
    // A field that was changed without processing its record comes with the time of the last processing.
    this.#mindClock(raw, this.#following && raw.timestamp !== this.#last?.timestamp);
    this.#following = true;
    this.#last = reading;
    this.#listener?.(reading);
  }

  #mindClock({ timestamp }: ChannelReading, isNews: boolean): void {
    const server = this.#live?.link?.metadata.info.host;
    if (server !== undefined && server !== null) mindClock(server, this.source(), timestamp, isNews);
  }

  /** Tells the listener that the last value is no longer vouched for. */
  #doubt(message: string): void {
    if (this.#last === undefined) return;
    this.#last = { value: this.#last.value, timestamp: Date.now() / 1000, alarmSeverity: -1, message };
    this.#listener?.(this.#last);
  }
}

function converted<T>(raw: ChannelReading, { reading }: ChannelLink<T>): Reading<T> {
  const { metadata: _, ...rest } = raw;
  return { ...rest, value: reading.fromChannel(raw.value) };
}
