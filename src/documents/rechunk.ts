import { bytesOf, sliceColumn } from "./columns.ts";
import type { DatumPage, EventPage } from "./document.ts";
import { mergeDatumPages, mergeEventPages } from "./pages.ts";

/** How large a page may be; a number is a number of rows. */
export interface PageSize {
  rows?: number;
  /** Of the values in binary form, about. A single row that is larger gets a page of its own. */
  bytes?: number;
}

/**
 * The same rows in pages of another size, all but the last full. A page begins anew where the descriptor changes; typed arrays that
 * needn't be joined are views of the columns given.
 */
export function rechunkEventPages(
  pages: Iterable<EventPage>,
  size: number | PageSize,
): Generator<EventPage, void, undefined> {
  return rechunk(pages, size, {
    owner: (page) => page.descriptor,
    rows: (page) => page.uid.length,
    columns: (page) => [page.uid, page.time, page.seq_num, ...[page.data, page.timestamps].flatMap(Object.values)],
    slice: sliceEventPage,
    merge: mergeEventPages,
  });
}

/** The same data in pages of another size, all but the last full. A page begins anew where the resource changes. */
export function rechunkDatumPages(
  pages: Iterable<DatumPage>,
  size: number | PageSize,
): Generator<DatumPage, void, undefined> {
  return rechunk(pages, size, {
    owner: (page) => page.resource,
    rows: (page) => page.datum_id.length,
    columns: (page) => [page.datum_id, ...Object.values(page.datum_kwargs)],
    slice: sliceDatumPage,
    merge: mergeDatumPages,
  });
}

interface Cut<P> {
  owner(page: P): string;
  rows(page: P): number;
  columns(page: P): ArrayLike<unknown>[];
  slice(page: P, start: number, end: number): P;
  merge(pages: readonly P[]): P;
}

function* rechunk<P>(pages: Iterable<P>, size: number | PageSize, cut: Cut<P>): Generator<P, void, undefined> {
  const { rows: mostRows = Number.POSITIVE_INFINITY, bytes: mostBytes } =
    typeof size === "number" ? { rows: size } : size;
  if (!(mostRows >= 1) || (mostBytes !== undefined && !(mostBytes > 0))) {
    throw new RangeError(`pages of ${mostRows} rows and ${mostBytes} bytes can't be made: give a size above 0`);
  }
  let parts: P[] = [];
  let rows = 0;
  let bytes = 0;
  let owner: string | undefined;
  for (const page of pages) {
    if (rows > 0 && cut.owner(page) !== owner) {
      yield cut.merge(parts);
      [parts, rows, bytes] = [[], 0, 0];
    }
    owner = cut.owner(page);
    const columns = mostBytes === undefined ? [] : cut.columns(page);
    const end = cut.rows(page);
    let start = 0;
    for (let row = 0; row < end; row++) {
      const rowBytes = mostBytes === undefined ? 0 : columns.reduce((sum, column) => sum + bytesOf(column[row]), 0);
      if (rows > 0 && (rows >= mostRows || bytes + rowBytes > (mostBytes ?? 0))) {
        if (row > start) parts.push(cut.slice(page, start, row));
        yield cut.merge(parts);
        [parts, rows, bytes, start] = [[], 0, 0, row];
      }
      rows++;
      bytes += rowBytes;
    }
    if (end > start) parts.push(start === 0 ? page : cut.slice(page, start, end));
  }
  if (rows > 0) yield cut.merge(parts);
}

function sliceEventPage(page: EventPage, start: number, end: number): EventPage {
  return {
    uid: page.uid.slice(start, end),
    time: sliceColumn(page.time, start, end),
    descriptor: page.descriptor,
    seq_num: sliceColumn(page.seq_num, start, end),
    data: sliceColumns(page.data, start, end),
    timestamps: sliceColumns(page.timestamps, start, end),
    filled: sliceColumns(page.filled ?? {}, start, end),
  };
}

function sliceDatumPage(page: DatumPage, start: number, end: number): DatumPage {
  return {
    datum_id: page.datum_id.slice(start, end),
    datum_kwargs: sliceColumns(page.datum_kwargs, start, end),
    resource: page.resource,
  };
}

function sliceColumns<T>(
  columns: Record<string, ArrayLike<T>>,
  start: number,
  end: number,
): Record<string, ArrayLike<T>> {
  return Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, sliceColumn(column, start, end)]));
}
