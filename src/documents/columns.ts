import { isTypedArray, type TypedArray } from "./values.ts";

const BYTES_OF_NUMBER = 8;

/** Rows `start` to `end` of a column: a view of a typed array, which shares its memory, and a copy of a plain one. */
export function sliceColumn<T>(column: ArrayLike<T>, start: number, end: number): ArrayLike<T> {
  if (isTypedArray(column)) return column.subarray(start, end) as unknown as ArrayLike<T>;
  return Array.prototype.slice.call(column, start, end);
}

/** The columns one after the other, in a typed array when all are of one kind. A single column stays as it is. */
export function concatColumns<T>(columns: readonly ArrayLike<T>[]): ArrayLike<T> {
  const [first] = columns;
  if (first === undefined) return [];
  if (columns.length === 1) return first;
  if (!isTypedArray(first) || columns.some((column) => column.constructor !== first.constructor)) {
    return columns.flatMap((column) => Array.from(column));
  }
  const length = columns.reduce((sum, column) => sum + column.length, 0);
  const all = new (first.constructor as new (length: number) => TypedArray)(length);
  let at = 0;
  for (const column of columns) {
    all.set(column as ArrayLike<any>, at);
    at += column.length;
  }
  return all as unknown as ArrayLike<T>;
}

/** About how many bytes one value takes in a binary store: 8 for a number, its UTF-8 length for a string, the sum for an array or object. */
export function bytesOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value !== "object" || value === null) return BYTES_OF_NUMBER;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  let bytes = 0;
  if (Array.isArray(value)) {
    for (const item of value) bytes += typeof item === "number" ? BYTES_OF_NUMBER : bytesOf(item);
    return bytes;
  }
  for (const [key, member] of Object.entries(value)) bytes += key.length + bytesOf(member);
  return bytes;
}
