import { deserialize, serialize } from "node:v8";
import { crc32 } from "node:zlib";
import { COLUMN_KINDS } from "../../column-kinds.ts";
import type { Document, DocumentName, Event, EventPage } from "../../document.ts";
import { isTypedArray, type TypedArray } from "../../values.ts";
import { type PackedEvent, type PackedRow, packEvent, readPacked, unpackEvent } from "./packed-event.ts";

/**
 * A journal record: a prefix, the header, and the columns taken out of the document as they lie in memory. Everything starts at a multiple
 * of 8 bytes, so that the reader can use the columns where they are.
 *
 *   0 magic   4 bytes of all that follows the prefix   8 bytes of the header   12 checksum   16 form of the header   20 segment
 *
 * Segment files are used again, so what comes after the last record may be a record of an earlier segment.
 */
export const PREFIX_BYTES = 24;
const MAGIC = 0x314a5243;
const MAGIC_BYTES = Buffer.from("CRJ1", "latin1");
const JSON_FORM = 0;
const V8_FORM = 1;
const PACKED_FORM = 2;

// A power loss leaves whole pages of the file unwritten; one sample a page finds them at a small part of the price of a full checksum.
const PAGE_BYTES = 4096;
const SAMPLE_BYTES = 32;

// Below this a column costs more as a part of its own than within the header.
const SMALL_COLUMN_BYTES = 256;

const PADDING = new Uint8Array(8);
let scratch = Buffer.alloc(4096);

export interface JournalRecord {
  readonly run: string;
  readonly name: DocumentName;
  /** Made when it is asked for, where there is `packed`. */
  readonly document: Document;
  readonly packed?: PackedRow;
  /** The bytes of the record in the journal. */
  readonly bytes: number;
}

interface Header {
  readonly run: string;
  readonly name: string;
  readonly doc: Record<string, unknown>;
  /** The uids of a page are one string, cut every so many characters: half the price of as many strings. */
  readonly uidLength?: number;
  /** Kind and length of each column that follows. */
  readonly columns?: readonly (readonly [kind: string, length: number])[];
  /** Where the columns belong: member of the document, key within it (none for time and seq_num), index of the column. */
  readonly taken?: readonly (readonly [member: string, key: string | null, column: number])[];
}

export interface EncodedRecord {
  /** To be written one after the other, before the next record is made; they may lie in memory that the document owns. */
  readonly parts: readonly Uint8Array[];
  readonly bytes: number;
}

/** Makes the record of a document; large typed arrays are neither copied nor converted, and one that occurs twice is stored once. */
export function encodeRecord(run: string, document: Document, segment: number): EncodedRecord {
  if (document.name === "event") {
    const packed = packEvent(run, document.doc);
    if (packed !== undefined) return assemblePacked(packed, segment);
    if (isPlainEvent(document.doc)) {
      return assemble(Buffer.from(JSON.stringify({ run, name: "event", doc: document.doc })), JSON_FORM, segment, []);
    }
  }
  const { header, columns } = takeColumns(run, document);
  return assemble(serialize(header), V8_FORM, segment, columns);
}

function assemble(header: Buffer, form: number, segment: number, columns: readonly TypedArray[]): EncodedRecord {
  const front = Buffer.alloc(PREFIX_BYTES);
  const parts: Uint8Array[] = [front];
  let body = 0;
  const add = (bytes: Uint8Array): void => {
    parts.push(bytes);
    const room = roomFor(bytes.byteLength);
    if (room !== bytes.byteLength) parts.push(PADDING.subarray(0, room - bytes.byteLength));
    body += room;
  };
  add(header);
  for (const column of columns) add(bytesOf(column));
  writePrefix(front, { body, header: header.length, sum: checksum(header, columns), form, segment });
  return { parts, bytes: PREFIX_BYTES + body };
}

/** In one piece, which is cheaper to write than several while it is so small, and in memory that the next event uses again. */
function assemblePacked({ head, numbers, uid, uidBytes }: PackedEvent, segment: number): EncodedRecord {
  const first = PREFIX_BYTES + roomFor(head.length);
  const end = first + numbers.length + uidBytes;
  const bytes = roomFor(end);
  if (scratch.length < bytes) scratch = Buffer.alloc(2 * bytes);
  scratch.set(head, PREFIX_BYTES);
  scratch.fill(0, PREFIX_BYTES + head.length, first);
  scratch.set(numbers, first);
  scratch.write(uid, first + numbers.length);
  scratch.fill(0, end, bytes);
  const record = scratch.subarray(0, bytes);
  const sum = crc32(record.subarray(PREFIX_BYTES));
  writePrefix(record, { body: bytes - PREFIX_BYTES, header: head.length, sum, form: PACKED_FORM, segment });
  return { parts: [record], bytes };
}

