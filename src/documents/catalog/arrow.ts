import type * as Arrow from "apache-arrow";
import type { DataKey } from "../document.ts";
import { stringify } from "../json.ts";
import { optionalPackage } from "../sinks/optional-package.ts";
import { isTypedArray, type TypedArray } from "../values.ts";

type Library = typeof Arrow;

/**
 * Columns as a file in Arrow's IPC format, which `pyarrow.ipc.open_file` reads: typed arrays keep their memory and kind, arrays of one length are
 * fixed-size lists, strings and booleans as they are, and what has no type of its own is JSON text. Each field's metadata is its data key.
 */
export async function arrowFile(
  columns: Readonly<Record<string, ArrayLike<unknown>>>,
  options: { dataKeys?: Readonly<Record<string, DataKey>>; metadata?: Readonly<Record<string, string>> } = {},
): Promise<Uint8Array> {
  const { dataKeys = {}, metadata = {} } = options;
  const arrow = await optionalPackage("apache-arrow", "Writing Arrow files", () => import("apache-arrow"));
  const fields: Arrow.Field[] = [];
  const children: Arrow.Data[] = [];
  for (const [name, column] of Object.entries(columns)) {
    const data = dataOf(arrow, column);
    const key = dataKeys[name];
    const about = new Map(key === undefined ? [] : [["data_key", stringify(key)]]);
    fields.push(new arrow.Field(name, data.type, true, about));
    children.push(data);
  }
  const schema = new arrow.Schema(fields, new Map(Object.entries(metadata)));
  const length = children[0]?.length ?? 0;
  const rows = arrow.makeData({ type: new arrow.Struct(fields), length, nullCount: 0, children });
  return arrow.tableToIPC(new arrow.Table(schema, new arrow.RecordBatch(schema, rows)), "file");
}

function dataOf(arrow: Library, column: ArrayLike<unknown>): Arrow.Data {
  if (isTypedArray(column)) return numbers(arrow, column);
  const values = Array.from(column);
  const present = values.filter((value) => value !== null && value !== undefined);
  if (present.length > 0 && present.length === values.length && values.every(isList)) return lists(arrow, values);
  const type = typeFor(arrow, present);
  const plain = type instanceof arrow.Utf8 && !present.every(isText) ? values.map(asText) : values;
  const [data] = arrow.vectorFromArray(plain, type).data;
  // An empty vector has no chunk.
  return data ?? arrow.makeData({ type: new arrow.Null(), length: 0 });
}

function typeFor(arrow: Library, present: readonly unknown[]): Arrow.DataType {
  if (present.length === 0) return new arrow.Utf8();
  if (present.every((value) => typeof value === "boolean")) return new arrow.Bool();
  if (present.every((value) => typeof value === "number")) return new arrow.Float64();
  if (present.every((value) => typeof value === "bigint")) return new arrow.Int64();
  return new arrow.Utf8();
}

/** Of lists, whatever is in them, and nested as deep as they are. */
function lists(arrow: Library, values: readonly ArrayLike<unknown>[]): Arrow.Data {
  const size = values[0]?.length ?? 0;
  const child = dataOf(arrow, joined(values));
  const field = new arrow.Field("item", child.type, true);
  if (size > 0 && values.every(({ length }) => length === size)) {
    const type = new arrow.FixedSizeList(size, field);
    return arrow.makeData({ type, length: values.length, nullCount: 0, child });
  }
  const offsets = new Int32Array(values.length + 1);
  for (const [at, { length }] of values.entries()) offsets[at + 1] = (offsets[at] as number) + length;
  return arrow.makeData({
    type: new arrow.List(field),
    length: values.length,
    nullCount: 0,
    valueOffsets: offsets,
    child,
  });
}

function joined(values: readonly ArrayLike<unknown>[]): ArrayLike<unknown> {
  const [first] = values;
  if (
    first === undefined ||
    !isTypedArray(first) ||
    !values.every((value) => value.constructor === first.constructor)
  ) {
    return values.flatMap((value) => Array.from(value));
  }
  const total = values.reduce((sum, { length }) => sum + length, 0);
  const all = new (first.constructor as new (length: number) => Float64Array)(total);
  let at = 0;
  for (const value of values) {
    all.set(value as Float64Array, at);
    at += value.length;
  }
  return all;
}

function numbers(arrow: Library, column: TypedArray): Arrow.Data {
  const kinds: Record<string, () => Arrow.DataType> = {
    Int8Array: () => new arrow.Int8(),
    Uint8Array: () => new arrow.Uint8(),
    Uint8ClampedArray: () => new arrow.Uint8(),
    Int16Array: () => new arrow.Int16(),
    Uint16Array: () => new arrow.Uint16(),
    Int32Array: () => new arrow.Int32(),
    Uint32Array: () => new arrow.Uint32(),
    BigInt64Array: () => new arrow.Int64(),
    BigUint64Array: () => new arrow.Uint64(),
    Float32Array: () => new arrow.Float32(),
    Float64Array: () => new arrow.Float64(),
  };
  const type = kinds[column[Symbol.toStringTag]]?.() ?? new arrow.Float64();
  return arrow.makeData({
    type: type as Arrow.Float64,
    length: column.length,
    nullCount: 0,
    data: column as Float64Array,
  });
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || isTypedArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function asText(value: unknown): unknown {
  return value === null || value === undefined || typeof value === "string" ? value : stringify(value);
}
