import { type Status, status } from "../status.ts";

/** What a trigger begins on a record, and `stop` ends. */
export class Acquisition {
  #stopping = new AbortController();
  #succeeds = false;

  /** `work` rejects with the reason of `ended` at once. When it fails, nothing goes on behind whoever waits no longer: `halt` is called. */
  begin(work: (ended: AbortSignal) => Promise<void>, halt: () => Promise<void>): Status {
    const stopping = new AbortController();
    this.#stopping = stopping;
    return status(async ({ signal }) => {
      try {
        await work(AbortSignal.any([signal, stopping.signal]));
      } catch (error) {
        if (stopping.signal.aborted && this.#succeeds) return;
        if (!stopping.signal.aborted) halt().catch(() => {});
        throw error;
      }
    });
  }

  /** The device called `name` has been told to stop. */
  stopped(name: string, success: boolean): void {
    this.#succeeds = success;
    this.#stopping.abort(new Error(`Device ${name} was stopped.`));
  }
}
