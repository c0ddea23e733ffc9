import { after } from "../timer.ts";

/** `elapsed` and `remaining` are in seconds; `fraction` runs from 0 to 1. */
export interface Progress {
  current: number;
  initial: number;
  target: number;
  unit?: string;
  precision?: number;
  fraction?: number;
  elapsed?: number;
  remaining?: number;
}

export interface Subscription extends Disposable {
  unsubscribe(): void;
}

/**
 * An action that is going on. It settles once: `done` becomes true, and `success` or `error` says how.
 * It is never thenable, because `yield*` in an async generator awaits thenables and would serialise moves.
 */
export interface Status {
  readonly done: boolean;
  readonly success: boolean;
  readonly error?: Error | undefined;
  /** Resolves when the action has succeeded and rejects with its error. Giving up the wait does not cancel the action. */
  wait(options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<void>;
  /** Calls back once, at once when done already. */
  onDone(cb: (status: Status) => void): Subscription;
  /** Calls back with each progress report, beginning with the last one there was. */
  watch(cb: (progress: Progress) => void): Subscription;
  /** Settles the action as failed and aborts its signal; does nothing when it is done. */
  cancel(reason?: unknown): void;
}

export interface StatusContext {
  /** Aborted when the status is cancelled. */
  readonly signal: AbortSignal;
  /** Merges into the last report; `elapsed` is filled in. */
  report(progress: Partial<Progress>): void;
}

/** A status that somebody cancelled. `cause` is the reason. */
export class StatusCancelled extends Error {
  override readonly name = "StatusCancelled";
}

/** A wait for a status that took longer than its `timeoutMs`; the action itself goes on. */
export class StatusTimeoutError extends Error {
  override readonly name = "StatusTimeoutError";
}

const BRAND = Symbol.for("cerulean.Status");

class Action implements Status {
  readonly [BRAND] = true;
  #outcome: { error: Error | undefined } | undefined;
  #doneCallbacks: Set<(status: Status) => void> | undefined;
  #watchers: Set<(progress: Progress) => void> | undefined;
  #progress: Progress | undefined;
  #controller: AbortController | undefined;
  readonly #started = performance.now();

  get done(): boolean {
    return this.#outcome !== undefined;
  }

  get success(): boolean {
    return this.#outcome !== undefined && this.#outcome.error === undefined;
  }

  get error(): Error | undefined {
    return this.#outcome?.error;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  settle(error: Error | undefined): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = { error };
    const callbacks = this.#doneCallbacks;
    this.#doneCallbacks = undefined;
    this.#watchers = undefined;
    if (callbacks !== undefined) for (const cb of callbacks) callIsolated(cb, this);
  }

