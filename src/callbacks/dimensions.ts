import type { EventDescriptor, RunStart } from "../documents/document.ts";

/** What the points of a run are drawn against; the run's own time where nothing is scanned. */
export interface Dimensions {
  readonly stream: string;
  /** One for each dimension: a field of the stream, or `time`. */
  readonly fields: readonly string[];
  /** The names of motors stand for their fields, which only the descriptor tells. */
  readonly guessed: boolean;
  /** Why the hints were not followed, for people. */
  readonly warning?: string;
}

type Hint = readonly [fields: readonly string[], stream: string];

/** The run's dimensions by its hints, else by its motors. Of several fields along one dimension the first is drawn against. */
export function dimensionsOf(start: RunStart): Dimensions {
  const hinted = start.hints?.dimensions as readonly Hint[] | undefined;
  if (hinted === undefined || hinted.length === 0) return guess(start);
  const streams = new Set(hinted.map(([, stream]) => stream));
  if (streams.size > 1) {
    const warning = `the dimensions that the plan hints at lie in several streams (${[...streams].join(", ")}), so its motors are drawn against instead`;
    return { ...guess(start), warning };
  }
  return { stream: hinted[0]?.[1] ?? "primary", fields: hinted.map(([[field]]) => field ?? "time"), guessed: false };
}

function guess(start: RunStart): Dimensions {
  const motors = start.motors as readonly string[] | undefined;
  return { stream: "primary", fields: motors?.length ? motors : ["time"], guessed: true };
}

/** The fields to draw the stream against, now that its descriptor is known. */
export function axesOf(dimensions: Dimensions, descriptor: EventDescriptor): readonly string[] {
  if (descriptor.name !== dimensions.stream) return ["time"];
  if (!dimensions.guessed) return dimensions.fields;
  return dimensions.fields.map(
    (motor) => hintedBy(descriptor, motor)[0] ?? descriptor.object_keys?.[motor]?.[0] ?? motor,
  );
}

/** What the devices of a stream say is worth showing. */
export function hintedFields(descriptor: EventDescriptor): string[] {
  return Object.keys(descriptor.hints ?? {}).flatMap((device) => hintedBy(descriptor, device));
}

function hintedBy(descriptor: EventDescriptor, device: string): readonly string[] {
  return (descriptor.hints?.[device] as { fields?: readonly string[] } | null | undefined)?.fields ?? [];
}

export function isNumeric(descriptor: EventDescriptor, field: string): boolean {
  const key = descriptor.data_keys[field];
  return field === "time" || key?.dtype === "number" || key?.dtype === "integer";
}
