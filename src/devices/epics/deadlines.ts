import type { Phase } from "./failures.ts";

interface Deadline {
  readonly operation: number;
  readonly what: Phase;
  readonly timeoutMs: number;
  readonly at: number;
}

const IDLE_MS = 2 ** 30;

/** The time-outs of all operations with one timer, which is moved only for an earlier deadline; it also holds the process. */
export class Deadlines {
  readonly #expired: (deadline: Deadline) => void;
  readonly #deadlines = new Map<number, Deadline>();
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #holds = 0;

  constructor(expired: (deadline: Deadline) => void) {
    this.#expired = expired;
  }

  start(operation: number, what: Phase, timeoutMs: number): void {
    const at = performance.now() + timeoutMs;
    this.#deadlines.set(operation, { operation, what, timeoutMs, at });
    if (at < this.#timerAt) this.#arm(at);
    this.hold();
  }

  end(operation: number): void {
    if (this.#deadlines.delete(operation)) this.release();
  }

  hold(): void {
    this.#holds += 1;
    if (this.#holds > 1) return;
    if (this.#timer === undefined) this.#arm(Number.POSITIVE_INFINITY);
    this.#timer?.ref();
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#timer?.unref();
  }

  #arm(at: number): void {
    clearTimeout(this.#timer);
    this.#timerAt = at;
    const delay = Math.max(0, Math.min(IDLE_MS, at - performance.now()));
    this.#timer = setTimeout(() => this.#fire(), delay);
    if (this.#holds === 0) this.#timer.unref();
  }

  #fire(): void {
    const now = performance.now();
    // Timers may fire a little early; such a deadline is over all the same.
    const over = [...this.#deadlines.values()].filter(({ at }) => at <= now + 1);
    for (const deadline of over) this.#expired(deadline);
    let next = Number.POSITIVE_INFINITY;
    for (const { at } of this.#deadlines.values()) next = Math.min(next, at);
    this.#arm(next);
  }
}
