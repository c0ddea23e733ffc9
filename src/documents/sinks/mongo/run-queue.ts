import type { Pending } from "../journal/journal-source.ts";

/** Rows of one document, `from` up to and without `to`. */
export interface Slice {
  readonly pending: Pending;
  readonly from: number;
  readonly to: number;
}

export interface Limits {
  readonly batchSize: number;
  readonly batchBytes: number;
  readonly batchAgeMs: number;
}

// What a document takes in BSON beside its bytes in the journal, where a double has 8 and a small integer 2.
const GROWTH = 4;

/** The documents of one run that are read from the journal and not stored yet, in the order of emission. */
export class RunQueue {
  readonly run: string;
  #items: Pending[] = [];
  #head = 0;
  #fromRow = 0;
  #rows = 0;
  #bytes = 0;
  #since = 0;
  #urgent = false;

  constructor(run: string) {
    this.run = run;
  }

  get isEmpty(): boolean {
    return this.#rows === 0;
  }

  push(pending: Pending, now: number): void {
    if (this.isEmpty) this.#since = now;
    this.#items.push(pending);
    this.#rows += pending.rows;
    this.#bytes += pending.record.bytes * GROWTH;
    const { name } = pending.record;
    if (name === "start" || name === "stop") this.#urgent = true;
  }

  /** Everything that is here now goes at once. */
  hurry(): void {
    if (!this.isEmpty) this.#urgent = true;
  }

  /** When the next batch is to go, in the time of `push`; 0 for at once. */
  dueAt({ batchSize, batchBytes, batchAgeMs }: Limits): number {
    if (this.isEmpty) return Number.POSITIVE_INFINITY;
    if (this.#urgent || this.#rows >= batchSize || this.#bytes >= batchBytes) return 0;
    return this.#since + batchAgeMs;
  }

  /** The next batch; a stop comes alone, after everything else. */
  take({ batchSize, batchBytes }: Limits, now: number): Slice[] {
    const batch: Slice[] = [];
    let rows = 0;
    let bytes = 0;
    while (rows < batchSize && this.#head < this.#items.length) {
      const pending = this.#items[this.#head] as Pending;
      const { record } = pending;
      if (record.name === "stop" && batch.length > 0) break;
      const total = pending.rows;
      const rowBytes = (record.bytes * GROWTH) / total;
      const room = Math.floor((batchBytes - bytes) / rowBytes);
      if (room < 1 && batch.length > 0) break;
      const to = Math.min(total, this.#fromRow + Math.max(1, Math.min(batchSize - rows, room)));
      batch.push({ pending, from: this.#fromRow, to });
      rows += to - this.#fromRow;
      bytes += (to - this.#fromRow) * rowBytes;
      this.#fromRow = to;
      if (to < total) break;
      this.#head++;
      this.#fromRow = 0;
      if (record.name === "stop") break;
    }
    this.#rows -= rows;
    this.#bytes -= bytes;
    this.#since = now;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
      this.#bytes = 0;
      this.#urgent = false;
    } else if (this.#head > 1_000) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return batch;
  }
}
