import { performance } from "node:perf_hooks";

const LARGEST_DRIFT_MS = 2;

/**
 * A clock in Unix seconds that never goes back, with the resolution of the monotonic clock and the wall clock's own time.
 * It follows when the wall clock is set forward; when it's set back, it stands until the wall clock has caught up.
 */
export function createClock(now: () => number = () => Date.now()): () => number {
  let offset = now() - performance.now();
  let last = 0;
  return () => {
    const monotonic = performance.now();
    const wall = now();
    if (Math.abs(offset + monotonic - wall) > LARGEST_DRIFT_MS) offset = wall - monotonic;
    last = Math.max(last, (offset + monotonic) / 1000);
    return last;
  };
}
