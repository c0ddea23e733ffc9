import { DoneWatch } from "./done-watch.ts";
import { WaitTimeoutError } from "./errors.ts";
import { flagValue } from "./flag-value.ts";
import type { SignalRW } from "./signal.ts";

export interface StopBusyRecordOptions {
  /** How long to wait; 10,000 by default. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Ends what a busy record stands for: writes 0 without waiting for completion, which would never come while it is busy, and
 * resolves when it reads so. 10 s by default.
 */
export async function stopBusyRecord(signal: SignalRW<any>, options: StopBusyRecordOptions = {}): Promise<void> {
  const { timeoutMs = 10_000, signal: aborted = new AbortController().signal } = options;
  const off = flagValue(signal.datatype, false);
  using watch = await DoneWatch.of(signal, off, aborted);
  await signal.set(off, { wait: false, signal: aborted }).wait();
  if (await watch.untilDone(performance.now() + timeoutMs)) return;
  throw new WaitTimeoutError(`${signal.name || signal.source} is still busy ${timeoutMs} ms after it was told to end`);
}
