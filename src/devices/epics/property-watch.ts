import type { SignalChannel } from "./channel-source.ts";
import type { ChannelInfo, ChannelMetadata } from "./channel-types.ts";

/**
 * Tells of changed limits, precision and labels for as long as it is kept. Some servers send what was asked for properties with each value:
 * numbers are told of only when their properties differ, enums at once, because a value means nothing under another's label.
 */
export class PropertyWatch implements Disposable {
  readonly #channel: SignalChannel;
  readonly #changed: () => void;
  readonly #subscription: Disposable;
  #known: string;
  #isNews = false;
  #wasLost = false;
  #comparing = false;
  #again = false;

  constructor(channel: SignalChannel, known: ChannelMetadata, changed: () => void) {
    this.#channel = channel;
    this.#changed = changed;
    this.#known = JSON.stringify(known);
    this.#subscription = channel.subscribe(
      () => this.#heard(known.info.kind === "enum"),
      // A server that does not tell of properties has its channels checked at each connection all the same.
      { mask: ["property"], onError: () => {} },
    );
  }

  disconnected(): void {
    this.#isNews = false;
    this.#wasLost = true;
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }

  /**
   * The first update of a connection tells what is: what was changed after the connection was checked and before this one is told by
   * no other. Numbers are not asked for that at their first connection, when all of a device is.
   */
  #heard(isEnum: boolean): void {
    if (this.#isNews && isEnum) this.#changed();
    else if (this.#isNews || isEnum || this.#wasLost) this.#compare();
    this.#isNews = true;
  }

  /** One question at a time: what comes meanwhile is one more. */
  async #compare(): Promise<void> {
    this.#again = true;
    if (this.#comparing) return;
    this.#comparing = true;
    try {
      while (this.#again) {
        this.#again = false;
        const now = JSON.stringify(await this.#channel.metadata());
        if (now !== this.#known) this.#changed();
        this.#known = now;
      }
    } catch {
      // The connection was lost, and everything is checked at the next one.
    } finally {
      this.#comparing = false;
    }
  }
}

/**
 * Whether a signal watches the properties of this channel beside its value. Over pvAccess such a subscription carries the values
 * too, so that only enums have it, whose values mean nothing without their labels; others are told of by their monitor.
 */
export function hasWatchedProperties({ protocol, kind }: ChannelInfo): boolean {
  return kind === "enum" || (protocol === "ca" && kind !== "string");
}
