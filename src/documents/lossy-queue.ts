import type { Document } from "./document.ts";
import { asError } from "./tap.ts";

export interface LossyQueueOptions {
  /** How many documents may wait; 10,000 by default. */
  size?: number;
  /** Told what the subscriber threw, and of the first loss of each run; a process warning by default. */
  report?: (error: Error) => void;
}

const FRAME: ReadonlySet<string> = new Set(["start", "descriptor", "stop", "resource", "stream_resource"]);

/**
 * Hands documents on one by one whenever there is time. Where too many wait, the newest data are left out and counted;
 * documents without which others make no sense (start, descriptors, resources and stop) always arrive.
 */
export class LossyQueue {
  readonly #deliver: (document: Document) => unknown;
  readonly #name: string;
  readonly #size: number;
  readonly #report: (error: Error) => void;
  readonly #waiting: Document[] = [];
  #draining: Promise<void> | undefined;
  #dropped = 0;
  #told = false;

  /** `name` is what warnings and errors call it. */
  constructor(name: string, deliver: (document: Document) => unknown, options: LossyQueueOptions = {}) {
    const { size = 10_000, report = (error) => process.emitWarning(error) } = options;
    if (!(size >= 1)) throw new RangeError(`${name}: size must be 1 or more, got ${size}`);
    this.#name = name;
    this.#deliver = deliver;
    this.#size = size;
    this.#report = report;
  }

  /** How many documents were left out so far. */
  get dropped(): number {
    return this.#dropped;
  }

  push(document: Document): void {
    if (document.name === "start") this.#told = false;
    if (this.#waiting.length >= this.#size && !FRAME.has(document.name)) {
      this.#drop();
      return;
    }
    this.#waiting.push(document);
    this.#draining ??= this.#drain();
  }

  /** Resolves when all that waits has been handed on. */
  async flush(): Promise<void> {
    await this.#draining;
  }

  #drop(): void {
    this.#dropped += 1;
    if (this.#told) return;
    this.#told = true;
    this.#report(new Error(`${this.#name} is too slow: with ${this.#size} documents waiting, data are left out`));
  }

  async #drain(): Promise<void> {
    for (;;) {
      await new Promise(setImmediate);
      const document = this.#waiting.shift();
      if (document === undefined) break;
      try {
        await this.#deliver(document);
      } catch (error) {
        this.#report(asError(error));
      }
    }
    this.#draining = undefined;
  }
}
