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
import { type ChannelLink, link } from "./channel-link.ts";
import { type ChannelSource, protocolOf, type SignalChannel, sourceOf } from "./channel-source.ts";
import type { ChannelReading, ChannelSubscription, ConnectionState } from "./channel-types.ts";
import { mindClock } from "./clock-skew.ts";
import { converterFor } from "./converter.ts";
import { dataKeyOf } from "./data-key.ts";

/** The longest text that every text field of a record holds. */
const RECORD_STRING_BYTES = 39;

/** How long the checks after a reconnection may take. */
const RECHECK_TIMEOUT_MS = 10_000;

interface Channels {
  readonly read: SignalChannel;
  readonly write: SignalChannel;
  readonly watching: readonly Disposable[];
}

/** One signal over one or two channels of Channel Access or pvAccess; the protocols differ below it only. */
export class EpicsBackend<T> implements SignalBackend<T> {
  readonly #declared: Datatype<T>;
  readonly #readPv: string;
  readonly #writePv: string;
  readonly #channelSource: () => ChannelSource;
  readonly #connections: Listeners<SignalConnection>;
  #channels: Channels | undefined;
  #link: ChannelLink<T> | undefined;
  #refused: Error | undefined;
  #checking: ChannelReading[] | undefined;
  #away = false;
  #unresponsive = false;
  #listener: ((reading: Reading<T>) => void) | undefined;
  #subscription: ChannelSubscription | undefined;
  #last: Reading<T> | undefined;
  /** The first reading of a subscription tells what is, those after it what has just happened. */
  #following = false;

  constructor(datatype: Datatype<T>, readPv: string, writePv: string, channelSource: () => ChannelSource) {
    if (protocolOf(readPv) !== protocolOf(writePv)) {
      throw new TypeError(`Differing protocols: ${sourceOf(readPv)} and ${sourceOf(writePv)}; a signal needs one`);
    }
    this.#declared = datatype;
    this.#readPv = readPv;
    this.#writePv = writePv;
    this.#channelSource = channelSource;
    this.#connections = new Listeners(sourceOf(readPv));
  }

  get datatype(): Datatype<T> {
    return this.#link?.datatype ?? this.#declared;
  }