  report(progress: Partial<Progress>): void {
    if (this.#outcome !== undefined) return;
    const elapsed = (performance.now() - this.#started) / 1000;
    this.#progress = { current: 0, initial: 0, target: 0, ...this.#progress, elapsed, ...progress };
    if (this.#watchers !== undefined) for (const cb of this.#watchers) callIsolated(cb, this.#progress);
  }

  onDone(cb: (status: Status) => void): Subscription {
    if (this.#outcome !== undefined) {
      callIsolated(cb, this);
      return NOTHING;
    }
    this.#doneCallbacks ??= new Set();
    return subscribe(this.#doneCallbacks, cb);
  }

  watch(cb: (progress: Progress) => void): Subscription {
    if (this.#progress !== undefined) callIsolated(cb, this.#progress);
    if (this.#outcome !== undefined) return NOTHING;
    this.#watchers ??= new Set();
    return subscribe(this.#watchers, cb);
  }

  toString(): string {
    if (this.#outcome !== undefined) return this.error === undefined ? "Status: done" : `Status: failed: ${this.error}`;
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1);
    return `Status: pending for ${seconds} s${this.#progress === undefined ? "" : `, ${shown(this.#progress)}`}`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  cancel(reason?: unknown): void {
    if (this.#outcome !== undefined) return;
    const error =
      reason instanceof Error ? reason : new StatusCancelled(`cancelled: ${String(reason ?? "no reason given")}`);
    this.settle(error);
    this.#controller?.abort(error);
  }

  wait(options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<void> {
    const { timeoutMs, signal } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted && !this.done) {
        reject(signal.reason);
        return;
      }
      let stop = (): void => {};
      const finish = (act: () => void): void => {
        stop();
        signal?.removeEventListener("abort", onAbort);
        subscription?.unsubscribe();
        act();
      };
      const onAbort = (): void => finish(() => reject(signal?.reason));
      let subscription: Subscription | undefined;
      subscription = this.onDone((settled) => {
        finish(() => (settled.error === undefined ? resolve() : reject(settled.error)));
      });
      if (this.done) return;
      signal?.addEventListener("abort", onAbort, { once: true });
      if (timeoutMs !== undefined) {
        const late = new StatusTimeoutError(`the action was not done within ${timeoutMs} ms; it goes on`);
        stop = after(timeoutMs, () => finish(() => reject(late)));
      }
    });
  }
}

function shown({ current, initial, target, unit = "", precision, fraction }: Progress): string {
  const text = (value: number): string => (precision === undefined ? String(value) : value.toFixed(precision));
  const part = fraction === undefined ? "" : ` (${Math.round(100 * fraction)} %)`;
  return `at ${text(current)} from ${text(initial)} to ${text(target)} ${unit}`.trimEnd() + part;
}

const NOTHING: Subscription = { unsubscribe() {}, [Symbol.dispose]() {} };

function subscribe<T>(callbacks: Set<T>, cb: T): Subscription {
  callbacks.add(cb);
  const unsubscribe = (): void => void callbacks.delete(cb);
  return { unsubscribe, [Symbol.dispose]: unsubscribe };
}

function callIsolated<T>(cb: (value: T) => void, value: T): void {
  try {
    cb(value);
  } catch (error) {
    // A listener's mistake must not decide how the action or the other listeners fare.
    process.emitWarning(`a status listener threw: ${asError(error).stack ?? String(error)}`, "CeruleanWarning");
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error), { cause: error });
}

const FINISHED = new Action();
FINISHED.settle(undefined);

export const Status = {
  /** A status that has succeeded already; always the same object. */
  finished(): Status {
    return FINISHED;
  },
  /** A status that has failed already. */
  failed(error: Error): Status {
    const action = new Action();
    action.settle(error);
    return action;
  },
};

/** Runs `fn` at once and tells how it goes: the status succeeds when its promise resolves and fails when it rejects or throws. */
export function status(fn: (context: StatusContext) => Promise<unknown>): Status {
  const action = new Action();
  const context: StatusContext = {
    get signal() {
      return action.signal;
    },
    report: (progress) => action.report(progress),
  };
  let work: Promise<unknown>;
  try {
    work = fn(context);
  } catch (error) {
    action.settle(asError(error));
    return action;
  }
  work.then(
    () => action.settle(undefined),
    (error: unknown) => action.settle(asError(error)),
  );
  return action;
}

/** Whether it is a Status: by brand, or by shape when it comes from elsewhere; the class never matters. */
export function isStatus(value: unknown): value is Status {
  if (typeof value !== "object" || value === null) return false;
  if (BRAND in value) return true;
  const candidate = value as Partial<Status>;
  return typeof candidate.onDone === "function" && typeof candidate.done === "boolean";
}

/** A device's answer as a Status: a Status is itself, a promise is wrapped; anything else is refused with `what` as the culprit. */
export function toStatus(answer: unknown, what: string): Status {
  if (isStatus(answer)) return answer;
  if (typeof (answer as PromiseLike<unknown> | undefined)?.then === "function") {
    return status(() => answer as Promise<unknown>);
  }
  throw new TypeError(`${what} answered with ${String(answer)}; it must answer with a Status or a promise`);
}
