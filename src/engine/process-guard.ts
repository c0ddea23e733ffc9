import { asError } from "../documents/tap.ts";

export interface GuardParts {
  /** Stops what moves and ends the run. */
  abort: (reason: string) => void;
  /** Ctrl-C; the count goes up when they come within 10 s of each other. */
  interrupt: (count: number) => void;
  handleSignals: boolean;
}

const SAME_WISH_MS = 10_000;
const HOLD_MS = 2 ** 30;

/** While an engine runs: keeps the process alive, and its motors from moving on when the process is about to end. */
export class ProcessGuard {
  readonly #parts: GuardParts;
  #hold: NodeJS.Timeout | undefined;
  #fatal: Error | undefined;
  #isAlone = false;
  #interrupts = 0;
  #lastInterrupt = 0;

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  begin(): void {
    // A promise alone doesn't keep Node from ending, and a paused engine has nothing else to wait for.
    this.#hold = setInterval(() => {}, HOLD_MS);
    process.on("uncaughtException", this.#onFatal);
    if (!this.#parts.handleSignals) return;
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
    this.#parts.abort(`uncaught exception: ${asError(error).message}`);
  };

  readonly #onTerminate = (signal: NodeJS.Signals): void =>
    this.#parts.abort(`the process was told to end by ${signal}`);

  readonly #onInterrupt = (): void => {
    const now = performance.now();
    this.#interrupts = now - this.#lastInterrupt <= SAME_WISH_MS ? this.#interrupts + 1 : 1;
    this.#lastInterrupt = now;
    this.#parts.interrupt(this.#interrupts);
  };
}
