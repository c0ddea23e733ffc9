import { toWireValue } from "./to-wire.ts";

export { parse } from "./json-reader.ts";

/**
 * JSON as Python's `json` writes and reads it: NaN and infinities as `NaN`, `Infinity`, `-Infinity`, bigint as an integer of any size,
 * and a double that happens to be a large whole number with an exponent, so that it stays a float.
 * Takes documents as they are on the bus; what no wire carries is a DocumentError.
 */
export function stringify(value: unknown): string {
  return write(toWireValue(value));
}

function write(value: unknown): string {
  if (isStandard(value)) return JSON.stringify(value);
  switch (typeof value) {
    case "number":
      return writeNumber(value);
    case "bigint":
      return value.toString();
  }
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  const members = Object.entries(value as object).map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`);
  return `{${members.join(",")}}`;
}

function writeNumber(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  return Number.isFinite(value) ? value.toExponential() : String(value);
}

/** Whether JSON.stringify, which is several times faster, writes the value without loss. */
function isStandard(value: unknown): boolean {
  switch (typeof value) {
    case "number":
      return isStandardNumber(value);
    case "bigint":
      return false;
    case "object":
      if (value === null) return true;
      if (Array.isArray(value)) {
        for (const item of value) {
          if (typeof item === "number" ? !isStandardNumber(item) : !isStandard(item)) return false;
        }
        return true;
      }
      for (const key in value) {
        if (!isStandard((value as Record<string, unknown>)[key])) return false;
      }
  }
  return true;
}

// From 1e21 on JavaScript writes an exponent of its own accord.
function isStandardNumber(value: number): boolean {
  if (value === 0) return 1 / value > 0;
  const size = Math.abs(value);
  return size <= Number.MAX_SAFE_INTEGER || (size >= 1e21 && size < Number.POSITIVE_INFINITY);
}
