/** What Node's timers hold; they take a longer time, infinity too, for 1 ms. */
const LONGEST_MS = 2 ** 31 - 1;

/** The time itself; throws where it is none, since a comparison with NaN would never come true. */
export function checkTime(ms: number): number {
  if (typeof ms === "number" && !Number.isNaN(ms)) return ms;
  throw new RangeError(`a time is a number of milliseconds, Infinity for ever, not ${String(ms)}`);
}

/** Calls `action` when so many milliseconds have passed, never after Infinity, and holds the process until then. The answer calls it off. */
export function after(ms: number, action: () => void): () => void {
  let left = checkTime(ms);
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const part = Math.min(left, LONGEST_MS);
    left -= part;
    timer = setTimeout(left > 0 ? arm : action, part);
  };
  arm();
  return () => clearTimeout(timer);
}
