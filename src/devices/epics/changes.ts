import { after, checkTime } from "../../timer.ts";
import type { WaitOptions } from "../signal-backend.ts";
import { failureOf, type Phase } from "./failures.ts";
import { DEFAULT_TIMEOUT_MS } from "./queue.ts";

/** The options of a step of an operation: what is left of its time, and the whole of it. */
export type Remaining<O extends WaitOptions = WaitOptions> = O & {
  readonly timeoutMs: number;
  readonly wholeMs: number;
};

/** Shares the time of an operation among its steps. */
export function within<O extends WaitOptions>(options: O): () => Remaining<O> {
  const { timeoutMs: wholeMs = DEFAULT_TIMEOUT_MS } = options;
  const end = performance.now() + checkTime(wholeMs);
  return () => ({ ...options, wholeMs, timeoutMs: Math.max(0, end - performance.now()) });
}

/** Wakes the operations that wait for a channel to be usable again. */
export class Changes {
  readonly #source: string;
  readonly #waiting = new Set<() => void>();

  constructor(source: string) {
    this.#source = source;
  }

  tell(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Rejects as an operation does whose time is over before anything was sent, or with the reason of its signal. */
  next(what: Phase, { timeoutMs, signal, wholeMs }: Remaining): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        stop();
        this.#waiting.delete(wake);
        signal?.removeEventListener("abort", abort);
      };
      const wake = () => {
        end();
        resolve();
      };
      const abort = () => {
        end();
        reject(signal?.reason);
      };
      const stop = after(timeoutMs, () => {
        end();
        reject(failureOf(this.#source, what, false, wholeMs));
      });
      this.#waiting.add(wake);
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
    });
  }
}
