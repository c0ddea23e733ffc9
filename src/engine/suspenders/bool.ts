import { Suspender } from "./suspender.ts";

/** Holds the engine while the signal is high. */
export class SuspendBoolHigh extends Suspender {
  protected shouldSuspend(value: unknown): boolean {
    return Boolean(value);
  }

  protected shouldResume(value: unknown): boolean {
    return !value;
  }

  protected justify(): string {
    return `${this.name} is high`;
  }
}

/** Holds the engine while the signal is low. */
export class SuspendBoolLow extends Suspender {
  protected shouldSuspend(value: unknown): boolean {
    return !value;
  }

  protected shouldResume(value: unknown): boolean {
    return Boolean(value);
  }

  protected justify(): string {
    return `${this.name} is low`;
  }
}
