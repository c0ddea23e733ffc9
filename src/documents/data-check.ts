import type { DataKey } from "./document.ts";
import { isColumn, isPlainObject, kindOf } from "./values.ts";

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
