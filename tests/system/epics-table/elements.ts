import fc from "fast-check";
import type { PeerValue } from "../support/peer.ts";

/** What the channels of a row carry: its edge values, a generator of others, and their form at the other client. */
export interface Element<T = any> {
  readonly edges: readonly T[];
  readonly any: fc.Arbitrary<T>;
  scalar(value: T): PeerValue;
  /** The items as the array that a signal takes and gives. */
  list(items: readonly T[]): unknown;
  array(list: any): PeerValue;
}

type TypedArray = Exclude<NodeJS.TypedArray, Uint8ClampedArray>;
type TypedArrayType = { from(items: any): TypedArray };

function bytesOf(array: TypedArray): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
}

/** Numbers that travel as `dtype`, in a typed array of that kind. */
function numbers<T>(dtype: string, type: TypedArrayType, edges: readonly T[], any: fc.Arbitrary<T>): Element<T> {
  return {
    edges,
    any,
    scalar: (value) => ({ dtype, array: false, bytes: bytesOf(type.from([value])) }),
    list: (items) => type.from(items),
    array: (list: TypedArray) => ({ dtype, array: true, bytes: bytesOf(list) }),
  };
}

function integers(dtype: string, type: TypedArrayType, min: number, max: number): Element<number> {
  return numbers(dtype, type, [...new Set([min, max, 0, 1, Math.max(min, -1)])], fc.integer({ min, max }));
}

function bigints(dtype: string, type: TypedArrayType, min: bigint, max: bigint): Element<bigint> {
  return numbers(dtype, type, [min, max, 0n, 2n ** 53n + 1n], fc.bigInt({ min, max }));
}

/** What Channel Access carries as a double because it has no such integer. */
function wholeDoubles(min: number, max: number): Element<number> {
  return numbers("f8", Float64Array, [min, max, 0, 1], fc.integer({ min, max }));
}

const f32 = Math.fround;
const float32 = numbers(
  "f4",
  Float32Array,
  [0, -0, f32(0.1), Number.NaN, Infinity, -Infinity, f32(3.4028234663852886e38), f32(1.401298464324817e-45)],
  fc.float(),
);

const float64 = numbers(
  "f8",
  Float64Array,
  [0, -0, 0.1, Number.NaN, Infinity, -Infinity, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE],
  fc.double(),
);

/** Text of at most so many bytes of UTF-8, without the end mark that no record holds. */
function texts(bytes: number, edges: readonly string[]): Element<string> {
  const any = fc
    .string({ unit: "grapheme", maxLength: bytes })
    .filter((text) => !text.includes("\0") && Buffer.byteLength(text) <= bytes);
  return {
    edges,
    any,
    scalar: (text) => ({ text }),
    list: (items) => [...items],
    array: (items: readonly string[]) => ({ texts: items }),
  };
}

const textOf39Bytes = `${"é".repeat(19)}x`;
const short = texts(39, ["", "x", "plain", "größer · 日本", "🔬 µm", textOf39Bytes, "€".repeat(13)]);

const LONGEST_TEXT = 119;
const longText = texts(LONGEST_TEXT, [
  "",
  "x",
  textOf39Bytes,
  "y".repeat(60),
  "ü".repeat(59),
  "z".repeat(LONGEST_TEXT),
]);

/** A long text as the characters that its field has, with the end mark that text is written with. */
const characters: Element<string> = {
  ...longText,
  scalar: (text) => ({ dtype: "u1", array: true, bytes: Buffer.from(`${text}\0`).toString("base64") }),
};

const signedCharacters: Element<string> = {
  ...characters,
  scalar: (text) => ({ ...characters.scalar(text), dtype: "i1" }) as PeerValue,
};

/** The labels of the enum PVs of the table. */
export const LABELS = ["Aaa", "Größe", "Ccc"] as const;

function indexed<T>(values: readonly T[], dtype: string): Element<T> {
  const index = (value: T) => values.indexOf(value);
  return {
    edges: values,
    any: fc.constantFrom(...values),
    scalar: (value) => numbers(dtype, dtype === "u2" ? Uint16Array : Int32Array, [], fc.nat()).scalar(index(value)),
    list: (items) => [...items],
    array: () => {
      throw new Error("labels come one at a time");
    },
  };
}

