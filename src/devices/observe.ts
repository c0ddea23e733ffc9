import { after } from "../timer.ts";
import { sameValue, show } from "./datatype.ts";
import { asError, WaitTimeoutError } from "./errors.ts";
import type { Reading } from "./protocols.ts";
import { isDown } from "./reading-cache.ts";
import type { Signal, SignalR } from "./signal.ts";
import { type Status, status } from "./status.ts";

export interface ObserveOptions {
  /** The longest wait for each update; none by default. */
  readonly perUpdateMs?: number;
  /** The longest time in all, checked between updates; none by default. */
  readonly deadlineMs?: number;
  /** `latest` gives only the newest of what came while the loop's body was busy; `all` by default. */
  readonly updates?: "all" | "latest";
  /** Ends the observation when it is done, with its error if it failed. */
  readonly until?: Status;
  readonly signal?: AbortSignal;
}

export interface WaitForValueOptions {
  /** How long to wait; 10,000 by default. */
  readonly timeoutMs?: number;
  /** How far a number may be off; 0 by default. */
  readonly tolerance?: number;
  readonly signal?: AbortSignal;
}

export interface SetAndWaitOptions extends WaitForValueOptions {
  /** Wait for the write's own completion too; true by default. */
  readonly waitForCompletion?: boolean;
}

/** Yields the current value and then every update, repeats included, or with `latest` the newest ones. It holds the process, and always unsubscribes when it is left. */
export async function* observeValue<T>(signal: SignalR<T>, options: ObserveOptions = {}): AsyncGenerator<T, void> {
  const { perUpdateMs, deadlineMs, updates, until, signal: aborted } = options;
  const deadline = deadlineMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + deadlineMs;
  const queue: T[] = [];
  let last: { value: T } | undefined;
  let wake: () => void = () => {};
  const listen = (reading: Reading<T>): void => {
    if (isDown(reading)) return;
    if (updates === "latest") queue.length = 0;
    queue.push(reading.value);
    wake();
  };
  using _updates = signal.subscribeReading(listen);
  using _until = until?.onDone(() => wake());
  const onAbort = (): void => wake();
  aborted?.addEventListener("abort", onAbort, { once: true });
  try {
    while (true) {
      aborted?.throwIfAborted();
      if (performance.now() >= deadline) {
        throw new WaitTimeoutError(`still observing ${signal.source} after ${deadlineMs} ms${lastSeen(last)}`);
      }
      const next = queue.shift();
      if (next !== undefined) {
        last = { value: next };
        yield next;
        continue;
      }
      if (until?.done) {
        if (until.error !== undefined) throw until.error;
        return;
      }
      const left = deadline - performance.now();
      const limit = Math.min(perUpdateMs ?? Number.POSITIVE_INFINITY, left);
      const timedOut = await new Promise<boolean>((resolve) => {
        // A pending promise alone would not keep the process alive; a timer does.
        const stop = after(limit, () => resolve(true));
        wake = () => {
          stop();
          resolve(false);
        };
      });
      wake = () => {};
      if (timedOut && queue.length === 0 && limit === perUpdateMs) {
        throw new WaitTimeoutError(`${signal.source} was not updated within ${perUpdateMs} ms${lastSeen(last)}`);
      }
    }
  } finally {
    aborted?.removeEventListener("abort", onAbort);
  }
}

/** Resolves with the first value that matches, the current one included; rejects with the last value seen when none does in time. */
export async function waitForValue<T>(
  signal: SignalR<T>,
  match: T | ((value: T) => boolean),
  options: WaitForValueOptions = {},
): Promise<T> {
  const { timeoutMs = 10_000, tolerance = 0, signal: aborted } = options;
  const matches = typeof match === "function" ? (match as (value: T) => boolean) : closeTo(match, tolerance);
  let last: { value: T } | undefined;
  try {
    const observing = { deadlineMs: timeoutMs, ...(aborted === undefined ? {} : { signal: aborted }) };
    for await (const value of observeValue(signal, observing)) {
      if (matches(value)) return value;
      last = { value };
    }
  } catch (error) {
    if (!(error instanceof WaitTimeoutError)) throw error;
  }
  const wanted = typeof match === "function" ? match.name || "the given condition" : show(match);
  const within = typeof match !== "function" && tolerance > 0 ? ` within ${tolerance}` : "";
  throw new WaitTimeoutError(
    `${signal.name || signal.source} didn't match ${wanted}${within} in ${timeoutMs} ms${lastSeen(last)}`,
  );
}

/** Sets one signal and succeeds when it, or `other`, has come to the value; an error of the write is told at once. */
export function setAndWaitForValue<T>(
  signal: SignalR<T> & Pick<Settable<T>, "set">,
  value: T,
  options: SetAndWaitOptions = {},
): Status {
  return setAndWaitForOtherValue(signal, value, signal, value, options);
}

export function setAndWaitForOtherValue<T, M>(
  signal: Signal<T> & Settable<T>,
  value: T,
  other: SignalR<M>,
  match: M | ((value: M) => boolean),
  options: SetAndWaitOptions = {},
): Status {
  const { waitForCompletion = true, ...waiting } = options;
  return status(async ({ signal: cancelled }) => {
    const abort = new AbortController();
    const signals = [cancelled, abort.signal, ...(waiting.signal === undefined ? [] : [waiting.signal])];
    const came = waitForValue(other, match, { ...waiting, signal: AbortSignal.any(signals) });
    const write = signal.set(value, { wait: waitForCompletion });
    const written = write.wait().catch((error: unknown) => {
      abort.abort(error);
      throw asError(error);
    });
    await Promise.all([came, written]);
  });
}

interface Settable<T> {
  set(value: T, options?: { wait?: boolean }): Status;
}

function closeTo<T>(wanted: T, tolerance: number): (value: T) => boolean {
  if (tolerance > 0 && typeof wanted === "number") {
    return (value) => Math.abs((value as unknown as number) - wanted) <= tolerance;
  }
  return (value) => sameValue(value, wanted);
}

function lastSeen(last: { value: unknown } | undefined): string {
  return last === undefined ? ", no value came: is it connected?" : `, last value ${show(last.value)}`;
}
