import { setTimeout as sleep } from "node:timers/promises";

/** How long to wait before each further attempt at a file that can be late: eight attempts within half a second. */
export const RETRY_INTERVALS_MS: readonly number[] = [4, 8, 16, 32, 64, 128, 256];

/** Tries until it succeeds, with these pauses; after the last, throws what `fail` makes of the last error and the number of attempts. */
export async function patiently<T>(
  pausesMs: readonly number[],
  attempt: () => Promise<T>,
  fail: (cause: unknown, attempts: number) => Error,
): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (cause) {
      const pause = pausesMs[attempts - 1];
      if (pause === undefined) throw fail(cause, attempts);
      await sleep(pause);
    }
  }
}
