import { concatColumns } from "./columns.ts";
import type { Datum, DatumPage, Event, EventPage } from "./document.ts";
import { DocumentError, UnfilledData } from "./errors.ts";

type Columns = Record<string, ArrayLike<any>>;

/** One page of these events, which must be of one descriptor and have the same keys. At least one is needed. */
export function packEventPage(events: Iterable<Event>): EventPage {
  const rows = Array.from(events);
  const descriptor = commonMember(rows, "descriptor", "event_page");
  return {
    uid: rows.map(({ uid }) => uid),
    time: rows.map(({ time }) => time),
    descriptor,
    seq_num: rows.map(({ seq_num }) => seq_num),
    data: packColumns(rows, (event) => event.data, "data", "event_page"),
    timestamps: packColumns(rows, (event) => event.timestamps, "timestamps", "event_page"),
    filled: packColumns(rows, (event) => event.filled ?? {}, "filled", "event_page"),
  };
}

/** The events of a page, row by row. A page whose columns differ in length is a DocumentError. */
export function* unpackEventPage(page: EventPage): Generator<Event, void, undefined> {
  const rows = page.uid.length;
  assertRows({ time: page.time, seq_num: page.seq_num }, "event_page", rows);
  for (const columns of [page.data, page.timestamps, page.filled ?? {}]) assertRows(columns, "event_page", rows);
  for (let row = 0; row < rows; row++) {
    yield {
      uid: page.uid[row] as string,
      time: page.time[row] as number,
      descriptor: page.descriptor,
      seq_num: page.seq_num[row] as number,
      data: rowOf(page.data, row),
      timestamps: rowOf(page.timestamps, row),
      filled: rowOf(page.filled ?? {}, row),
    };
  }
}

/** One page of these data, which must be of one resource and have the same arguments. At least one is needed. */
export function packDatumPage(data: Iterable<Datum>): DatumPage {
  const rows = Array.from(data);
  const resource = commonMember(rows, "resource", "datum_page");
  return {
    datum_id: rows.map(({ datum_id }) => datum_id),
    datum_kwargs: packColumns(rows, (datum) => datum.datum_kwargs, "datum_kwargs", "datum_page"),
    resource,
  };
}

/** The data of a page, row by row. A page whose columns differ in length is a DocumentError. */
export function* unpackDatumPage(page: DatumPage): Generator<Datum, void, undefined> {
  const rows = page.datum_id.length;
  assertRows(page.datum_kwargs, "datum_page", rows);
  for (let row = 0; row < rows; row++) {
    yield {
      datum_id: page.datum_id[row] as string,
      datum_kwargs: rowOf(page.datum_kwargs, row),
      resource: page.resource,
    };
  }
}

/** One page of the rows of all, in their order. The pages must be of one descriptor and have the same keys. */
export function mergeEventPages(pages: Iterable<EventPage>): EventPage {
  const parts = Array.from(pages);
  const descriptor = commonMember(parts, "descriptor", "event_page");
  return {
    uid: parts.flatMap(({ uid }) => uid),
    time: concatColumns(parts.map(({ time }) => time)),
    descriptor,
    seq_num: concatColumns(parts.map(({ seq_num }) => seq_num)),
    data: mergeColumns(parts, (page) => page.data, "data", "event_page"),
    timestamps: mergeColumns(parts, (page) => page.timestamps, "timestamps", "event_page"),
    filled: mergeColumns(parts, (page) => page.filled ?? {}, "filled", "event_page"),
  };
}

/** One page of the rows of all, in their order. The pages must be of one resource and have the same arguments. */
export function mergeDatumPages(pages: Iterable<DatumPage>): DatumPage {
  const parts = Array.from(pages);
  const resource = commonMember(parts, "resource", "datum_page");
  return {
    datum_id: parts.flatMap(({ datum_id }) => datum_id),
    datum_kwargs: mergeColumns(parts, (page) => page.datum_kwargs, "datum_kwargs", "datum_page"),
    resource,
  };
}

/** Throws UnfilledData, with every key concerned, when data that the event or page should have is still in a file. */
export function verifyFilled(document: Event | EventPage): void {
  const unfilled = Object.entries(document.filled ?? {}).filter(([, filled]) =>
    typeof filled === "object" ? Array.from(filled).includes(false) : filled === false,
  );
  const keys = unfilled.map(([key]) => key);
  if (keys.length === 0) return;
  throw new UnfilledData(
    `data of ${keys.map((key) => `"${key}"`).join(", ")} (descriptor ${document.descriptor}) is still in files: fill it first`,
    { code: "unfilled", documentName: Array.isArray(document.uid) ? "event_page" : "event", key: keys[0] },
  );
}

function commonMember<K extends string>(documents: readonly Record<K, string>[], member: K, page: string): string {
  const common = documents[0]?.[member];
  if (common === undefined) {
    throw new DocumentError(`${page}: there is nothing to make it of; at least one document is needed`, {
      code: "ragged",
      documentName: page,
    });
  }
  const other = documents.find((document) => document[member] !== common);
  if (other === undefined) return common;
  throw new DocumentError(`one ${page} can't hold documents of ${member} ${common} and of ${other[member]}`, {
    code: "mixed-streams",
    documentName: page,
    key: member,
  });
}

function packColumns<D, T>(
  rows: readonly D[],
  of: (row: D) => Record<string, T>,
  member: string,
  page: string,
): Record<string, T[]> {
  const keys = Object.keys(of(rows[0] as D));
  const columns: Record<string, T[]> = Object.fromEntries(keys.map((key) => [key, new Array<T>(rows.length)]));
  rows.forEach((document, row) => {
    const values = of(document);
    assertSameKeys(keys, values, member, page, row);
    for (const key of keys) (columns[key] as T[])[row] = values[key] as T;
  });
  return columns;
}

function mergeColumns<D, T>(
  pages: readonly D[],
  of: (page: D) => Record<string, ArrayLike<T>>,
  member: string,
  page: string,
): Record<string, ArrayLike<T>> {
  const keys = Object.keys(of(pages[0] as D));
  pages.forEach((part, index) => {
    assertSameKeys(keys, of(part), member, page, index);
  });
  return Object.fromEntries(
    keys.map((key) => [key, concatColumns(pages.map((part) => of(part)[key] as ArrayLike<T>))]),
  );
}

function assertSameKeys(keys: readonly string[], values: object, member: string, page: string, index: number): void {
  const missing = keys.find((key) => !Object.hasOwn(values, key));
  const added = Object.keys(values).find((key) => !keys.includes(key));
  const key = missing ?? added;
  if (key === undefined) return;
  throw new DocumentError(
    `${page}: ${member} of document ${index} ${missing === undefined ? "has" : "lacks"} "${key}", unlike the first; ` +
      "documents with other keys need a page of their own",
    { code: "ragged", documentName: page, key },
  );
}

function assertRows(columns: Columns, page: string, rows: number): void {
  for (const key in columns) {
    const length = columns[key]?.length;
    if (length === rows) continue;
    throw new DocumentError(`${page}: column "${key}" has ${length} rows where the page has ${rows}`, {
      code: "ragged",
      documentName: page,
      key,
    });
  }
}

function rowOf<T>(columns: Record<string, ArrayLike<T>>, row: number): Record<string, T> {
  const values: Record<string, T> = {};
  for (const key in columns) values[key] = columns[key]?.[row] as T;
  return values;
}
