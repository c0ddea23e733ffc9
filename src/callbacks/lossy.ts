import type { Document } from "../documents/document.ts";
import { asError } from "../documents/tap.ts";
import { DocumentCallback } from "./document-callback.ts";

export interface LossyOptions {
  /** How many documents may wait; 10,000 by default. */
  size?: number;
  /** Told what the subscriber threw, and of the first loss of each run; a process warning by default. */
  report?: (error: Error) => void;
}

const FRAME: ReadonlySet<string> = new Set(["start", "descriptor", "stop", "resource", "stream_resource"]);

/**
 * A subscriber that is too slow for the engine and need not have everything, such as a plot. It gets its documents one by one whenever
 * there is time, and the engine never waits for it: where too many wait, the newest data are left out and counted in `dropped`.
 * Documents without which others make no sense (start, descriptors, resources and stop) always arrive.
 */
export class Lossy extends DocumentCallback {
  readonly #subscriber: (document: Document) => unknown;
  readonly #size: number;
  readonly #report: (error: Error) => void;
  readonly #waiting: Document[] = [];
  #draining: Promise<void> | undefined;
  #dropped = 0;
  #told = false;

  constructor(subscriber: (document: Document) => unknown, options: LossyOptions = {}) {
    super();
    const { size = 10_000, report = (error) => process.emitWarning(error) } = options;
    if (typeof subscriber !== "function") throw new TypeError(`Lossy takes a function, not ${String(subscriber)}`);
    if (!(size >= 1)) throw new RangeError(`Lossy: size must be 1 or more, got ${size}`);
    this.#subscriber = subscriber;
    this.#size = size;
    this.#report = report;
  }

  /** How many documents were left out so far. */
  get dropped(): number {
    return this.#dropped;
  }

  override write(document: Document): void {
    if (document.name === "start") this.#told = false;
    if (this.#waiting.length >= this.#size && !FRAME.has(document.name)) {
      this.#drop();
      return;
    }
    this.#waiting.push(document);
    this.#draining ??= this.#drain();
  }

  /** Resolves when the subscriber has had all that waits. */
  override async flush(): Promise<void> {
    await this.#draining;
  }

  override async close(): Promise<void> {
    await this.flush();
  }

  #drop(): void {
    this.#dropped += 1;
    if (this.#told) return;
    this.#told = true;
    this.#report(new Error(`a lossy subscriber is too slow: with ${this.#size} documents waiting, data are left out`));
  }

  async #drain(): Promise<void> {
    for (;;) {
      await new Promise(setImmediate);
      const document = this.#waiting.shift();
      if (document === undefined) break;
      try {
        await this.#subscriber(document);
      } catch (error) {
        this.#report(asError(error));
      }
    }
    this.#draining = undefined;
  }
}
