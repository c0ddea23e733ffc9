import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { decodeRecord, type JournalRecord, PREFIX_BYTES, recordBytes } from "./record.ts";

const CHUNK_BYTES = 1024 * 1024;

/** Reads the records of one segment in order, also while it is being written. */
export class SegmentReader {
  readonly path: string;
  readonly #segment: number;
  readonly #fd: number;
  #chunk = Buffer.alloc(0);
  #at = 0;
  #next = 0;

  constructor(path: string, segment: number) {
    this.#segment = segment;
    this.path = path;
    this.#fd = openSync(path, "r");
  }

  /** The next record that lies whole before `limit` (in bytes; by default the end of the file), or undefined. */
  read(limit: number = fstatSync(this.#fd).size): JournalRecord | undefined {
    if (!this.#have(PREFIX_BYTES, limit)) return undefined;
    const bytes = recordBytes(this.#chunk.subarray(this.#at, this.#at + PREFIX_BYTES), this.#segment);
    if (bytes === undefined || !this.#have(bytes, limit)) return undefined;
    const record = decodeRecord(this.#chunk.subarray(this.#at, this.#at + bytes));
    if (record !== undefined) this.#at += bytes;
    return record;
  }

  /** Whether after the last record that could be read comes one that is broken. */
  get isTorn(): boolean {
    const there = Math.min(PREFIX_BYTES, this.#chunk.length - this.#at);
    return recordBytes(this.#chunk.subarray(this.#at, this.#at + there), this.#segment) !== undefined;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #have(bytes: number, limit: number): boolean {
    const there = this.#chunk.length - this.#at;
    if (there >= bytes) return true;
    const unread = limit - this.#next;
    if (there + unread < bytes) return false;
    // A new buffer each time: what was read from the old one may still look into it.
    const chunk = Buffer.allocUnsafeSlow(Math.max(Math.min(CHUNK_BYTES, there + unread), bytes));
    this.#chunk.copy(chunk, 0, this.#at);
    const read = readSync(this.#fd, chunk, there, Math.min(chunk.length - there, unread), this.#next);
    this.#next += read;
    this.#chunk = chunk.subarray(0, there + read);
    this.#at = 0;
    return this.#chunk.length >= bytes;
  }
}