  source(): string {
    return sourceOf(this.#readPv);
  }

  target(): string {
    return sourceOf(this.#writePv);
  }

  get connected(): boolean {
    return this.#channels?.read.connected ?? false;
  }

  async connect(options: WaitOptions): Promise<void> {
    const channels = this.#channels ?? this.#open();
    this.#channels = channels;
    try {
      this.#link = await link(this.#declared, channels.read, channels.write, options);
    } catch (error) {
      this.close();
      throw error;
    }
    this.#refused = undefined;
    this.#away = false;
  }

  async put(value: T, options: BackendPutOptions): Promise<void> {
    const { channels, link } = this.#usable();
    const raw = link.writing.toChannel(value);
    await channels.write.put(raw, options);
    if (typeof raw === "string") await this.#checkText(channels.write, raw, options);
  }

  async getReading(options: WaitOptions): Promise<Reading<T>> {
    const { channels } = this.#usable();
    const reading = await channels.read.read(options);
    this.#mindClock(reading, false);
    // The link may have been renewed while the reading was under way.
    return converted(reading, this.#usable().link);
  }

  async getSetpoint(options: WaitOptions): Promise<T> {
    const { channels, link } = this.#usable();
    return link.writing.fromChannel(await channels.write.get(options));
  }

  async getDataKey(options: WaitOptions): Promise<SignalDataKey> {
    const { channels, link } = this.#usable();
    const isArray = link.metadata.info.isArray && link.datatype.kind !== "string";
    const [metadata, value] = await Promise.all([
      channels.read.metadata(options),
      isArray ? channels.read.get(options) : undefined,
    ]);
    const reading = converterFor(this.source(), link.datatype, metadata);
    this.#link = { ...link, metadata, reading };
    return dataKeyOf(link.datatype, value === undefined ? undefined : reading.fromChannel(value), metadata);
  }

  setListener(listener: ((reading: Reading<T>) => void) | undefined): void {
    if (listener === undefined) {
      this.#listener = undefined;
      this.#subscription?.unsubscribe();
      this.#subscription = undefined;
      this.#last = undefined;
      this.#following = false;
      return;
    }
    if (this.#listener !== undefined) throw new SignalUseError(`${this.source()} has one listener at a time`);
    const { channels } = this.#usable();
    this.#listener = listener;
    this.#subscription = channels.read.subscribe((reading) => this.#update(reading), {
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
    const channels = this.#channels;
    this.#channels = undefined;
    this.#link = undefined;
    this.#checking = undefined;
    if (channels === undefined) return;
    for (const watch of channels.watching) watch[Symbol.dispose]();
    channels.read.close();
    if (channels.write !== channels.read) channels.write.close();
  }

  #open(): Channels {
    const source = this.#channelSource();
    const read = source.channel(this.#readPv);
    const write = this.#writePv === this.#readPv ? read : source.channel(this.#writePv);
    const watching = [read.onConnection((state) => this.#changed(state))];
    if (write !== read) watching.push(write.onConnection((state) => this.#changed(state)));
    return { read, write, watching };
  }

  #usable(): { channels: Channels; link: ChannelLink<T> } {
    if (this.#refused !== undefined) throw this.#refused;
    if (this.#channels === undefined || this.#link === undefined) {
      throw new SignalUseError(`${this.source()} has not been connected; await connect() first`);
    }
    return { channels: this.#channels, link: this.#link };
  }

  #changed(state: ConnectionState): void {
    if (this.#link === undefined || state === "access") return;
    if (state === "unresponsive") {
      this.#unresponsive = true;
      this.#connections.call("unresponsive");
    } else if (state === "disconnected") {
      this.#away = true;
      this.#following = false;
      this.#doubt("disconnected");
      this.#connections.call("disconnected");
    } else if (this.#away) {
      this.#checkAgain();
    } else if (this.#unresponsive) {
      this.#unresponsive = false;
      this.#connections.call("connected");
    }
  }

  /** What came back may be another record: nothing of it is passed on before it has been checked. */
  #checkAgain(): void {
    const channels = this.#channels;
    if (channels === undefined || this.#checking !== undefined) return;
    if (!channels.read.connected || !channels.write.connected) return;
    const waiting: ChannelReading[] = [];
    this.#checking = waiting;
    this.#away = false;
    link(this.#declared, channels.read, channels.write, { timeoutMs: RECHECK_TIMEOUT_MS }).then(
      (renewed) => {
        if (this.#checking !== waiting) return;
        this.#checking = undefined;
        this.#link = renewed;
        this.#refused = undefined;
        this.#connections.call("connected");
        for (const reading of waiting) this.#update(reading);
      },
      (error: unknown) => {
        if (this.#checking !== waiting) return;
        this.#checking = undefined;
        if (!(error instanceof TypeError)) {
          // It went away again, or did not tell in time: the next connection is checked anew.
          this.#away = true;
          if (channels.read.connected && channels.write.connected) this.#checkAgain();
          return;
        }
        this.#refused = error;
        this.#doubt(error.message);
        this.#connections.call("mismatched");
        process.emitWarning(`${error.message}; the signal is refused until it is connected again`, "CeruleanWarning");
      },
    );
  }

  #update(raw: ChannelReading): void {
    if (this.#checking !== undefined) {
      this.#checking.push(raw);
      return;
    }
    if (this.#refused !== undefined || this.#link === undefined) return;
    let reading: Reading<T>;
    try {
      reading = converted(raw, this.#link);
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
    const server = this.#link?.metadata.info.host;
    if (server !== undefined && server !== null) mindClock(server, this.source(), timestamp, isNews);
  }

  /** A record's own text field cuts what is too long for it, and pvAccess servers don't say that they have one. */
  async #checkText(channel: SignalChannel, text: string, options: BackendPutOptions): Promise<void> {
    if (options.wait === false || Buffer.byteLength(text) <= RECORD_STRING_BYTES) return;
    const taken = await channel.get(options);
    if (typeof taken !== "string" || taken === text) return;
    // Cut amid the bytes of a character, what is left of that is read as U+FFFD.
    const kept = taken.replace(/\uFFFD+$/, "");
    if (!text.startsWith(kept)) return;
    throw new RangeError(
      `${this.target()} cut ${Buffer.byteLength(text)} bytes of text to ${Buffer.byteLength(kept)}; append "$" to the name for long strings`,
    );
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
