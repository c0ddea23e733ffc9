import { flagValue } from "./flag-value.ts";
import { type WaitForValueOptions, waitForValue } from "./observe.ts";
import type { SignalRW } from "./signal.ts";

/**
 * Ends what a busy record stands for: writes 0 without waiting for completion, which would never come while it is busy, and
 * resolves when it reads so. 10 s by default.
 */
export async function stopBusyRecord(signal: SignalRW<any>, options: WaitForValueOptions = {}): Promise<void> {
  const off = flagValue(signal.datatype, false);
  await signal.set(off, { wait: false }).wait();
  await waitForValue(signal, off, options);
}
