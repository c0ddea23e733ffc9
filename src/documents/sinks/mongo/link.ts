import { reasonOf } from "../sink-error.ts";
import type { Leases } from "./leases.ts";
import type { FromWorker } from "./protocol.ts";
import type { Store } from "./store.ts";

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2_000;

/** Whether MongoDB takes what it is given, as far as the last attempt can tell. */
export class Link {
  readonly #store: Store;
  readonly #leases: Leases;
  readonly #post: (message: FromWorker) => void;
  #up: boolean;
  #trying = 0;
  #ended = false;

  constructor(store: Store, leases: Leases, post: (message: FromWorker) => void, up: boolean) {
    this.#store = store;
    this.#leases = leases;
    this.#post = post;
    this.#up = up;
    if (up) return;
    const found = this.retry(() => leases.heartbeat()).then(() => this.#tell(true, ""));
    found.catch(() => undefined);
  }

  get isUp(): boolean {
    return this.#up;
  }

  /** Tries until it succeeds, with growing pauses; in between the writer is told that the link is down. Rejects only at the end of all. */
  async retry<T>(attempt: () => Promise<T>): Promise<T> {
    let failed = false;
    try {
      for (let pause = FIRST_RETRY_MS; ; pause = Math.min(LAST_RETRY_MS, pause * 2)) {
        try {
          await this.#store.connect(LAST_RETRY_MS);
          return await attempt();
        } catch (error) {
          if (this.#ended) throw error;
          if (!failed) this.#trying++;
          failed = true;
          this.#tell(false, reasonOf(error));
          this.#post({ type: "stored", batches: 0, retries: 1 });
          await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
        }
      }
    } finally {
      if (failed) this.#trying--;
      if (failed && this.#trying === 0 && !this.#ended) this.#tell(true, "");
    }
  }

  /** Shows that the engine lives, and finds out about the link while there is nothing to store. */
  async beat(): Promise<void> {
    try {
      await this.#store.connect(LAST_RETRY_MS);
      await this.#leases.heartbeat();
      if (this.#trying === 0) this.#tell(true, "");
    } catch (error) {
      this.#tell(false, reasonOf(error));
    }
  }

  /** What is being tried is given up. */
  end(): void {
    this.#ended = true;
  }

  #tell(up: boolean, reason: string): void {
    if (up === this.#up || this.#ended) return;
    this.#up = up;
    this.#post({ type: "link", up, reason });
  }
}
