import { decode, encode } from "@msgpack/msgpack";
import { DocumentError } from "../errors.ts";
import { toWireValue } from "../to-wire.ts";

const LARGEST = 2n ** 64n - 1n;
const SMALLEST = -(2n ** 63n);
const LARGEST_SHORT = 2 ** 32 - 1;
const SMALLEST_SHORT = -(2 ** 31);

/**
 * MessagePack as Python's `msgpack` reads it, typed arrays as lists: NaN and infinities stay, bigint is an integer of up to 64 bits.
 * A larger one, and what no wire carries, is a DocumentError.
 */
export function packMessage(value: unknown): Uint8Array<ArrayBuffer> {
  const plain = toWireValue(value);
  // With 64-bit integers on, the encoder makes a float of every number beyond 32 bits.
  return hasBigint(plain, "value") ? encode(longIntegers(plain), { useBigInt64: true }) : encode(plain);
}

/** What packMessage or Python packed; integers that a number can't hold are bigint. */
export function unpackMessage(bytes: Uint8Array): unknown {
  return narrow(decode(bytes, { useBigInt64: true }));
}

function hasBigint(value: unknown, path: string): boolean {
  if (typeof value === "bigint") {
    if (value <= LARGEST && value >= SMALLEST) return true;
    throw new DocumentError(`${path} is ${value}, and MessagePack has integers of 64 bits only`, {
      code: "unencodable",
      key: path,
    });
  }
  if (typeof value !== "object" || value === null) return false;
  let found = false;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item !== "number") found = hasBigint(item, `${path}[]`) || found;
    return found;
  }
  for (const key in value) found = hasBigint((value as Record<string, unknown>)[key], `${path}.${key}`) || found;
  return found;
}

function longIntegers(value: unknown): unknown {
  if (typeof value === "number") {
    const isLong = Number.isSafeInteger(value) && (value > LARGEST_SHORT || value < SMALLEST_SHORT);
    return isLong ? BigInt(value) : value;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(longIntegers);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, longIntegers(member)]));
}

/** The decoder gives each integer of 8 bytes as a bigint, also where a number would do. Changes containers in place. */
function narrow(value: unknown): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  const members = value as Record<string, unknown>;
  for (const key in members) members[key] = narrow(members[key]);
  return value;
}
