import { Binary } from "mongodb";
import type { Document, EventPage } from "../../document.ts";
import { isTypedArray } from "../../values.ts";
import { type BsonDocument, type Convert, toBson, toDouble, toLong } from "./bson.ts";
import { type ConvertersOf, NORMALIZED, type RowLayout, type Rows } from "./rows.ts";

/** A column as it is stored: the memory of a typed array with its kind, or the values. */
export type StoredColumn =
  | { readonly key: string; readonly kind: string; readonly data: Binary }
  | { readonly key: string; readonly values: readonly unknown[] }
  | { readonly key: string; readonly as: number };

/** A part of a page in the `event_page` collection. */
export interface StoredPage {
  readonly uid: string;
  readonly descriptor: string;
  readonly first_seq_num: number;
  readonly uids: readonly string[];
  readonly seq_num: readonly number[];
  readonly time: readonly StoredColumn[];
  readonly data: readonly StoredColumn[];
  readonly timestamps: readonly StoredColumn[];
  readonly filled: readonly StoredColumn[];
}

// Well under MongoDB's 16 MiB, for what the estimate doesn't see.
const PART_BYTES = 10 * 1024 * 1024;
const ROW_BYTES = 100;
const ELEMENT_BYTES = 20;

/** Pages stay pages, in parts that MongoDB takes; everything else lies as in the normalized layout. */
export const COLUMNS: RowLayout = {
  count: (document) =>
    document.name === "event_page"
      ? Math.ceil(document.doc.uid.length / partRows(document.doc))
      : NORMALIZED.count(document),
  rows: (document, converters) =>
    document.name === "event_page" ? partsOf(document.doc, converters) : NORMALIZED.rows(document, converters),
};

function partsOf(page: EventPage, converters: ConvertersOf): Rows {
  const step = partRows(page);
  const known = converters(page.descriptor);
  return {
    collection: "event_page",
    count: Math.ceil(page.uid.length / step),
    row: (at) => partOf(page, at * step, (at + 1) * step, known),
    original: (at): { name: Document["name"]; doc: unknown } => ({
      name: "event_page",
      doc: cutPage(page, at * step, (at + 1) * step),
    }),
  };
}

function partOf(
  page: EventPage,
  from: number,
  to: number,
  converters: ReadonlyMap<string, Convert> | undefined,
): BsonDocument {
  const part = cutPage(page, from, to);
  const convert = (key: string): Convert => converters?.get(key) ?? toBson;
  return {
    uid: part.uid[0],
    descriptor: page.descriptor,
    first_seq_num: toLong(part.seq_num[0], "seq_num"),
    uids: part.uid,
    seq_num: Array.from(part.seq_num, (seqNum) => toLong(seqNum, "seq_num")),
    time: columnsOf({ time: part.time }, () => toDouble),
    data: columnsOf(part.data, convert),
    timestamps: columnsOf(part.timestamps, () => toDouble),
    filled: columnsOf(part.filled ?? {}, () => toBson),
  };
}

function columnsOf(columns: Record<string, ArrayLike<unknown>>, convert: (key: string) => Convert): BsonDocument[] {
  const entries = Object.entries(columns);
  const known = new Map<unknown, number>();
  return entries.map(([key, values], at) => {
    const same = known.get(values);
    if (same !== undefined) return { key, as: same };
    known.set(values, at);
    if (isTypedArray(values)) {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      return { key, kind: values[Symbol.toStringTag], data: new Binary(bytes.slice()) };
    }
    const element = convert(key);
    return { key, values: Array.from(values, (value) => element(value, key)) };
  });
}

function cutPage(page: EventPage, from: number, to: number): EventPage {
  if (from === 0 && to >= page.uid.length) return page;
  const seen = new Map<unknown, ArrayLike<unknown>>();
  const cut = <C extends ArrayLike<unknown>>(column: C): C => {
    const known = seen.get(column) ?? Array.prototype.slice.call(column, from, to);
    const part = isTypedArray(column) && !seen.has(column) ? column.slice(from, to) : known;
    seen.set(column, part as ArrayLike<unknown>);
    return part as C;
  };
  const all = <C extends ArrayLike<unknown>>(columns: Record<string, C>): Record<string, C> =>
    Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, cut(column)]));
  return {
    uid: page.uid.slice(from, to),
    time: cut(page.time),
    descriptor: page.descriptor,
    seq_num: cut(page.seq_num),
    data: all(page.data),
    timestamps: all(page.timestamps),
    ...(page.filled === undefined ? {} : { filled: all(page.filled) }),
  };
}

/** The same for the same page every time, so that a part that is stored twice is found to be the same. */
function partRows(page: EventPage): number {
  let bytes = ROW_BYTES;
  for (const columns of [page.data, page.timestamps, page.filled ?? {}]) {
    for (const column of Object.values(columns) as ArrayLike<unknown>[]) bytes += elementBytes(column);
  }
  return Math.max(1, Math.floor(PART_BYTES / bytes));
}

function elementBytes(column: ArrayLike<unknown>): number {
  if (isTypedArray(column)) return column.BYTES_PER_ELEMENT;
  let most = 1;
  for (let at = 0; at < column.length; at++) {
    const value = column[at];
    if (typeof value === "string") most = Math.max(most, value.length / 4);
    else if (Array.isArray(value) || isTypedArray(value)) most = Math.max(most, value.length);
  }
  return most * ELEMENT_BYTES;
}
