import { Listeners } from "./listeners.ts";
import type { Reading } from "./protocols.ts";
import type { SignalBackend } from "./signal-backend.ts";
import type { Subscription } from "./status.ts";

/** For how long updates that were under way when a fresh reading was taken may still arrive after it. */
const OVERTAKEN_MS = 1000;

/** The monitor of one signal and its last reading; it runs while somebody listens or holds it. */
export class ReadingCache<T> {
  latest: Reading<T> | undefined;
  #updates = 0;
  #holders = 0;
  #fresh: { timestamp: number; until: number } | undefined;
  readonly #backend: SignalBackend<T>;
  readonly #listeners: Listeners<Reading<T>>;

  constructor(backend: SignalBackend<T>, what: string) {
    this.#backend = backend;
    this.#listeners = new Listeners(what);
  }

  get active(): boolean {
    return this.#holders > 0;
  }

  /** Grows with each update, so that one can tell whether any came since. */
  get updates(): number {
    return this.#updates;
  }

  hold(): Subscription {
    this.#holders++;
    if (this.#holders === 1) this.#backend.setListener((reading) => this.#take(reading));
    let held = true;
    const unsubscribe = (): void => {
      if (!held) return;
      held = false;
      this.#holders--;
      if (this.#holders > 0) return;
      this.#backend.setListener(undefined);
      this.latest = undefined;
      this.#fresh = undefined;
    };
    return { unsubscribe, [Symbol.dispose]: unsubscribe };
  }

  /** Gives the current reading at once when there is one, then each update in order. */
  subscribe(callback: (reading: Reading<T>) => void): Subscription {
    const known = this.latest;
    const holding = this.active;
    const listening = this.#listeners.add(callback);
    const hold = this.hold();
    // A backend that knows its value told it during hold(), when this was the first listener.
    if (holding && known !== undefined) this.#listeners.callOne(callback, known);
    const unsubscribe = (): void => {
      listening.unsubscribe();
      hold.unsubscribe();
    };
    return { unsubscribe, [Symbol.dispose]: unsubscribe };
  }

  /** Takes a reading that was asked for after a write: updates from before it no longer replace it. */
  refresh(reading: Reading<T>): void {
    if (!this.active) return;
    if (this.latest !== undefined && this.latest.timestamp > reading.timestamp && !isDown(this.latest)) return;
    this.latest = reading;
    this.#fresh = { timestamp: reading.timestamp, until: performance.now() + OVERTAKEN_MS };
  }

  #take(reading: Reading<T>): void {
    this.#updates++;
    const fresh = this.#fresh;
    const overtaken = fresh !== undefined && reading.timestamp < fresh.timestamp && performance.now() < fresh.until;
    if (!overtaken) {
      this.#fresh = undefined;
      this.latest = reading;
    }
    this.#listeners.call(reading);
  }
}

/** Whether a reading only tells that the source is away. */
export function isDown(reading: Reading): boolean {
  return (reading.alarmSeverity ?? 0) < 0;
}
