import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { Document } from "../../document.ts";
import { countRows } from "./count-rows.ts";
import type { LeftFolder, Owner } from "./journal-owner.ts";
import { unpackPosition } from "./position.ts";
import type { JournalRecord } from "./record.ts";
import { makeSpare, retire, segmentIndex, segmentName } from "./segment-file.ts";
import { SegmentReader } from "./segment-reader.ts";

/** A document on its way, and the segment that can go when all of its documents are stored. */
export interface Pending {
  readonly record: JournalRecord;
  readonly source: JournalSource;
  readonly segment: Segment;
  readonly points: number;
  /** What it is in the database; a page has many rows. */
  readonly rows: number;
  rowsLeft: number;
}

interface Segment {
  readonly index: number;
  unsettled: number;
  /** Nothing more comes from it. */
  done: boolean;
  /** Something in the middle of it can't be read: its file is kept for people. */
  isDamaged: boolean;
}

export interface JournalReading {
  /** What a document is in the database. */
  countRows(document: Document): number;
  /** Told of a segment that can't be read as a whole; `path` is where it is kept when it is damaged. */
  report(path: string, damage: Damage): void;
  /** Where damaged segments are kept. */
  readonly keepIn: string;
}

/** `torn`: it ends in half a record. `damaged`: there are whole records after one that can't be read. */
export type Damage = "torn" | "damaged";

/** Reads one folder of the journal in order, removes segments that are stored, and the folder at its end when it was left by another writer. */
export class JournalSource {
  readonly folder: string;
  readonly owner: Owner | undefined;
  readonly #position: BigInt64Array | undefined;
  readonly #reading: JournalReading;
  readonly #carried: number;
  readonly #segments: Segment[] = [];
  #waiting: number[];
  #reader: SegmentReader | undefined;
  #current: Segment | undefined;

  /**
   * `position` is where the writer of a living folder is; without it the folder is a closed one. `carried` is the last segment of a living
   * folder that was read before, by somebody who may have stored parts of it; 0 by default.
   */
  constructor({ folder, owner }: LeftFolder, reading: JournalReading, position?: SharedArrayBuffer, carried = 0) {
    this.folder = folder;
    this.owner = owner;
    this.#reading = reading;
    this.#position = position === undefined ? undefined : new BigInt64Array(position);
    this.#carried = carried;
    this.#waiting = listSegments(folder).filter((index) => position === undefined || index <= carried);
    if (position !== undefined && carried === 0) void makeSpare(folder);
  }

  /** Whether another process wrote it. */
  get isAdopted(): boolean {
    return this.#position === undefined;
  }

  /** Whether everything in an adopted folder is stored. */
  get isDrained(): boolean {
    return this.isAdopted && this.#waiting.length === 0 && this.#current === undefined && this.#segments.length === 0;
  }

  /** Whether the segment was read by somebody before. */
  isCarried({ index }: Segment): boolean {
    return !this.isAdopted && index <= this.#carried;
  }

  /** Whether everything that was read before is stored. */
  get isRecovered(): boolean {
    return this.#waiting.length === 0 && !this.#segments.some((segment) => this.isCarried(segment));
  }

  /** The next document, or undefined when there is none now. */
  next(): Pending | undefined {
    for (;;) {
      const { segment: newest, size } = this.#head();
      if (this.#reader === undefined && !this.#openNext(newest, size)) return undefined;
      const [reader, segment] = [this.#reader, this.#current];
      if (reader === undefined || segment === undefined) return undefined;
      const living = !this.isAdopted && segment.index === newest;
      const record = living ? reader.read(size) : reader.read();
      if (record !== undefined) {
        segment.unsettled++;
        if (record.packed !== undefined) return { record, source: this, segment, points: 1, rows: 1, rowsLeft: 1 };
        const rows = this.#reading.countRows(record.document);
        return { record, source: this, segment, points: countRows(record.document), rows, rowsLeft: rows };
      }
      if (living) return undefined;
      if ((this.isAdopted || reader.isTorn) && reader.skipDamage()) segment.isDamaged = true;
      else this.#finish(reader, segment);
    }
  }

  /** Tells that a document needn't be kept any longer. */
  settled(segment: Segment): void {
    segment.unsettled--;
    this.#remove(segment);
  }

  close(): void {
    this.#reader?.close();
    this.#reader = undefined;
  }

  #head(): { segment: number; size: number } {
    if (this.#position === undefined) return { segment: 0, size: 0 };
    return unpackPosition(Atomics.load(this.#position, 0));
  }

  #openNext(newest: number, size: number): boolean {
    const left = this.#waiting.shift();
    const next = left ?? Math.max(this.#current?.index ?? 0, this.#carried) + 1;
    const isThere = left !== undefined || (!this.isAdopted && (next < newest || (next === newest && size > 0)));
    if (!isThere) {
      if (this.isDrained) rmSync(this.folder, { recursive: true, force: true });
      return false;
    }
    this.#reader = new SegmentReader(join(this.folder, segmentName(next)), next);
    this.#current = { index: next, unsettled: 0, done: false, isDamaged: false };
    this.#segments.push(this.#current);
    return true;
  }

  #finish(reader: SegmentReader, segment: Segment): void {
    const torn = reader.isTorn;
    reader.close();
    this.#reader = undefined;
    // In a closed folder a torn record is one whose write() never returned, unless a power loss took it.
    if (segment.isDamaged) this.#reading.report(this.#keep(reader.path), "damaged");
    else if (torn) this.#reading.report(reader.path, "torn");
    segment.done = true;
    if (this.isAdopted) this.#current = undefined;
    this.#remove(segment);
  }

  /** A copy for people: what can be read of it is stored. */
  #keep(path: string): string {
    mkdirSync(this.#reading.keepIn, { recursive: true });
    const kept = join(this.#reading.keepIn, `${basename(this.folder)}-${basename(path)}`);
    copyFileSync(path, kept);
    return kept;
  }

  #remove(segment: Segment): void {
    if (!segment.done || segment.unsettled > 0) return;
    const at = this.#segments.indexOf(segment);
    if (at < 0) return;
    this.#segments.splice(at, 1);
    if (this.isAdopted || segment.isDamaged) rmSync(join(this.folder, segmentName(segment.index)), { force: true });
    else retire(this.folder, segment.index);
    if (this.isDrained) rmSync(this.folder, { recursive: true, force: true });
  }
}

function listSegments(folder: string): number[] {
  const found: number[] = [];
  for (const name of readdirSync(folder)) {
    const index = segmentIndex(name);
    if (index !== undefined) found.push(index);
  }
  return found.sort((one, other) => one - other);
}
