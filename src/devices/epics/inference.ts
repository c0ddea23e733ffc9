import type { Datatype, ElementKind } from "../datatype.ts";
import { t } from "../datatypes.ts";
import { DatatypeMismatchError } from "../errors.ts";
import type { ChannelKind, ChannelMetadata } from "./channel-types.ts";

/** Which typed array each numeric kind is. */
export const ELEMENTS: { readonly [K in ChannelKind]?: ElementKind } = {
  bool: "bool",
  int8: "i8",
  uint8: "u8",
  int16: "i16",
  uint16: "u16",
  int32: "i32",
  uint32: "u32",
  int64: "i64",
  uint64: "u64",
  float32: "f32",
  float64: "f64",
};

export function isInteger(kind: ChannelKind): boolean {
  return /^u?int(8|16|32|64)$/.test(kind);
}

export function isFloat(kind: ChannelKind): boolean {
  return kind === "float32" || kind === "float64";
}

/** The kind as one would name it in a message: `float64 with precision 3`, `array of int16`, `enum ["Off", "On"]`. */
export function nameOfKind({ info, precision, choices, columns }: ChannelMetadata): string {
  if (info.kind === "ndarray") return "frames (NTNDArray)";
  if (info.kind === "table") {
    return `table { ${(columns ?? []).map(({ name, kind }) => `${name}: ${kind}`).join(", ")} }`;
  }
  if (info.kind === "enum" && choices !== null)
    return `${info.isArray ? "array of " : ""}enum ${JSON.stringify(choices)}`;
  if (info.isArray) return `array of ${info.kind}`;
  if (isFloat(info.kind) && precision !== null) return `${info.kind} with precision ${precision}`;
  return info.kind;
}

/** Whether it is an array of indices without labels, as a waveform of ENUM is: numbers, and no text. */
export function isUnlabelled({ info, choices }: ChannelMetadata): boolean {
  return info.kind === "enum" && info.isArray && (choices ?? []).length === 0;
}

/** What `t.any` becomes on a channel. */
export function inferFromChannel(source: string, metadata: ChannelMetadata): Datatype<any> {
  const { kind, isArray } = metadata.info;
  if (isUnlabelled(metadata)) return t.array.u16;
  if (kind === "string" || (kind === "enum" && isArray)) return isArray ? t.strings : t.string;
  if (kind === "ndarray") return t.ndarray;
  if (kind === "table") return tableOf(source, metadata);
  if (kind === "enum") return t.enum(metadata.choices ?? []);
  if (isArray) {
    const element = ELEMENTS[kind];
    if (element !== undefined) return t.array[element];
  } else if (kind === "bool") return t.bool;
  else if (kind === "int64" || kind === "uint64") return t.int64;
  else if (isInteger(kind)) return t.int;
  else if (isFloat(kind)) return t.float;
  throw new DatatypeMismatchError(source, "a signal", nameOfKind(metadata), "no datatype holds it");
}

function tableOf(source: string, metadata: ChannelMetadata): Datatype<any> {
  const columns = (metadata.columns ?? []).map(({ name, kind }) => {
    const element = ELEMENTS[kind];
    if (kind === "string") return [name, t.strings] as const;
    if (element !== undefined) return [name, t.array[element] as Datatype<any>] as const;
    throw new DatatypeMismatchError(source, "t.table", nameOfKind(metadata), `no column holds ${kind}`);
  });
  return t.table(Object.fromEntries(columns));
}
