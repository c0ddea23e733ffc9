import { Suspender, type SuspenderOptions } from "./suspender.ts";

export interface ChangedOptions extends SuspenderOptions {
  /** By default the first value that the signal has. */
  expectedValue?: unknown;
  /** Whether the engine goes on when the signal has its expected value again; false by default. */
  allowResume?: boolean;
}

/** Holds the engine when the signal has another value than the expected one, such as another plane of a beamline. */
export class SuspendWhenChanged extends Suspender {
  readonly #allowResume: boolean;
  #expected: unknown;
  #changed = false;

  constructor(signal: unknown, options: ChangedOptions = {}) {
    super(signal, options);
    this.#expected = options.expectedValue;
    this.#allowResume = options.allowResume ?? false;
  }

  protected shouldSuspend(value: unknown): boolean {
    this.#expected ??= value;
    if (value !== this.#expected) this.#changed = true;
    return value !== this.#expected;
  }

  protected shouldResume(value: unknown): boolean {
    // A signal that was only away, and is back as it was, has not changed.
    return (this.#allowResume || !this.#changed) && value === this.#expected;
  }

  override remove(): void {
    super.remove();
    this.#changed = false;
  }

  protected justify(value: unknown): string {
    const advice = this.#allowResume ? "" : ". The plan can't go on from here: abort it and begin anew.";
    return `${this.name}, got "${String(value)}", expected "${String(this.#expected)}"${advice}`;
  }
}
