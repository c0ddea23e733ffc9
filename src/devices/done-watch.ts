import { after } from "../timer.ts";
import type { SignalR } from "./signal.ts";
import type { Subscription } from "./status.ts";

/** A done signal is asked again at least this often, so that no lost update can hold a motion up. */
const ASK_AGAIN_MS = 1000;
/** The same while a motion has not begun: it may be over in less than that. */
const BEGUN_AGAIN_MS = 50;

/** A done signal through one motion. Make it before the motion is asked for. */
export class DoneWatch<T> implements Disposable {
  readonly #signal: SignalR<T>;
  readonly #doneValue: T;
  readonly #aborted: AbortSignal;
  readonly #subscription: Subscription;
  #begun = false;
  #news = 0;
  #wake: () => void = () => {};

  /**
   * A gateway may begin a subscription with what it knew before the motion: only what is newer than `since`, the time stamp of a
   * read from before it, tells of this one.
   */
  constructor(signal: SignalR<T>, doneValue: T, since: number, aborted: AbortSignal) {
    this.#signal = signal;
    this.#doneValue = doneValue;
    this.#aborted = aborted;
    this.#subscription = signal.subscribeReading(({ value, timestamp }) => {
      if (timestamp > since && !this.#isDone(value)) this.#begun = true;
      this.#tell();
    });
    aborted.addEventListener("abort", this.#tell);
  }

  /** Counts from now on. Waits reject with the reason of `aborted`. */
  static async of<T>(signal: SignalR<T>, doneValue: T, aborted: AbortSignal): Promise<DoneWatch<T>> {
    const { timestamp } = await signal.getReading({ cached: false });
    return new DoneWatch(signal, doneValue, timestamp, aborted);
  }

  /** Whether the signal was seen away from its value. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Until the signal has left its value, no longer than `ms`: what is there already may never leave it. */
  async untilBegun(ms: number): Promise<void> {
    const end = performance.now() + ms;
    while (!this.#begun) {
      const { done, seen } = await this.#ask();
      const left = end - performance.now();
      if (!done || left <= 0) return;
      await this.#next(seen, Math.min(left, BEGUN_AGAIN_MS));
    }
  }

  /** Whether it is done before the deadline, a time of `performance.now()`. */
  async untilDone(deadline: number): Promise<boolean> {
    for (;;) {
      const { done, seen } = await this.#ask();
      if (done) return true;
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await this.#next(seen, Math.min(left, ASK_AGAIN_MS));
    }
  }

  /** What was begun came to nothing, and may begin once more. */
  restart(): void {
    this.#begun = false;
  }

  /** Until an update comes, no longer than `ms`, and than until it has to be asked again whether a motion has begun. */
  untilNews(ms: number): Promise<void> {
    return this.#next(this.#news, Math.min(ms, BEGUN_AGAIN_MS));
  }

  [Symbol.dispose](): void {
    this.#subscription.unsubscribe();
    this.#aborted.removeEventListener("abort", this.#tell);
  }

  readonly #tell = (): void => {
    this.#news++;
    this.#wake();
  };

  #isDone(value: T): boolean {
    return this.#signal.datatype.equals(value, this.#doneValue);
  }

  /** Asks again when an update came meanwhile: it may be newer than the answer. */
  async #ask(): Promise<{ done: boolean; seen: number }> {
    for (;;) {
      const seen = this.#news;
      const done = this.#isDone(await this.#signal.get({ cached: false }));
      this.#aborted.throwIfAborted();
      if (this.#news !== seen) continue;
      if (!done) this.#begun = true;
      return { done, seen };
    }
  }

  async #next(seen: number, ms: number): Promise<void> {
    if (this.#news === seen) {
      await new Promise<void>((resolve) => {
        const stop = after(ms, resolve);
        this.#wake = () => {
          stop();
          resolve();
        };
      });
    }
    this.#aborted.throwIfAborted();
  }
}
