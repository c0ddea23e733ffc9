import { after } from "../../timer.ts";
import type { Channel } from "./channel.ts";
import type { ChannelReading, SubscribeOptions } from "./channel-types.ts";
import { ChannelTimeoutError } from "./errors.ts";

export interface ReadingsOptions extends Omit<SubscribeOptions, "hold" | "onError"> {
  /** How long each update may take; for ever by default. */
  readonly perUpdateMs?: number;
  /** How long the loop may go on; for ever by default. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

/** A subscription as a loop. An error of the subscription ends it, as do the time-outs and the signal. */
export async function* readingsOf(
  channel: Pick<Channel, "source" | "subscribe">,
  { perUpdateMs, deadlineMs, signal, ...options }: ReadingsOptions,
): AsyncGenerator<ChannelReading, void> {
  signal?.throwIfAborted();
  const readings: ChannelReading[] = [];
  const end = performance.now() + (deadlineMs ?? Number.POSITIVE_INFINITY);
  let failure: { readonly error: unknown } | undefined;
  let wake = (): void => {};
  const fail = (error: unknown): void => {
    failure ??= { error };
    wake();
  };
  const abort = (): void => fail(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const take = (reading: ChannelReading): void => {
    if (options.buffer === "latest") readings.length = 0;
    readings.push(reading);
    wake();
  };
  using _subscription = channel.subscribe(take, { ...options, hold: true, onError: fail });
  try {
    while (true) {
      if (failure !== undefined) throw failure.error;
      const left = end - performance.now();
      if (left <= 0)
        throw new ChannelTimeoutError(channel.source, `${channel.source} was read in a loop for ${deadlineMs} ms`);
      const next = readings.shift();
      if (next !== undefined) {
        yield next;
        continue;
      }
      const limit = Math.min(perUpdateMs ?? Number.POSITIVE_INFINITY, left);
      await new Promise<void>((resolve) => {
        const late = (): void =>
          fail(
            new ChannelTimeoutError(channel.source, `${channel.source} was not updated within ${Math.round(limit)} ms`),
          );
        const stop = after(limit, late);
        wake = () => {
          stop();
          wake = () => {};
          resolve();
        };
      });
    }
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}
