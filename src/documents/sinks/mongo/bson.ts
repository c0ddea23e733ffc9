import { Double, Long } from "mongodb";
import type { DataKey, EventDescriptor } from "../../document.ts";
import { isPlainObject, isTypedArray, kindOf } from "../../values.ts";

export type BsonDocument = Record<string, unknown>;
export type Convert = (value: unknown, path: string) => unknown;

/** A value that BSON has no place for; the message names where it is. */
export class Unstorable extends Error {
  override readonly name = "Unstorable";
}

const LARGEST_LONG = 2n ** 63n - 1n;
const SMALLEST_LONG = -(2n ** 63n);

/** A double, also when it happens to be whole: the driver would make an int32 of it. */
export function toDouble(value: unknown, path: string): unknown {
  if (typeof value !== "number") return toBson(value, path);
  return value === (value | 0) ? new Double(value) : value;
}

/** A 64-bit integer when it is whole; exact whatever its size. */
export function toLong(value: unknown, path: string): unknown {
  if (typeof value === "number" && Number.isInteger(value)) {
    return value === (value | 0) ? Long.fromInt(value) : toBigLong(BigInt(value), path);
  }
  return typeof value === "number" ? value : toBson(value, path);
}

/** The conversion of the values of one data key, by its dtype. */
export function converterOf({ dtype, dtype_numpy }: DataKey): Convert {
  switch (dtype) {
    case "number":
      return toDouble;
    case "integer":
      return toLong;
    case "array":
      return arrayConverter(typeof dtype_numpy === "string" ? dtype_numpy : undefined);
    default:
      return toBson;
  }
}

/** The conversions of a stream's values by data key, and of a device's configuration by its own keys. */
export function convertersOf(dataKeys: EventDescriptor["data_keys"]): Map<string, Convert> {
  return new Map(Object.entries(dataKeys).map(([key, dataKey]) => [key, converterOf(dataKey)]));
}

function arrayConverter(numpy: string | undefined): Convert {
  const kind = numpy === undefined ? undefined : /^[|<>=]?([a-zA-Z?])/.exec(numpy)?.[1];
  if (kind === "f" || kind === "d") return elements(toDouble);
  if (kind === "i" || kind === "u") return elements(toLong);
  if (kind === "b" || kind === "?")
    return elements((value, path) => (typeof value === "number" ? value !== 0 : toBson(value, path)));
  return (value, path) => {
    if (isTypedArray(value)) return ofTypedArray(value, path);
    return Array.isArray(value) ? elements(toDouble)(value, path) : toBson(value, path);
  };
}

/** Arrays of any depth, each element by the same conversion. */
function elements(convert: Convert): Convert {
  const all: Convert = (value, path) => {
    if (!Array.isArray(value) && !isTypedArray(value)) return convert(value, path);
    const array = new Array<unknown>(value.length);
    for (let at = 0; at < value.length; at++) {
      const element = value[at];
      array[at] = typeof element === "object" ? all(element, path) : convert(element, path);
    }
    return array;
  };
  return all;
}

function ofTypedArray(value: ArrayLike<unknown>, path: string): unknown {
  const floats = value instanceof Float64Array || value instanceof Float32Array;
  return elements(floats ? toDouble : toLong)(value, path);
}

/**
 * Any value by itself: whole numbers become the smallest integer type that holds them, bigint a 64-bit one, typed arrays arrays.
 * undefined, functions and class instances are Unstorable.
 */
export function toBson(value: unknown, path: string): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      // Beyond 32 bits the driver would make a double of a whole number.
      return Number.isSafeInteger(value) && value !== (value | 0) && !Object.is(value, -0)
        ? Long.fromNumber(value)
        : value;
    case "bigint":
      return toBigLong(value, path);
    case "object":
      if (value === null) return value;
      if (isTypedArray(value)) return ofTypedArray(value, path);
      if (Array.isArray(value)) return value.map((element) => (element === undefined ? null : toBson(element, path)));
      if (isPlainObject(value)) return objectToBson(value, path);
  }
  throw new Unstorable(`${path} is ${kindOf(value)}, which MongoDB can't hold`);
}

/** An object's members, each by itself; members that are undefined are not there. */
export function objectToBson(object: object, path: string): BsonDocument {
  const converted: BsonDocument = {};
  for (const [key, value] of Object.entries(object)) {
    if (value !== undefined) converted[key] = toBson(value, `${path}.${key}`);
  }
  return converted;
}

/** The members of `data` by the conversions of their keys; errors call them by key. */
export function dataToBson(
  data: Readonly<Record<string, unknown>>,
  converters: ReadonlyMap<string, Convert>,
): BsonDocument {
  const converted: BsonDocument = {};
  for (const key in data) converted[key] = (converters.get(key) ?? toBson)(data[key], key);
  return converted;
}

/** Times by key, always doubles. */
export function timesToBson(times: Readonly<Record<string, unknown>>): BsonDocument {
  const converted: BsonDocument = {};
  for (const key in times) converted[key] = toDouble(times[key], key);
  return converted;
}

function toBigLong(value: bigint, path: string): Long {
  if (value > LARGEST_LONG || value < SMALLEST_LONG)
    throw new Unstorable(`${path} is ${value}, which needs more than 64 bits`);
  return Long.fromBigInt(value);
}
