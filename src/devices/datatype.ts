import type { DataKey } from "../documents/document.ts";

export type DatatypeKind =
  | "bool"
  | "int"
  | "int64"
  | "float"
  | "string"
  | "strings"
  | "enum"
  | "array"
  | "table"
  | "ndarray"
  | "any";

export type ElementKind = "i8" | "u8" | "i16" | "u16" | "i32" | "u32" | "i64" | "u64" | "f32" | "f64" | "bool";

/** `strict`: the same labels as the record's, in any order; `subset`: some of the record's; `superset`: all of them and more. */
export type EnumMatch = "strict" | "subset" | "superset";

export type ValueShape = Pick<DataKey, "dtype" | "shape" | "dtype_numpy"> & { choices?: string[] };

/** What a signal's values are. It knows nothing of protocols: how a channel carries it is decided by the backend at connect. */
export interface Datatype<T = unknown> {
  readonly kind: DatatypeKind;
  /** As one writes it, for messages: `t.array.f64`. */
  readonly label: string;
  /** The value of a soft or mock signal that was given none. */
  readonly initial: T;
  readonly choices?: readonly string[];
  readonly match?: EnumMatch;
  readonly element?: ElementKind;
  /** Of a table, in its own order. */
  readonly columns?: Readonly<Record<string, Datatype<any>>>;
  /** Returns the value when it is one of this type and throws a `TypeError` that says why when it is not; it converts nothing. */
  check(value: unknown): T;
  /** The part of a data key that this type decides; the value gives the length of an array. */
  describe(value: T): ValueShape;
  equals(a: T, b: T): boolean;
  /** The form that documents have; absent where it is the value's own. */
  toDocument?(value: T): unknown;
}

/** The value type of a datatype: `ValueOf<typeof t.float>` is `number`. */
export type ValueOf<D> = D extends Datatype<infer T> ? T : never;

/** A value as a person would write it, cut to a readable length. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const items = value as unknown as ArrayLike<unknown>;
    const head = Array.from({ length: Math.min(items.length, 5) }, (_, i) => show(items[i]));
    return `[${head.join(", ")}${items.length > 5 ? `, ... ${items.length} in all` : ""}]`;
  }
  if (isRecord(value)) {
    const entries = Object.entries(value);
    const head = entries.slice(0, 5).map(([key, one]) => `${key}: ${show(one)}`);
    return `{ ${head.join(", ")}${entries.length > 5 ? `, ... ${entries.length} in all` : ""} }`;
  }
  if (typeof value === "object" && value !== null) return Object.prototype.toString.call(value);
  return String(value);
}

/** Whether two values are the same, element by element for arrays and objects; NaN equals NaN. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || (a === 0 && b === 0)) return true;
  if (isRecord(a) && isRecord(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameValue(a[key], b[key]));
  }
  if (!isList(a) || !isList(b) || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!sameValue(a[i], b[i])) return false;
  return true;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
