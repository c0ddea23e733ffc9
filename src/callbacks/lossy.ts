import type { Document } from "../documents/document.ts";
import { LossyQueue, type LossyQueueOptions } from "../documents/lossy-queue.ts";
import { DocumentCallback } from "./document-callback.ts";

export interface LossyOptions extends LossyQueueOptions {}

/**
 * A subscriber that is too slow for the engine and need not have everything, such as a plot. It gets its documents one by one whenever
 * there is time, and the engine never waits for it: where too many wait, the newest data are left out and counted in `dropped`.
 * Documents without which others make no sense (start, descriptors, resources and stop) always arrive.
 */
export class Lossy extends DocumentCallback {
  readonly #queue: LossyQueue;

  constructor(subscriber: (document: Document) => unknown, options: LossyOptions = {}) {
    super();
    if (typeof subscriber !== "function") throw new TypeError(`Lossy takes a function, not ${String(subscriber)}`);
    this.#queue = new LossyQueue("a lossy subscriber", subscriber, options);
  }

  /** How many documents were left out so far. */
  get dropped(): number {
    return this.#queue.dropped;
  }

  override write(document: Document): void {
    this.#queue.push(document);
  }

  /** Resolves when the subscriber has had all that waits. */
  override async flush(): Promise<void> {
    await this.#queue.flush();
  }

  override async close(): Promise<void> {
    await this.flush();
  }
}
