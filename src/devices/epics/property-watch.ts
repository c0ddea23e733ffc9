import type { SignalChannel } from "./channel-source.ts";
import type { ChannelInfo } from "./channel-types.ts";

/** Tells of changed limits, precision and labels for as long as it is kept. */
export class PropertyWatch implements Disposable {
  readonly #subscription: Disposable;
  #isNews = false;

  constructor(channel: SignalChannel, changed: () => void) {
    this.#subscription = channel.subscribe(
      () => {
        if (this.#isNews) changed();
        this.#isNews = true;
      },
      // A server that does not tell of properties has its channels checked at each connection all the same.
      { mask: ["property"], onError: () => {} },
    );
  }

  /** The first update of a connection tells what is, not what was changed. */
  disconnected(): void {
    this.#isNews = false;
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }
}

/**
 * Whether a signal watches the properties of this channel beside its value. Over pvAccess such a subscription carries the values
 * too, so that only enums have it, whose values mean nothing without their labels; others are told of by their monitor.
 */
export function hasWatchedProperties({ protocol, kind }: ChannelInfo): boolean {
  return kind === "enum" || (protocol === "ca" && kind !== "string");
}