const flags: Element<boolean> = {
  edges: [true, false],
  any: fc.boolean(),
  scalar: (flag) => ({ flag }),
  list: (items) => [...items],
  array: (list: readonly boolean[]) => ({ flags: list }),
};

const flagBytes: Element<boolean> = {
  ...flags,
  array: (list: readonly boolean[]) => ({ dtype: "u1", array: true, bytes: bytesOf(Uint8Array.from(list, Number)) }),
};

const numbersOf = {
  int8: integers("i1", Int8Array, -128, 127),
  uint8: integers("u1", Uint8Array, 0, 255),
  int16: integers("i2", Int16Array, -32768, 32767),
  uint16: integers("u2", Uint16Array, 0, 65535),
  int32: integers("i4", Int32Array, -2147483648, 2147483647),
  uint32: integers("u4", Uint32Array, 0, 4294967295),
  int64: bigints("i8", BigInt64Array, -(2n ** 63n), 2n ** 63n - 1n),
  uint64: bigints("u8", BigUint64Array, 0n, 2n ** 64n - 1n),
  float32,
  float64,
} satisfies Record<string, Element>;

const columns = {
  flag: flags,
  i8: numbersOf.int8,
  u8: numbersOf.uint8,
  i16: numbersOf.int16,
  u16: numbersOf.uint16,
  i32: numbersOf.int32,
  u32: numbersOf.uint32,
  i64: numbersOf.int64,
  u64: numbersOf.uint64,
  f32: float32,
  f64: float64,
  text: short,
} satisfies Record<string, Element>;
const COLUMNS: readonly [string, Element][] = Object.entries(columns);

type TableRow = Readonly<Record<string, unknown>>;

/** Tables, whose elements are their rows: one with each edge value of each column at least. */
const tableRows: Element<TableRow> = {
  edges: Array.from({ length: Math.max(...COLUMNS.map(([, { edges }]) => edges.length)) }, (_, at) =>
    Object.fromEntries(COLUMNS.map(([name, { edges }]) => [name, edges[at % edges.length]])),
  ),
  any: fc.record(Object.fromEntries(COLUMNS.map(([name, { any }]) => [name, any]))),
  scalar: () => {
    throw new Error("a table has rows");
  },
  list: (rows) =>
    Object.fromEntries(COLUMNS.map(([name, column]) => [name, column.list(rows.map((row) => row[name]))])),
  array: (table: TableRow) => ({
    columns: Object.fromEntries(COLUMNS.map(([name, column]) => [name, column.array(table[name])])),
  }),
};

/** Frames, whose elements are their pixels: two rows of them where they are even. */
function frames<T>(pixel: Element<T>): Element<T> {
  return {
    ...pixel,
    list: (items) => ({
      data: pixel.list(items),
      shape: items.length % 2 === 0 ? [2, items.length / 2] : [1, items.length],
    }),
    array: ({ data, shape }) => ({ frame: { pixels: pixel.array(data), shape } }),
  };
}

/** The pixels of frames that p4p can send, by the name of their type. */
export const FRAMES: Readonly<Record<string, Element>> = Object.fromEntries(
  Object.entries<Element>(numbersOf).map(([name, pixel]) => [name, frames(pixel)]),
);

export const elements = {
  tableRows,
  ...numbersOf,
  flags,
  flagBytes,
  switchOverCa: indexed([false, true], "u2"),
  switchOverPva: indexed([false, true], "i4"),
  uint16AsInt32: integers("i4", Int32Array, 0, 65535),
  uint32AsDouble: wholeDoubles(0, 4294967295),
  int64AsDouble: wholeDoubles(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  uint64AsDouble: wholeDoubles(0, Number.MAX_SAFE_INTEGER),
  short,
  characters,
  signedCharacters,
  indices: integers("u2", Uint16Array, 0, 65535),
  labelsOverCa: indexed(LABELS, "u2"),
  labelsOverPva: indexed(LABELS, "i4"),
} satisfies Record<string, Element>;
