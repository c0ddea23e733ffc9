import type { Msg } from "./msg.ts";

/** The messages since the last checkpoint, which are handled again after a pause. Without it a plan can't be paused. */
export class RewindCache {
  #messages: Msg[] | undefined = [];

  /** Whether a pause is possible: until a plan says `clear_checkpoint`. */
  get resumable(): boolean {
    return this.#messages !== undefined;
  }

  record(msg: Msg): void {
    this.#messages?.push(msg);
  }

  has(msg: Msg): boolean {
    return this.#messages?.includes(msg) ?? false;
  }

  /** Forgets what would be replayed; a cleared checkpoint stays cleared. */
  reset(): void {
    if (this.#messages !== undefined && this.#messages.length > 0) this.#messages = [];
  }

  /** From here on there is no way back, until the end of the run. */
  forbid(): void {
    this.#messages = undefined;
  }

  /** Hands out the messages to replay, which fill the cache again while they are handled. */
  take(): Msg[] {
    const messages = this.#messages ?? [];
    this.reset();
    return messages;
  }

  /** Forgets the messages of a run that is closed and that would make no sense without it. */
  forget(isStale: (msg: Msg) => boolean): void {
    this.#messages = this.#messages?.filter((msg) => !isStale(msg));
  }
}
