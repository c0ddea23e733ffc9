import type { Hints } from "../devices/protocols.ts";

/** The module that bluesky's readers look plan patterns up in; its functions make the same points as ours. */
export const PATTERN_MODULE = "bluesky.plan_patterns";

export type Metadata = Record<string, any>;

/** Options that every plan of a run takes. */
export interface PlanOptions {
  /** Goes into the start document, over what the plan itself says there. */
  md?: Metadata | undefined;
}

/** A value as readable text, spelled as Python's repr does where there is such a value in Python. */
export function repr(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") return `'${value}'`;
  if (typeof value === "function") return `<function ${value.name || "anonymous"}>`;
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  const { name, constructor: made } = value as { name?: unknown; constructor?: { name?: string } };
  const kind = made?.name === undefined || made === Object ? "Device" : made.name;
  return typeof name === "string" ? `${kind}(name='${name}')` : `<${kind}>`;
}

/** What is no list is refused with the plan's name later, where the detectors are checked. */
export function reprAll(values: readonly unknown[]): string[] {
  return Array.isArray(values) ? values.map(repr) : [];
}

export function namesOf(devices: readonly unknown[]): string[] {
  return devices.map((device) => (device as { name: string }).name);
}

export function hintedFields(device: unknown): readonly string[] | undefined {
  return (device as { hints?: Hints } | null | undefined)?.hints?.fields;
}

/** One dimension a motor, or nothing when a motor does not say which of its fields matter. */
export function dimensionsByMotor(motors: readonly unknown[]): Metadata {
  const dimensions: unknown[] = [];
  for (const motor of motors) {
    const fields = hintedFields(motor);
    if (fields === undefined) return {};
    dimensions.push([[...fields], "primary"]);
  }
  return { dimensions };
}

/** One dimension for all motors together, as they move along one line. */
export function sharedDimension(motors: readonly unknown[]): Metadata {
  const fields = motors.flatMap((motor) => hintedFields(motor) ?? []);
  return fields.length === 0 ? {} : { dimensions: [[fields, "primary"]] };
}

/** The plan's own metadata under the user's; hints are merged one by one, the user's first. */
export function mergeMetadata(own: Metadata, hints: Metadata, md: Metadata | undefined): Metadata {
  return { ...own, ...md, hints: { ...hints, ...md?.hints } };
}
