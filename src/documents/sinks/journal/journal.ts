import { closeSync, fdatasync, fdatasyncSync, openSync, writeSync, writevSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "../../document.ts";
import { reasonOf, SinkError } from "../sink-error.ts";
import { encodeRecord, PREFIX_BYTES } from "./record.ts";
import { SEGMENT_BYTES, segmentName, useSpare } from "./segment-file.ts";

export type FsyncPolicy = "never" | "interval" | "always";

/** How often the `interval` policy forces the journal to the disk. */
const FSYNC_INTERVAL_MS = 1_000;

const MOST_PARTS = 1_000;

/** Appends documents to the segment files of one folder. When `append` returns the document survives the death of the process. */
export class Journal {
  readonly folder: string;
  readonly #policy: FsyncPolicy;
  readonly #report: (error: SinkError) => void;
  #timer: NodeJS.Timeout | undefined;
  #fd: number | undefined;
  #segment = 0;
  #size = 0;

  constructor(folder: string, policy: FsyncPolicy, report: (error: SinkError) => void) {
    this.folder = folder;
    this.#policy = policy;
    this.#report = report;
  }

  /** Where the next record goes: how many bytes of which segment are whole records. */
  get position(): { segment: number; size: number } {
    if (this.#fd === undefined) return { segment: this.#segment + 1, size: 0 };
    return { segment: this.#segment, size: this.#size };
  }

  /** Appends one document and gives the bytes that it takes. A failed append leaves the journal as it was and names the file. */
  append(run: string, document: Document): number {
    if (this.#fd === undefined || this.#size >= SEGMENT_BYTES) this.#open();
    const { parts, bytes } = encodeRecord(run, document, this.#segment);
    const fd = this.#fd as number;
    try {
      writeAll(fd, parts, this.#size);
      if (this.#policy === "always") fdatasyncSync(fd);
    } catch (cause) {
      this.#takeBack(fd);
      throw new SinkError("journal", `The journal ${this.#path} can't be written: ${reasonOf(cause)}`, { cause });
    }
    this.#size += bytes;
    if (this.#policy === "interval") this.#timer ??= setTimeout(() => this.#sync(), FSYNC_INTERVAL_MS).unref();
    return bytes;
  }

  /** What follows goes to a new segment, so that the old one can be removed. */
  rotate(): void {
    if (this.#fd === undefined) return;
    if (this.#timer !== undefined) this.#sync();
    closeSync(this.#fd);
    this.#fd = undefined;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  get #path(): string {
    return join(this.folder, segmentName(this.#segment));
  }

  #open(): void {
    this.rotate();
    this.#segment++;
    this.#size = 0;
    try {
      this.#fd = openSync(this.#path, useSpare(this.folder, this.#segment) ? "r+" : "wx");
    } catch (cause) {
      this.#segment--;
      throw new SinkError("journal", `The journal ${this.folder} takes no new file: ${reasonOf(cause)}`, { cause });
    }
  }

  /** What was half written is no record, and the next one goes to another file. */
  #takeBack(fd: number): void {
    try {
      writeSync(fd, Buffer.alloc(PREFIX_BYTES), 0, PREFIX_BYTES, this.#size);
    } catch {
      // Its checksum gives it away.
    }
    this.close();
  }

  #sync(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const path = this.#path;
    // The file may be closed meanwhile; a descriptor of our own outlives that.
    let fd: number;
    try {
      fd = openSync(path, "r+");
    } catch {
      return;
    }
    fdatasync(fd, (cause) => {
      closeSync(fd);
      if (cause !== null) {
        this.#report(
          new SinkError("journal", `The journal ${path} can't be forced to the disk: ${cause.message}`, { cause }),
        );
      }
    });
  }
}

function writeAll(fd: number, parts: readonly Uint8Array[], position: number): void {
  let left = parts;
  let at = position;
  while (left.length > 0) {
    const now = left.length > MOST_PARTS ? left.slice(0, MOST_PARTS) : left;
    const [only] = now;
    const written =
      now.length === 1 && only !== undefined ? writeSync(fd, only, 0, only.byteLength, at) : writevSync(fd, now, at);
    at += written;
    if (now.length === 1 && written === only?.byteLength) left = left.slice(1);
    else left = [...unwritten(now, written), ...left.slice(now.length)];
  }
}

function unwritten(parts: readonly Uint8Array[], written: number): Uint8Array[] {
  let skip = written;
  for (const [at, part] of parts.entries()) {
    if (skip < part.byteLength) return [part.subarray(skip), ...parts.slice(at + 1)];
    skip -= part.byteLength;
  }
  return [];
}
