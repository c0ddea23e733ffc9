import { type Datatype, show } from "../datatype.ts";
import { DatatypeMismatchError } from "../errors.ts";
import type { ChannelMetadata, ChannelValue } from "./channel-types.ts";
import { enumConverter } from "./enum-converter.ts";
import { ELEMENTS, isFloat, isInteger, isUnlabelled, nameOfKind } from "./inference.ts";
import { frames, tableConverter } from "./structure-converters.ts";

/** How one signal's values go over one channel. Both directions throw rather than change a value. */
export interface Converter<T> {
  fromChannel(raw: ChannelValue): T;
  toChannel(value: T): unknown;
}

/** The longest text of a DBR_STRING, in bytes, its end mark apart. */
const CA_STRING_BYTES = 39;

const BOOL_KINDS = { ca: ["int16", "uint8"], pva: ["int8", "uint8", "int32", "uint32"] };

/**
 * The converter for a datatype on a channel; the table of what is accepted stands here.
 * Throws a `DatatypeMismatchError` with source, expected and actual for everything else.
 */
export function converterFor<T>(source: string, datatype: Datatype<T>, metadata: ChannelMetadata): Converter<T> {
  const converter = find(source, datatype, metadata);
  if (converter !== undefined) return converter as Converter<T>;
  throw new DatatypeMismatchError(source, datatype.label, nameOfKind(metadata), hintFor(datatype, metadata));
}

function find(source: string, datatype: Datatype<any>, metadata: ChannelMetadata): Converter<any> | undefined {
  const { kind, isArray, protocol } = metadata.info;
  switch (datatype.kind) {
    case "bool":
      if (isArray) return undefined;
      if (kind === "bool") return identity();
      if (kind === "enum" && metadata.choices?.length === 2) return zeroOrOne(source);
      return BOOL_KINDS[protocol].includes(kind) ? zeroOrOne(source) : undefined;
    case "int":
      if (isArray) return undefined;
      if (isInteger(kind)) return wholeNumber(source);
      return isFloat(kind) && metadata.precision === 0 ? wholeNumber(source) : undefined;
    case "int64":
      return !isArray && isInteger(kind) && protocol === "pva" ? bigInteger(kind.endsWith("64")) : undefined;
    case "float":
      return !isArray && isFloat(kind) ? identity() : undefined;
    case "string":
      if (isArray) return kind === "uint8" || kind === "int8" ? longString(source, metadata) : undefined;
      if (kind === "string") return protocol === "ca" ? shortString(source) : identity();
      return kind === "enum" ? enumConverter(source, datatype, metadata) : undefined;
    case "strings":
      if (!isArray) return undefined;
      if (kind === "string") return identity();
      return kind === "enum" && !isUnlabelled(metadata) ? enumArray(source, metadata) : undefined;
    case "enum":
      return !isArray && (kind === "enum" || (kind === "string" && protocol === "pva"))
        ? enumConverter(source, datatype, metadata)
        : undefined;
    case "array":
      return isArray && !["table", "ndarray"].includes(kind) ? arrayConverter(datatype, metadata) : undefined;
    case "table":
      return kind === "table" ? tableConverter(source, datatype, metadata) : undefined;
    case "ndarray":
      return kind === "ndarray" ? frames(source) : undefined;
    case "any":
      return undefined;
  }
}

function hintFor(datatype: Datatype<any>, { info }: ChannelMetadata): string | undefined {
  if (datatype.kind === "int64" && info.protocol === "ca") {
    return "Channel Access carries 64-bit integers as doubles; use pva://";
  }
  if ((datatype.kind === "table" || datatype.kind === "ndarray") && info.protocol === "ca") {
    return `Channel Access carries no ${datatype.kind === "table" ? "tables" : "frames"}; use pva://`;
  }
  if (datatype.kind === "int" && isFloat(info.kind)) return "a float is an integer only when its precision is 0";
  return undefined;
}

function identity(): Converter<any> {
  return { fromChannel: (raw) => raw, toChannel: (value) => value };
}

function zeroOrOne(source: string): Converter<boolean> {
  return {
    fromChannel(raw) {
      if (raw === 0 || raw === 1) return raw === 1;
      throw new DatatypeMismatchError(source, "t.bool", show(raw), "only 0 and 1 are");
    },
    toChannel: Number,
  };
}

function wholeNumber(source: string): Converter<number> {
  return {
    fromChannel(raw) {
      const value = typeof raw === "bigint" ? Number(raw) : raw;
      if (Number.isSafeInteger(value)) return value as number;
      const hint = typeof raw === "bigint" ? "use t.int64" : "use t.float";
      throw new DatatypeMismatchError(source, "t.int", show(raw), hint);
    },
    toChannel: (value) => value,
  };
}

function bigInteger(wide: boolean): Converter<bigint> {
  return {
    fromChannel: (raw) => BigInt(raw as number | bigint),
    toChannel: (value) => (wide ? value : Number(value)),
  };
}

function shortString(source: string): Converter<string> {
  return {
    fromChannel: (raw) => raw as string,
    toChannel(value) {
      const bytes = Buffer.byteLength(value);
      if (bytes <= CA_STRING_BYTES) return value;
      throw new RangeError(
        `${source} holds ${CA_STRING_BYTES} bytes of text and ${show(value)} has ${bytes}; append "$" to the name for long strings`,
      );
    },
  };
}

function longString(source: string, { info }: ChannelMetadata): Converter<string> {
  return {
    fromChannel(raw) {
      const bytes = raw as Uint8Array | Int8Array;
      const end = bytes.indexOf(0);
      return Buffer.from(bytes.buffer, bytes.byteOffset, end < 0 ? bytes.length : end).toString("utf8");
    },
    toChannel(value) {
      if (value.includes("\0")) throw new RangeError(`${source} ends text at a NUL, and ${show(value)} has one in it`);
      const bytes = Buffer.from(`${value}\0`);
      if (info.count > 0 && bytes.length > info.count) {
        throw new RangeError(
          `${source} holds ${info.count - 1} bytes of text and ${show(value)} has ${bytes.length - 1}`,
        );
      }
      return info.kind === "int8" ? new Int8Array(bytes) : new Uint8Array(bytes);
    },
  };
}

function enumArray(source: string, { choices }: ChannelMetadata): Converter<readonly string[]> {
  const labels = choices ?? [];
  return {
    fromChannel: (raw) =>
      Array.from(raw as ArrayLike<number>, (index) => {
        const label = labels[index];
        if (label !== undefined) return label;
        throw new DatatypeMismatchError(source, "t.strings", `index ${index}`, `its labels are ${show(labels)}`);
      }),
    toChannel: (value) =>
      Uint16Array.from(value, (label) => {
        const index = labels.indexOf(label);
        if (index >= 0) return index;
        throw new RangeError(`${label} is not a valid choice for ${source}, valid choices: ${show(labels)}`);
      }),
  };
}

function arrayConverter(datatype: Datatype<any>, metadata: ChannelMetadata): Converter<any> | undefined {
  const { info } = metadata;
  const carried = isUnlabelled(metadata) ? "u16" : ELEMENTS[info.kind];
  if (datatype.element === "bool") {
    if (carried !== "bool" && carried !== "u8") return undefined;
    return {
      fromChannel: (raw) => Array.from(raw as Uint8Array, (item) => item !== 0),
      toChannel: (value: readonly boolean[]) => Uint8Array.from(value, Number),
    };
  }
  return carried === datatype.element ? identity() : undefined;
}