function writePrefix(
  record: Buffer,
  { body, header, sum, form, segment }: { body: number; header: number; sum: number; form: number; segment: number },
): void {
  record.writeUInt32LE(MAGIC, 0);
  record.writeUInt32LE(body, 4);
  record.writeUInt32LE(header, 8);
  record.writeUInt32LE(sum, 12);
  record.writeUInt32LE(form, 16);
  record.writeUInt32LE(segment, 20);
}

/** The bytes of a whole record from its prefix; undefined when there is no record of this segment. */
export function recordBytes(prefix: Buffer, segment: number): number | undefined {
  if (prefix.length < PREFIX_BYTES || prefix.readUInt32LE(0) !== MAGIC || prefix.readUInt32LE(20) !== segment)
    return undefined;
  return PREFIX_BYTES + prefix.readUInt32LE(4);
}

/** Where the next record could begin, from a place on; undefined when there is none. Only its checksum tells whether one does. */
export function findRecord(bytes: Buffer, from: number, segment: number): number | undefined {
  for (let at = bytes.indexOf(MAGIC_BYTES, from); at >= 0; at = bytes.indexOf(MAGIC_BYTES, at + 1)) {
    if (recordBytes(bytes.subarray(at, at + PREFIX_BYTES), segment) !== undefined) return at;
  }
  return undefined;
}

/** Reads a whole record back; undefined when its checksum is wrong. Columns are views of `record`, which must not change afterwards. */
export function decodeRecord(record: Buffer): JournalRecord | undefined {
  const headerLength = record.readUInt32LE(8);
  const headerRoom = roomFor(headerLength);
  if (PREFIX_BYTES + headerRoom > record.length) return undefined;
  const bytes = record.subarray(PREFIX_BYTES, PREFIX_BYTES + headerLength);
  const expected = record.readUInt32LE(12);
  const form = record.readUInt32LE(16);
  if (form === PACKED_FORM) return decodePacked(record, headerLength, expected);
  const json = form === JSON_FORM;
  if (json && checksum(bytes, []) !== expected) return undefined;
  let header: Header;
  try {
    header = (json ? JSON.parse(bytes.toString()) : deserialize(bytes)) as Header;
  } catch {
    return undefined;
  }
  const columns = readColumns(record, PREFIX_BYTES + headerRoom, header.columns ?? []);
  if (columns === undefined || (!json && checksum(bytes, columns) !== expected)) return undefined;
  for (const [member, key, at] of header.taken ?? []) {
    if (key === null) header.doc[member] = columns[at];
    else (header.doc[member] as Record<string, unknown>)[key] = columns[at];
  }
  if (header.uidLength !== undefined) header.doc.uid = cut(header.doc.uid as string, header.uidLength);
  const document = { name: header.name, doc: header.doc } as unknown as Document;
  return { run: header.run, name: document.name, document, bytes: record.length };
}

function decodePacked(record: Buffer, headLength: number, expected: number): JournalRecord | undefined {
  const start = PREFIX_BYTES + roomFor(headLength);
  if (crc32(record.subarray(PREFIX_BYTES)) !== expected) return undefined;
  const aligned = alignedFor(record);
  const head = aligned.subarray(PREFIX_BYTES, PREFIX_BYTES + headLength);
  return new PackedRecord(readPacked(head, aligned.subarray(start)), record.length);
}

class PackedRecord implements JournalRecord {
  readonly name = "event";
  readonly packed: PackedRow;
  readonly bytes: number;

  constructor(packed: PackedRow, bytes: number) {
    this.packed = packed;
    this.bytes = bytes;
  }

  get run(): string {
    return this.packed.head.run;
  }

  get document(): Document {
    return { name: "event", doc: unpackEvent(this.packed) };
  }
}

