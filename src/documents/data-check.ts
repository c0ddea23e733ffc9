import type { DataKey } from "./document.ts";
import { isColumn, isPlainObject, isTypedArray, kindOf } from "./values.ts";

/** What is wrong with a value of this data key, in words that follow the key's name; undefined when it fits dtype and shape. */
export function describeMismatch(value: unknown, { dtype, shape, dtype_numpy }: DataKey): string | undefined {
  switch (dtype) {
    case "number":
      return typeof value === "number" || typeof value === "bigint" ? undefined : `is ${kindOf(value)}, not a number`;
    case "integer":
      return typeof value === "bigint" || Number.isInteger(value) ? undefined : `is ${show(value)}, not an integer`;
    case "string":
    case "boolean":
      return typeof value === dtype ? undefined : `is ${kindOf(value)}, not a ${dtype}`;
    case "array":
      if (Array.isArray(dtype_numpy) && isPlainObject(value)) return describeColumns(value, dtype_numpy, shape);
      return describeShape(value, shape, 0);
  }
}

/** What is wrong with the first value of a column that doesn't fit; a column that can hold nothing else is not looked through. */
export function describeRows(column: ArrayLike<unknown>, dataKey: DataKey): string | undefined {
  const { dtype } = dataKey;
  if (isTypedArray(column) && (dtype === "number" || (dtype === "integer" && !isFloats(column)))) return undefined;
  for (let row = 0; row < column.length; row++) {
    const mismatch = describeMismatch(column[row], dataKey);
    if (mismatch !== undefined) return row === 0 ? mismatch : `${mismatch} in row ${row} of a page`;
  }
  return undefined;
}

/** What is wrong with the first of these times that is none. */
export function describeTimes(times: ArrayLike<unknown>): string | undefined {
  for (let row = 0; row < times.length; row++) {
    if (!Number.isFinite(times[row])) return `has the time ${String(times[row])}; timestamps must be Unix seconds`;
  }
  return undefined;
}

function isFloats(column: unknown): boolean {
  return column instanceof Float64Array || column instanceof Float32Array;
}

/** A table is an object of its columns. */
function describeColumns(
  table: Readonly<Record<string, unknown>>,
  columns: readonly unknown[],
  shape: readonly (number | null)[],
): string | undefined {
  for (const [name] of columns as readonly [string, string][]) {
    const mismatch = describeShape(table[name], shape, 0);
    if (mismatch !== undefined) return `has a column ${name} that ${mismatch}`;
  }
  return undefined;
}

// Only the first element of each axis is looked into: an array is made by one piece of code, and this runs for every event.
function describeShape(value: unknown, shape: readonly (number | null)[], axis: number): string | undefined {
  if (axis >= shape.length) return undefined;
  if (!isColumn(value)) return `is ${kindOf(value)} on axis ${axis}, not an array`;
  const expected = shape[axis];
  if (typeof expected === "number" && value.length !== expected) {
    return `has ${value.length} elements on axis ${axis} where its shape [${shape.join(", ")}] says ${expected}`;
  }
  return value.length === 0 ? undefined : describeShape(value[0], shape, axis + 1);
}

function show(value: unknown): string {
  return typeof value === "number" ? String(value) : kindOf(value);
}
