import {
  type Datatype,
  type DatatypeKind,
  type ElementKind,
  type EnumMatch,
  sameValue,
  show,
  type ValueShape,
} from "./datatype.ts";
import { ndarray } from "./nd-array.ts";
import { table } from "./table-datatype.ts";

type NumpyScalar = { dtype: ValueShape["dtype"]; numpy: string };

function scalar<T>(
  kind: DatatypeKind,
  initial: T,
  { dtype, numpy }: NumpyScalar,
  what: string,
  accepts: (value: unknown) => boolean,
): Datatype<T> {
  const label = `t.${kind}`;
  return {
    kind,
    label,
    initial,
    check(value) {
      if (accepts(value)) return value as T;
      throw new TypeError(`${show(value)} is not ${what} (${label})`);
    },
    describe: () => ({ dtype, shape: [], dtype_numpy: numpy }),
    equals: sameValue,
  };
}

function enumeration<T extends string>(match: EnumMatch, choices: readonly string[]): Datatype<T> {
  if (choices.length === 0) throw new TypeError("an enum needs at least one label");
  if (new Set(choices).size !== choices.length) throw new TypeError(`the labels ${show(choices)} repeat`);
  const name = match === "strict" ? "enum" : match;
  const label = `t.${name}(${choices.map((choice) => JSON.stringify(choice)).join(", ")})`;
  return {
    kind: "enum",
    label,
    initial: choices[0] as T,
    choices,
    match,
    check(value) {
      if (typeof value !== "string") throw new TypeError(`${show(value)} is not a label (${label})`);
      if (match !== "subset" && !choices.includes(value)) {
        throw new TypeError(`${show(value)} is not a valid choice, valid choices: ${show(choices)}`);
      }
      return value as T;
    },
    describe: () => ({ dtype: "string", shape: [], dtype_numpy: "|S40", choices: [...choices] }),
    equals: sameValue,
  };
}

interface TypedArrayConstructor<T> {
  new (length: number): T;
  readonly name: string;
}

function typedArray<T extends ArrayLike<unknown>>(
  element: ElementKind,
  Constructor: TypedArrayConstructor<T>,
  numpy: string,
): Datatype<T> {
  const label = `t.array.${element}`;
  return {
    kind: "array",
    label,
    element,
    initial: new Constructor(0),
    check(value) {
      if (value instanceof Constructor) return value;
      throw new TypeError(`${show(value)} is not a ${Constructor.name} (${label})`);
    },
    describe: (value) => ({ dtype: "array", shape: [value.length], dtype_numpy: numpy }),
    equals: sameValue,
  };
}

function listOf<T>(
  kind: DatatypeKind,
  label: string,
  type: "string" | "boolean",
  numpy: string,
): Datatype<readonly T[]> {
  return {
    kind,
    label,
    ...(kind === "array" ? { element: "bool" as const } : {}),
    initial: [],
    check(value) {
      if (Array.isArray(value) && value.every((item) => typeof item === type)) return value;
      throw new TypeError(`${show(value)} is not an array of ${type}s (${label})`);
    },
    describe: (value) => ({ dtype: "array", shape: [value.length], dtype_numpy: numpy }),
    equals: sameValue,
  };
}

/** Signed or unsigned: which of them a channel takes is the channel's to say. */
const isInt64 = (value: unknown): boolean =>
  typeof value === "bigint" && (BigInt.asIntN(64, value) === value || BigInt.asUintN(64, value) === value);

const bool = scalar<boolean>(
  "bool",
  false,
  { dtype: "boolean", numpy: "|b1" },
  "true or false",
  (value) => typeof value === "boolean",
);
const int = scalar<number>(
  "int",
  0,
  { dtype: "integer", numpy: "<i8" },
  "a whole number that float64 holds exactly",
  Number.isSafeInteger,
);
const int64 = scalar<bigint>("int64", 0n, { dtype: "integer", numpy: "<i8" }, "a bigint of 64 bits", isInt64);
const float = scalar<number>(
  "float",
  0,
  { dtype: "number", numpy: "<f8" },
  "a number",
  (value) => typeof value === "number",
);
const string = scalar<string>(
  "string",
  "",
  { dtype: "string", numpy: "|S40" },
  "a string",
  (value) => typeof value === "string",
);
const strings = listOf<string>("strings", "t.strings", "string", "|S40");

const array = {
  i8: typedArray("i8", Int8Array, "|i1"),
  u8: typedArray("u8", Uint8Array, "|u1"),
  i16: typedArray("i16", Int16Array, "<i2"),
  u16: typedArray("u16", Uint16Array, "<u2"),
  i32: typedArray("i32", Int32Array, "<i4"),
  u32: typedArray("u32", Uint32Array, "<u4"),
  i64: typedArray("i64", BigInt64Array, "<i8"),
  u64: typedArray("u64", BigUint64Array, "<u8"),
  f32: typedArray("f32", Float32Array, "<f4"),
  f64: typedArray("f64", Float64Array, "<f8"),
  bool: listOf<boolean>("array", "t.array.bool", "boolean", "|b1"),
};

const any: Datatype<any> = {
  kind: "any",
  label: "t.any",
  initial: 0,
  check: (value) => value,
  describe: (value) => inferDatatype(value).describe(value),
  equals: sameValue,
};

const CANDIDATES: readonly Datatype<any>[] = [bool, int, float, int64, string, strings, ...Object.values(array)];

/** The datatype of a value of unknown type: whole numbers are `t.int`. Throws a `TypeError` for a value that no datatype has. */
export function inferDatatype(value: unknown): Datatype<any> {
  for (const candidate of CANDIDATES) {
    try {
      candidate.check(value);
      return candidate;
    } catch {}
  }
  throw new TypeError(`${show(value)} has no datatype; give one of t.*`);
}

/** The datatypes of signals. Enums infer the union of their labels: `t.enum(["Off", "On"])` has values `"Off" | "On"`. */
export const t = {
  bool,
  int,
  /** Always a `bigint`; pvAccess only, because Channel Access carries 64-bit integers as doubles. */
  int64,
  float,
  string,
  strings,
  /** The record must have exactly these labels, in any order. */
  enum: <const C extends readonly string[]>(choices: C): Datatype<C[number]> => enumeration("strict", choices),
  /** The record has these labels and may have more; other labels are read and written as they are. */
  subset: <const C extends readonly string[]>(choices: C): Datatype<C[number] | (string & {})> =>
    enumeration("subset", choices),
  /** The record has no other labels than these. */
  superset: <const C extends readonly string[]>(choices: C): Datatype<C[number]> => enumeration("superset", choices),
  array,
  /** Columns by their names, pvAccess only: `t.table({ x: t.array.f64, ok: t.array.bool, label: t.strings })`. */
  table,
  /** Frames of a detector, pvAccess only: data with their shape, rows first. Read-only. */
  ndarray,
  /** Whatever the channel has, decided when it connects. */
  any,
};
