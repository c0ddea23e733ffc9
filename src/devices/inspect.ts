import { show } from "./datatype.ts";
import type { Device } from "./device.ts";
import type { Reading } from "./protocols.ts";

const SEVERITIES = ["", " MINOR", " MAJOR", " INVALID"];

/** What `util.inspect` gives a custom method: how deep it may still go, and its own options. */
export interface InspectOptions {
  readonly depth?: number | null | undefined;
}

/** A value with its alarm, as one line. */
export function told({ value, alarmSeverity = 0 }: Reading): string {
  return `${show(value)}${alarmSeverity < 0 ? " (unknown)" : (SEVERITIES[alarmSeverity] ?? "")}`;
}

/** The device and what is below it, a line each, down to `depth` levels; without any input or output. */
export function treeOf(device: Device, depth: number): string {
  return [String(device), ...linesBelow(device, depth, "  ")].join("\n");
}

function linesBelow(device: Device, depth: number, indent: string): string[] {
  if (depth <= 0) return device.children.size === 0 ? [] : [`${indent}... ${device.children.size} children`];
  return [...device.children].flatMap(([key, child]) => [
    `${indent}${key}: ${child.toString()}`,
    ...linesBelow(child, depth - 1, `${indent}  `),
  ]);
}
