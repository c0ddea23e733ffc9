import { protocolOf, type SignalChannel } from "./channel-source.ts";
import type { WaitOptions } from "./channel-types.ts";

/** The longest text that every text field of a record holds. */
const STRING_BYTES = 39;

/**
 * What a record has room for. pvAccess servers don't say that, and cut the rest off without a word; over Channel Access too much is
 * refused before it is sent.
 */
export class RecordRoom {
  /** As many elements were seen to be kept. */
  #elements = 0;

  /** Another record may be there next time. */
  forget(): void {
    this.#elements = 0;
  }

  /** Reads back what was written where it may have been cut; throws a `RangeError` when it was. */
  async check(channel: SignalChannel, sent: unknown, options: WaitOptions): Promise<void> {
    if (protocolOf(channel.source) === "ca") return;
    if (typeof sent === "string") await checkText(channel, sent, options);
    else if (ArrayBuffer.isView(sent)) await this.#checkArray(channel, sent as Float64Array, options);
    else if (Array.isArray(sent)) await this.#checkArray(channel, sent, options);
  }

  async #checkArray(channel: SignalChannel, sent: ArrayLike<unknown>, options: WaitOptions): Promise<void> {
    const isLongText = Array.isArray(sent) && sent.some((text) => Buffer.byteLength(text) > STRING_BYTES);
    if (sent.length <= this.#elements && !isLongText) return;
    const taken = (await channel.get(options)) as ArrayLike<unknown>;
    if (taken.length >= sent.length && !isLongText) {
      this.#elements = sent.length;
      return;
    }
    // A record may make something else of what it is given.
    for (let at = 0; at < taken.length; at += 1) {
      const [text, kept] = [sent[at], taken[at]];
      if (Object.is(text, kept)) continue;
      if (typeof text === "string" && typeof kept === "string") refuseCut(channel.source, text, kept);
      return;
    }
    if (taken.length < sent.length) {
      throw new RangeError(`${channel.source} cut ${sent.length} elements to ${taken.length}, for which it has room`);
    }
  }
}

async function checkText(channel: SignalChannel, sent: string, options: WaitOptions): Promise<void> {
  if (Buffer.byteLength(sent) <= STRING_BYTES && !sent.includes("\0")) return;
  const taken = await channel.get(options);
  if (typeof taken === "string") refuseCut(channel.source, sent, taken, '; append "$" to the name for long strings');
}

function refuseCut(source: string, sent: string, taken: string, advice = ""): void {
  if (taken === sent) return;
  // Cut amid the bytes of a character, what is left of that is read as U+FFFD.
  const kept = taken.replace(/\uFFFD+$/, "");
  if (!sent.startsWith(kept)) return;
  throw new RangeError(`${source} cut ${Buffer.byteLength(sent)} bytes of text to ${Buffer.byteLength(kept)}${advice}`);
}
