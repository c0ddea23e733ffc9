import { asError } from "./errors.ts";
import type { RestorePoint } from "./protocols.ts";
import { restorePointsOf } from "./restore-points.ts";
import type { SignalRW } from "./signal.ts";

/** Values that signals have while a device is staged, and what they had before. */
export class StagedValues {
  readonly #wanted = new Map<SignalRW<any>, unknown>();
  /** In the order in which they were changed. */
  readonly #former = new Map<SignalRW<any>, unknown>();

  want<T>(signal: SignalRW<T>, value: T): void {
    this.#wanted.set(signal, value);
  }

  /** Sets them one after the other; when one fails, those before it are put back. */
  async stage(): Promise<void> {
    try {
      for (const [signal, value] of this.#wanted) {
        if (!this.#former.has(signal)) this.#former.set(signal, (await signal.locate()).setpoint);
        await signal.set(value).wait();
      }
    } catch (error) {
      await this.unstage().catch(() => {});
      throw error;
    }
  }

  /** Puts back what they had, the last first, each of them whatever becomes of the others. */
  async unstage(): Promise<void> {
    const former = [...this.#former].reverse();
    this.#former.clear();
    const errors: Error[] = [];
    for (const [signal, value] of former) {
      await signal
        .set(value)
        .wait()
        .catch((error: unknown) => void errors.push(asError(error)));
    }
    if (errors.length === 0) return;
    const messages = errors.map(({ message }) => message).join("; ");
    throw new AggregateError(errors, `what was staged could not be put back: ${messages}`);
  }

  recoverable(): Promise<readonly RestorePoint[]> {
    return restorePointsOf(this.#wanted.keys());
  }
}
