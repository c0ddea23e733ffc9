import type { Datatype } from "../datatype.ts";
import { SignalUseError } from "../errors.ts";
import type { SignalConnection, WaitOptions } from "../signal-backend.ts";
import { Changes, type Remaining, within } from "./changes.ts";
import { type ChannelLink, link } from "./channel-link.ts";
import type { SignalChannel } from "./channel-source.ts";
import type { ConnectionState } from "./channel-types.ts";
import { hasWatchedProperties, PropertyWatch } from "./property-watch.ts";

/** How long the checks after a reconnection may take. */
const RECHECK_TIMEOUT_MS = 10_000;

/** How a signal's link changed; `checked` when its channels' properties did, and it may be used again. */
export type LinkState = SignalConnection | "checked";

/** One of a signal's channels; both are one where it reads and writes the same PV. */
class End {
  readonly channel: SignalChannel;
  away = false;
  silent = false;
  /** How often its connection was lost. What was begun before a loss is not taken for what is after it. */
  losses = 0;
  /** The connection that the link was made on. */
  linked = 0;

  constructor(channel: SignalChannel) {
    this.channel = channel;
  }

  get isCurrent(): boolean {
    return !this.away && this.channel.connection === this.linked;
  }
}

/** A signal's link over the connections of its channels: made anew, and checked, after each loss. */
export class LiveLink<T> {
  readonly #declared: Datatype<T>;
  readonly #ends: readonly End[];
  readonly #read: End;
  readonly #write: End;
  readonly #hear: (state: LinkState, error?: Error) => void;
  readonly #watching: readonly Disposable[];
  readonly #changes: Changes;
  #properties: readonly PropertyWatch[] = [];
  #link: ChannelLink<T> | undefined;
  #refused: Error | undefined;
  /** The mismatch that was told since the last loss. */
  #told: string | undefined;
  #checking = false;
  /** Whether the end of the check that is under way is a return from a loss or a mismatch. */
  #returning = false;
  #closed = false;

  constructor(
    declared: Datatype<T>,
    read: SignalChannel,
    write: SignalChannel,
    hear: (state: LinkState, error?: Error) => void,
  ) {
    this.#declared = declared;
    this.#read = new End(read);
    this.#write = write === read ? this.#read : new End(write);
    this.#ends = write === read ? [this.#read] : [this.#read, this.#write];
    this.#hear = hear;
    this.#changes = new Changes(read.source);
    this.#watching = this.#ends.map((end) => end.channel.onConnection((state) => this.#changed(end, state)));
  }

  /** The last one; undefined before `connect`. */
  get link(): ChannelLink<T> | undefined {
    return this.#link;
  }

  get readChannel(): SignalChannel {
    return this.#read.channel;
  }

  get writeChannel(): SignalChannel {
    return this.#write.channel;
  }

