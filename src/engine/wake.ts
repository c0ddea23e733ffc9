import { performance } from "node:perf_hooks";
import { after } from "../timer.ts";

/** What the engine's loop sleeps on. Whoever changes something that the loop looks at calls `notify`. */
export class Wake {
  #resolve: (() => void) | undefined;
  readonly #keep = (resolve: () => void): void => {
    this.#resolve = resolve;
  };

  /** The bound form of `notify`, for callbacks. */
  readonly notify = (): void => {
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    this.#resolve = undefined;
    resolve();
  };

  /** Resolves at the next `notify`; one at a time. */
  wait(): Promise<void> {
    return new Promise<void>(this.#keep);
  }

  /** Like `wait`, but `false` when `ms` have passed first. */
  async waitAtMost(ms: number): Promise<boolean> {
    let late = false;
    const stop = after(ms, () => {
      late = true;
      this.notify();
    });
    await this.wait();
    stop();
    return !late;
  }
}

/** Gives timers, sockets and signals their turn at least every millisecond, however busy the loop is. */
export class Fairness {
  #last = performance.now();

  get isDue(): boolean {
    return performance.now() - this.#last > 1;
  }

  async turn(): Promise<void> {
    await new Promise(setImmediate);
    this.#last = performance.now();
  }
}
