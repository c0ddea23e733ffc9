import type { Datatype } from "../datatype.ts";
import type { SignalDataKey } from "../signal-backend.ts";
import type { ChannelMetadata } from "./channel-types.ts";

/** The data key of a value on a channel. Units, precision and limits only where they mean something. */
export function dataKeyOf(datatype: Datatype<any>, value: unknown, metadata: ChannelMetadata): SignalDataKey {
  const key: SignalDataKey = datatype.describe(value);
  if (datatype.kind === "enum") key.choices = [...(metadata.choices ?? datatype.choices ?? [])];
  else if (datatype.kind === "string" && metadata.choices !== null) key.choices = [...metadata.choices];
  const numeric = key.dtype === "integer" || key.dtype === "number" || isNumericArray(datatype);
  if (!numeric) return key;
  if (metadata.units !== null) key.units = metadata.units;
  const float = key.dtype === "number" || datatype.element === "f32" || datatype.element === "f64";
  if (float && metadata.precision !== null) key.precision = metadata.precision;
  const limits: NonNullable<SignalDataKey["limits"]> = {};
  for (const kind of ["display", "control", "warning", "alarm"] as const) {
    const range = metadata.limits[kind];
    if (range !== null) limits[kind] = { low: range.low, high: range.high };
  }
  if (Object.keys(limits).length > 0) key.limits = limits;
  return key;
}

function isNumericArray(datatype: Datatype<any>): boolean {
  return datatype.kind === "array" && datatype.element !== "bool";
}