  /** What an update is to be done with: `hold` it until what came back has been checked, `refuse` what is not the signal's. */
  get forUpdates(): "take" | "hold" | "refuse" {
    if (this.#read.away || this.#checking) return "hold";
    return this.#refused === undefined && this.#link !== undefined ? "take" : "refuse";
  }

  /** Also takes channels that came back as others, where the declared type fits them: what was inferred is inferred anew. */
  async connect(options: WaitOptions): Promise<void> {
    await this.#make(this.#declared, within(options));
    const wasRefused = this.#refused !== undefined;
    this.#refused = undefined;
    this.#told = undefined;
    for (const end of this.#ends) end.away = false;
    this.#watchProperties();
    if (wasRefused) this.#hear("connected");
  }

  /** Labels, limits or the precision were changed: what was begun before is not taken for what is after it. */
  propertiesChanged(): void {
    if (this.#link === undefined) return;
    for (const end of this.#ends) end.losses += 1;
    this.#checkAgain(this.#refused !== undefined);
  }

  /** Takes a link with newer metadata in its place. */
  renew(link: ChannelLink<T>): void {
    this.#link = link;
  }

  /** The link for what is written now; undefined while the connection is lost or what came back is being checked. */
  get forWriting(): ChannelLink<T> | undefined {
    return this.#current(this.#write);
  }

  /** The connection that `forWriting` is of. */
  get writeConnection(): number {
    return this.#write.linked;
  }

  /** The same as soon as there is one. Rejects like a put that was never sent when that takes too long. */
  whenWritable(rest: () => Remaining): Promise<ChannelLink<T>> {
    return this.#again(this.#write, "put", rest);
  }

  /** Reads over one channel, and again when its connection was lost meanwhile: the answer may be of what was before. */
  async ask<A>(
    which: "read" | "write",
    rest: () => Remaining,
    request: (channel: SignalChannel, options: WaitOptions) => Promise<A>,
  ): Promise<{ readonly answer: A; readonly link: ChannelLink<T> }> {
    const end = which === "read" ? this.#read : this.#write;
    for (;;) {
      const link = this.#current(end) ?? (await this.#again(end, "read", rest));
      const { losses } = end;
      const answer = await request(end.channel, rest());
      if (losses === end.losses) return { answer, link };
    }
  }

  close(): void {
    this.#closed = true;
    for (const watch of [...this.#watching, ...this.#properties]) watch[Symbol.dispose]();
    for (const { channel } of this.#ends) channel.close();
    this.#changes.tell();
  }

  #current(end: End): ChannelLink<T> | undefined {
    if (this.#closed) throw new SignalUseError(`${end.channel.source} was disposed of while it was waited for`);
    if (this.#refused !== undefined) throw this.#refused;
    if (this.#checking || !end.isCurrent) return undefined;
    return this.#link;
  }

  async #again(end: End, what: "put" | "read", rest: () => Remaining): Promise<ChannelLink<T>> {
    for (;;) {
      await this.#changes.next(what, rest());
      const current = this.#current(end);
      if (current !== undefined) return current;
    }
  }

  #watchProperties(): void {
    if (this.#properties.length > 0 || this.#link === undefined) return;
    const { metadata } = this.#link;
    if (!hasWatchedProperties(metadata.info)) return;
    this.#properties = this.#ends.map(
      ({ channel }) => new PropertyWatch(channel, metadata, () => this.propertiesChanged()),
    );
  }

  async #make(expected: Datatype<T>, rest: () => Remaining): Promise<void> {
    const { channel: read } = this.#read;
    const { channel: write } = this.#write;
    for (;;) {
      const before = this.#ends.map((end) => ({ end, losses: end.losses, connection: end.channel.connection }));
      const isOld = () => before.some(({ end, losses }) => end.losses !== losses);
      let made: ChannelLink<T>;
      try {
        made = await link(expected, read, write, rest());
      } catch (error) {
        // What was refused may be half of a change, one label of several: its end was heard of meanwhile.
        if (error instanceof TypeError && isOld()) continue;
        throw error;
      }
      if (isOld()) continue;
      this.#link = made;
      for (const { end, connection } of before) end.linked = connection === 0 ? end.channel.connection : connection;
      return;
    }
  }

  #changed(end: End, state: ConnectionState): void {
    if (state === "disconnected") {
      end.losses += 1;
      this.#told = undefined;
      for (const watch of this.#properties) watch.disconnected();
    }
    if (this.#link === undefined || state === "access") return;
    if (state === "disconnected") {
      end.away = true;
      this.#hear("disconnected");
    } else if (state === "unresponsive") {
      end.silent = true;
      this.#hear("unresponsive");
    } else if (this.#ends.some(({ away, silent }) => away || silent)) {
      // The circuit of a silent server is the same one, but what changed meanwhile may have been told before this.
      this.#checkAgain(true);
    }
  }

  /**
   * What came back may be another record: nothing of it is passed on before it has been checked against what the signal has
   * been so far.
   */
  #checkAgain(returning: boolean): void {
    if (this.#closed || this.#ends.some(({ channel }) => !channel.connected)) return;
    // Of a server that was silent something else may be heard before that it answers again.
    this.#returning ||= returning || this.#ends.some(({ silent }) => silent);
    if (this.#checking) return;
    this.#checking = true;
    for (const end of this.#ends) [end.away, end.silent] = [false, false];
    const expected = this.#link?.datatype ?? this.#declared;
    this.#make(expected, within({ timeoutMs: RECHECK_TIMEOUT_MS })).then(
      () => this.#checked(),
      (error: unknown) => this.#checked(error),
    );
  }

  #checked(error?: unknown): void {
    if (this.#closed) return;
    this.#checking = false;
    if (error instanceof TypeError) {
      const isNews = error.message !== this.#told;
      this.#told = error.message;
      this.#refused = error;
      if (isNews) this.#hear("mismatched", error);
    } else if (error !== undefined || this.#ends.some(({ away }) => away)) {
      // It went away again, or did not tell in time: the next connection is checked anew.
      for (const end of this.#ends) end.away = true;
      this.#checkAgain(true);
      return;
    } else {
      const returned = this.#returning;
      this.#returning = false;
      this.#told = undefined;
      this.#refused = undefined;
      this.#hear(returned ? "connected" : "checked");
    }
    this.#changes.tell();
  }
}
