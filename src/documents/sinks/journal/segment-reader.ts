import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { decodeRecord, findRecord, type JournalRecord, PREFIX_BYTES, recordBytes } from "./record.ts";

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

  /**
   * After what can't be read, goes on to the next whole record of a segment that nobody writes any more; false when there is none, which
   * is how every segment ends.
   */
  skipDamage(): boolean {
    const size = fstatSync(this.#fd).size;
    const start = this.#next - (this.#chunk.length - this.#at);
    const rest = Buffer.allocUnsafeSlow(Math.max(0, size - start));
    readSync(this.#fd, rest, 0, rest.length, start);
    for (let at = findRecord(rest, 1, this.#segment); at !== undefined; at = findRecord(rest, at + 1, this.#segment)) {
      const bytes = recordBytes(rest.subarray(at), this.#segment) ?? 0;
      if (at + bytes > rest.length || decodeRecord(rest.subarray(at, at + bytes)) === undefined) continue;
      this.#chunk = rest;
      this.#at = at;
      this.#next = size;
      return true;
    }
    return false;
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
