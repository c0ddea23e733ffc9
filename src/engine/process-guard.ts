import { asError } from "../documents/tap.ts";

/** What the guard asks of the engine that it guards. */
export interface Guarded {
  readonly state: string;
  pause(options: { defer: boolean }): Promise<unknown>;
  abort(reason: string): Promise<unknown>;
  halt(): Promise<unknown>;
}

const SAME_WISH_MS = 10_000;
const HOLD_MS = 2 ** 30;

/** While an engine runs: keeps the process alive, and its motors from moving on when the process is about to end. */
export class ProcessGuard {
  readonly #engine: Guarded;
  readonly #handleSignals: boolean;
  readonly #report: (error: Error) => void;
  #hold: NodeJS.Timeout | undefined;
  #fatal: Error | undefined;
  #isAlone = false;
  #interrupts = 0;
  #lastInterrupt = 0;

  constructor(engine: Guarded, handleSignals: boolean, report: (error: Error) => void) {
    this.#engine = engine;
    this.#handleSignals = handleSignals;
    this.#report = report;
  }

  begin(): void {
    // A promise alone doesn't keep Node from ending, and a paused engine has nothing else to wait for.
    this.#hold = setInterval(() => {}, HOLD_MS);
    process.on("uncaughtException", this.#onFatal);
    if (!this.#handleSignals) return;
    process.on("SIGINT", this.#onInterrupt);
    process.on("SIGTERM", this.#onTerminate);
    process.on("SIGHUP", this.#onTerminate);
  }

  /** Takes the hooks off. An exception that nobody else had a hook for then ends the process, as it would have without us. */
  end(): void {
    clearInterval(this.#hold);
    process.off("uncaughtException", this.#onFatal);
    process.off("SIGINT", this.#onInterrupt);
    process.off("SIGTERM", this.#onTerminate);
    process.off("SIGHUP", this.#onTerminate);
    const fatal = this.#fatal;
    this.#fatal = undefined;
    this.#interrupts = 0;
    if (fatal === undefined || !this.#isAlone) return;
    setImmediate(() => {
      throw fatal;
    });
  }

  readonly #onFatal = (error: unknown): void => {
    if (this.#fatal === undefined) {
      this.#fatal = asError(error);
      this.#isAlone = process.listeners("uncaughtException").every((listener) => listener === this.#onFatal);
    }
    this.#abort(`uncaught exception: ${asError(error).message}`);
  };

  readonly #onTerminate = (signal: NodeJS.Signals): void => this.#abort(`the process was told to end by ${signal}`);

  readonly #onInterrupt = (): void => {
    const now = performance.now();
    this.#interrupts = now - this.#lastInterrupt <= SAME_WISH_MS ? this.#interrupts + 1 : 1;
    this.#lastInterrupt = now;
    this.#askFor(this.#interrupts)?.catch(this.#report);
  };

  #abort(reason: string): void {
    // The engine may be ending already.
    this.#engine.abort(reason).catch(() => {});
  }

  /** Ctrl-C: once asks for a pause at the next checkpoint, twice for one now; three times abort, four halt. */
  #askFor(times: number): Promise<unknown> | undefined {
    if (times >= 4) return this.#engine.halt();
    if (times === 3) return this.#engine.abort("Ctrl-C was pressed three times");
    const isPaused = this.#engine.state === "paused" || this.#engine.state === "pausing";
    return isPaused ? undefined : this.#engine.pause({ defer: times === 1 });
  }
}
