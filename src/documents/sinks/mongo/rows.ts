import type { DatumPage, Document, Event, EventDescriptor, EventPage } from "../../document.ts";
import { countRows } from "../journal/count-rows.ts";
import {
  type BsonDocument,
  type Convert,
  convertersOf,
  dataToBson,
  objectToBson,
  timesToBson,
  toBson,
  toDouble,
} from "./bson.ts";
import type { Collection } from "./collections.ts";
import { EventTemplate } from "./event-template.ts";

/** What a document becomes in the database: one BSON document, or one for each row of a page, made when it is asked for. */
export interface Rows {
  readonly collection: Collection;
  readonly count: number;
  /** As an object, or serialised where that is cheaper. Throws Unstorable for a row that BSON has no place for. */
  row(at: number): BsonDocument | Buffer;
  /** The row as a document of its own, as it was on the bus. */
  original(at: number): { readonly name: Document["name"]; readonly doc: unknown };
}

/** How documents lie in the database. */
export interface RowLayout {
  count(document: Document): number;
  rows(document: Document, converters: ConvertersOf): Rows;
}

export const NORMALIZED: RowLayout = { count: countRows, rows: rowsOf };

/** The conversions of a stream's values by its descriptor; undefined when nobody knows that descriptor. */
export type ConvertersOf = (descriptor: string) => ReadonlyMap<string, Convert> | undefined;

const NO_CONVERTERS: ReadonlyMap<string, Convert> = new Map();

function rowsOf(document: Document, converters: ConvertersOf): Rows {
  const { name, doc } = document;
  const one = (collection: Collection, make: () => BsonDocument): Rows => ({
    collection,
    count: 1,
    row: make,
    original: () => document,
  });
  switch (name) {
    case "start":
      return one("run_start", () => timed(doc, "start"));
    case "stop":
      return one("run_stop", () => timed(doc, "stop"));
    case "descriptor":
      return one("event_descriptor", () => descriptorToBson(doc));
    case "event":
      return one("event", () => eventToBson(doc, converters(doc.descriptor) ?? NO_CONVERTERS));
    case "event_page":
      return eventRows(doc, converters(doc.descriptor) ?? NO_CONVERTERS);
    case "bulk_events": {
      const events = Object.values(doc).flat();
      return {
        collection: "event",
        count: events.length,
        row: (at) => eventToBson(events[at] as Event, converters((events[at] as Event).descriptor) ?? NO_CONVERTERS),
        original: (at) => ({ name: "event", doc: events[at] }),
      };
    }
    case "resource":
      return one("resource", () => objectToBson(doc, "resource"));
    case "datum":
      return one("datum", () => objectToBson(doc, "datum"));
    case "datum_page":
      return datumRows(doc);
    case "bulk_datum": {
      const datum = (at: number): object => ({
        datum_id: doc.datum_ids[at],
        datum_kwargs: doc.datum_kwarg_list[at],
        resource: doc.resource,
      });
      return plainData(doc.datum_ids.length, datum);
    }
    case "stream_resource":
      return one("stream_resource", () => objectToBson(doc, "stream_resource"));
    case "stream_datum":
      return one("stream_datum", () => objectToBson(doc, "stream_datum"));
  }
}

function timed(doc: { readonly time: number }, path: string): BsonDocument {
  return { ...objectToBson(doc, path), time: toDouble(doc.time, `${path}.time`) };
}

function descriptorToBson(doc: EventDescriptor): BsonDocument {
  const converted = timed(doc, "descriptor");
  const configuration = converted.configuration as Record<string, BsonDocument> | undefined;
  for (const [device, { data, timestamps, data_keys }] of Object.entries(doc.configuration ?? {})) {
    const stored = configuration?.[device];
    if (stored === undefined) continue;
    if (data !== undefined) stored.data = dataToBson(data, convertersOf(data_keys ?? {}));
    if (timestamps !== undefined) stored.timestamps = timesToBson(timestamps);
  }
  return converted;
}

function eventToBson(doc: Event, converters: ReadonlyMap<string, Convert>): BsonDocument {
  return {
    uid: doc.uid,
    time: toDouble(doc.time, "event.time"),
    descriptor: doc.descriptor,
    seq_num: toBson(doc.seq_num, "event.seq_num"),
    data: dataToBson(doc.data, converters),
    timestamps: timesToBson(doc.timestamps),
    filled: { ...doc.filled },
  };
}

function eventRows(page: EventPage, converters: ReadonlyMap<string, Convert>): Rows {
  const columns = Object.entries(page.data).map(([key, values]) => ({
    key,
    values,
    convert: converters.get(key) ?? toBson,
  }));
  const times = Object.entries(page.timestamps).map(([key, values]) => ({ key, values }));
  const fills = Object.entries(page.filled ?? {}).map(([key, values]) => ({ key, values }));
  const row = (at: number): BsonDocument => {
    const data: BsonDocument = {};
    for (const { key, values, convert } of columns) data[key] = convert(values[at], key);
    const timestamps: BsonDocument = {};
    for (const { key, values } of times) timestamps[key] = toDouble(values[at], key);
    const filled: BsonDocument = {};
    for (const { key, values } of fills) filled[key] = values[at];
    return {
      uid: page.uid[at],
      time: toDouble(page.time[at], "time"),
      descriptor: page.descriptor,
      seq_num: toBson(page.seq_num[at], "seq_num"),
      data,
      timestamps,
      filled,
    };
  };
  const shape = { descriptor: page.descriptor, data: Object.keys(page.data), timestamps: Object.keys(page.timestamps) };
  const [uid] = page.uid;
  const template = fills.length > 0 || uid === undefined ? undefined : EventTemplate.of(shape, converters, uid);
  const all = [...columns, ...times].map(({ values }) => values as ArrayLike<unknown>);
  const numbers = new Array<unknown>(all.length);
  const filled = (at: number): Buffer | undefined => {
    if (template === undefined) return undefined;
    for (let column = 0; column < all.length; column++) numbers[column] = all[column]?.[at];
    return template.fill(page.uid[at] as string, page.time[at], page.seq_num[at], numbers, 0);
  };
  return {
    collection: "event",
    count: page.uid.length,
    original: (at) => ({ name: "event", doc: unpackRow(page, at) }),
    row: (at) => filled(at) ?? row(at),
  };
}

function unpackRow(page: EventPage, at: number): object {
  const cut = (columns: Record<string, ArrayLike<unknown>> = {}): object =>
    Object.fromEntries(Object.entries(columns).map(([key, values]) => [key, values[at]]));
  return {
    uid: page.uid[at],
    time: page.time[at],
    descriptor: page.descriptor,
    seq_num: page.seq_num[at],
    data: cut(page.data),
    timestamps: cut(page.timestamps),
    filled: cut(page.filled),
  };
}

function datumRows(page: DatumPage): Rows {
  const columns = Object.entries(page.datum_kwargs);
  return plainData(page.datum_id.length, (at) => ({
    datum_id: page.datum_id[at],
    datum_kwargs: Object.fromEntries(columns.map(([key, values]) => [key, values[at]])),
    resource: page.resource,
  }));
}

function plainData(count: number, datum: (at: number) => object): Rows {
  return {
    collection: "datum",
    count,
    row: (at) => objectToBson(datum(at), "datum"),
    original: (at) => ({ name: "datum", doc: datum(at) }),
  };
}
