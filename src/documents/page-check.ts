import type { DatumPage, EventPage } from "./document.ts";
import { InvalidDocument } from "./errors.ts";
import { explainKey } from "./schema-fault.ts";
import { isColumn, isTypedArray, kindOf } from "./values.ts";

/** Throws unless all columns of the page have as many rows as it has uids, and its times and numbers are what they should be. */
export function checkEventPage(page: EventPage): void {
  const fail = failures("event_page", `event_page of descriptor ${page.descriptor}`);
  const rows = checkNames(page.uid, "uid", fail);
  checkTimes(page.time, rows, fail);
  checkSeqNums(page.seq_num, rows, fail);
  checkColumns(page.data, "data", rows, fail);
  checkColumns(page.timestamps, "timestamps", rows, fail);
  if (page.filled === undefined) return;
  checkColumns(page.filled, "filled", rows, fail);
  for (const [key, column] of Object.entries(page.filled)) checkFilled(column, key, fail);
}

/** Throws unless all columns of the page have as many rows as it has datum_ids. */
export function checkDatumPage(page: DatumPage): void {
  const fail = failures("datum_page", `datum_page of resource ${page.resource}`);
  const rows = checkNames(page.datum_id, "datum_id", fail);
  checkColumns(page.datum_kwargs, "datum_kwargs", rows, fail);
}

type Fail = (code: "ragged" | "column" | "time" | "key", key: string, text: string) => InvalidDocument;

function failures(documentName: string, title: string): Fail {
  return (code, key, text) => new InvalidDocument(`${title}: ${text}`, { code, documentName, key });
}

function checkNames(names: readonly string[], member: string, fail: Fail): number {
  if (!Array.isArray(names)) throw fail("column", member, `${member} must be an array of strings`);
  for (let i = 0; i < names.length; i++) {
    if (typeof names[i] !== "string") throw fail("column", member, `${member}[${i}] must be a string`);
  }
  return names.length;
}

function checkTimes(times: ArrayLike<number>, rows: number, fail: Fail): void {
  checkLength(times, "time", "time", rows, fail);
  for (let i = 0; i < rows; i++) {
    if (!Number.isFinite(times[i])) throw fail("time", "time", `time[${i}] is ${times[i]}; it must be Unix seconds`);
  }
}

function checkSeqNums(numbers: ArrayLike<number>, rows: number, fail: Fail): void {
  checkLength(numbers, "seq_num", "seq_num", rows, fail);
  for (let i = 0; i < rows; i++) {
    if (!Number.isInteger(numbers[i])) throw fail("column", "seq_num", `seq_num[${i}] is not an integer`);
  }
}

function checkColumns(columns: Record<string, unknown>, member: string, rows: number, fail: Fail): void {
  for (const key in columns) {
    if (key.charCodeAt(0) === 36) throw fail("key", key, explainKey(key, member));
    checkLength(columns[key], `${member} of "${key}"`, key, rows, fail);
  }
}

function checkLength(column: unknown, title: string, key: string, rows: number, fail: Fail): void {
  if (!isColumn(column)) {
    throw fail("column", key, `${title} is ${kindOf(column)}; a column is an array or a typed array`);
  }
  if (column.length === rows) return;
  throw fail(
    "ragged",
    key,
    `${title} has ${column.length} rows where the page has ${rows}; make all columns equally long`,
  );
}

function checkFilled(column: ArrayLike<unknown>, key: string, fail: Fail): void {
  const isNumbers = isTypedArray(column) && column.length > 0;
  for (let i = 0; i < column.length; i++) {
    const value = column[i];
    if (isNumbers || (typeof value !== "boolean" && typeof value !== "string")) {
      throw fail("column", key, `filled of "${key}" must be false, true or a datum_id in each row`);
    }
  }
}