/** A view of numbers must start at a multiple of their size. */
function alignedFor(record: Buffer): Buffer {
  return record.byteOffset % 8 === 0 ? record : Buffer.from(new Uint8Array(record).buffer);
}

function readColumns(record: Buffer, start: number, columns: NonNullable<Header["columns"]>): TypedArray[] | undefined {
  const read: TypedArray[] = [];
  const aligned = columns.length === 0 ? record : alignedFor(record);
  let at = start;
  for (const [kind, length] of columns) {
    const type = COLUMN_KINDS[kind as keyof typeof COLUMN_KINDS];
    const bytes = type === undefined ? Number.POSITIVE_INFINITY : length * type.BYTES_PER_ELEMENT;
    if (at + bytes > record.length) return undefined;
    read.push(new type(aligned.buffer as ArrayBuffer, aligned.byteOffset + at, length));
    at += roomFor(bytes);
  }
  return read;
}

function takeColumns(run: string, { name, doc }: Document): { header: Header; columns: TypedArray[] } {
  const columns: TypedArray[] = [];
  const taken: [string, string | null, number][] = [];
  const known = new Map<unknown, number>();
  const take = (member: string, key: string | null, value: unknown): boolean => {
    if (!isTypedArray(value) || value.byteLength < SMALL_COLUMN_BYTES) return false;
    let at = known.get(value);
    if (at === undefined) {
      at = columns.push(value) - 1;
      known.set(value, at);
    }
    taken.push([member, key, at]);
    return true;
  };
  const header: Header = { run, name, doc: { ...doc } };
  if (name === "event" || name === "event_page") {
    for (const [member, value] of Object.entries(doc)) {
      if (take(member, null, value)) header.doc[member] = null;
      else if (member === "data" || member === "timestamps") {
        const inner: Record<string, unknown> = {};
        // The place is kept, and with it the order of the keys.
        for (const [key, column] of Object.entries(value as object))
          inner[key] = take(member, key, column) ? null : column;
        header.doc[member] = inner;
      }
    }
  }
  if (columns.length === 0) return { header, columns };
  const uidLength = name === "event_page" ? commonLength(doc.uid) : undefined;
  if (uidLength !== undefined) header.doc.uid = (doc as EventPage).uid.join("");
  return {
    header: {
      ...header,
      ...(uidLength === undefined ? {} : { uidLength }),
      columns: columns.map((column) => [kindOf(column), column.length]),
      taken,
    },
    columns,
  };
}

/** The length of all the strings; undefined when they differ. */
function commonLength(uids: readonly string[]): number | undefined {
  const length = uids[0]?.length ?? 0;
  return length > 0 && uids.every((uid) => uid.length === length) ? length : undefined;
}

function cut(text: string, length: number): string[] {
  return Array.from({ length: text.length / length }, (_, at) => text.slice(at * length, (at + 1) * length));
}

function kindOf(column: TypedArray): string {
  return column[Symbol.toStringTag];
}

/** Whether JSON.stringify, several times faster than v8.serialize on something so small, keeps the event without loss. */
function isPlainEvent({ data, timestamps, time }: Event): boolean {
  if (!Number.isFinite(time)) return false;
  for (const key in data) {
    const value = data[key];
    if (typeof value === "number" ? !isPlainNumber(value) : typeof value !== "string" && typeof value !== "boolean") {
      return false;
    }
  }
  for (const key in timestamps) {
    const value = timestamps[key];
    if (typeof value !== "number" || !isPlainNumber(value)) return false;
  }
  return true;
}

function isPlainNumber(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function checksum(header: Uint8Array, columns: readonly TypedArray[]): number {
  let sum = crc32(header);
  if (columns.length === 0) return sum;
  let samples = 0;
  for (const { byteLength } of columns) samples += Math.ceil(byteLength / PAGE_BYTES);
  const sampled = new Uint8Array(samples * SAMPLE_BYTES);
  let at = 0;
  for (const column of columns) {
    const bytes = bytesOf(column);
    for (let from = 0; from < bytes.length; from += PAGE_BYTES) {
      const end = Math.min(from + SAMPLE_BYTES, bytes.length);
      for (let byte = from; byte < end; byte++) sampled[at++] = bytes[byte] as number;
    }
  }
  sum = crc32(sampled, sum);
  return sum;
}

function bytesOf(column: TypedArray): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

function roomFor(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
