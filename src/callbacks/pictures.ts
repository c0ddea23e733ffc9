import type { EventDescriptor, RunStart } from "../documents/document.ts";
import { CurvePicture } from "./curve-picture.ts";
import { axesOf, type Dimensions, hintedFields, isNumeric } from "./dimensions.ts";
import { MapPicture, plannedGrid } from "./map-picture.ts";
import type { Picture } from "./picture.ts";

type Warn = (message: string) => void;

/** A picture for each number that the stream's devices hint at and that is no axis; what can't be drawn is warned of. */
export function picturesOf(
  start: RunStart,
  dimensions: Dimensions,
  descriptor: EventDescriptor,
  warn: Warn,
): readonly Picture[] {
  const axes = axesOf(dimensions, descriptor);
  const fields = measuredNumbers(start, descriptor, axes, warn);
  const { name: stream = "primary" } = descriptor;
  if (fields.length === 0) {
    if (stream === dimensions.stream) {
      warn(
        `no device of stream ${stream} hints at a number to draw; give the fields of interest the kind "hinted", or name them in the device's hints.fields`,
      );
    }
    return [];
  }
  const missing = axes.find((axis) => !isNumeric(descriptor, axis));
  if (missing !== undefined) {
    warn(`nothing of stream ${stream} is drawn, because it has no number ${missing} to draw against`);
    return [];
  }
  const [first = "time", second] = axes;
  if (second === undefined) return fields.map((field) => new CurvePicture(start, descriptor, first, field));
  if (axes.length > 2) {
    warn(
      `nothing of stream ${stream} is drawn over ${axes.length} dimensions; hints.dimensions in the run's metadata can name the two of interest`,
    );
    return [];
  }
  if (start.hints?.gridding !== "rectilinear") {
    return fields.map((field) => new MapPicture(stream, first, second, field));
  }
  const grid = plannedGrid(start);
  if (grid === undefined)
    warn("the run's metadata have no shape and extents of its grid, so it is drawn from its points");
  return fields.map((field) => new MapPicture(stream, second, first, field, grid));
}

function measuredNumbers(
  start: RunStart,
  descriptor: EventDescriptor,
  axes: readonly string[],
  warn: Warn,
): readonly string[] {
  const independent = new Set([...axes, ...(start.hints?.dimensions ?? []).flatMap(([fields]) => fields)]);
  const measured = hintedFields(descriptor).filter((field) => !independent.has(field));
  for (const field of measured.filter((each) => !isNumeric(descriptor, each))) {
    warn(`${field} is not drawn, because it is of dtype ${descriptor.data_keys[field]?.dtype ?? "unknown"}`);
  }
  return measured.filter((field) => isNumeric(descriptor, field));
}
