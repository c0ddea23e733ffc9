import type { Movable } from "../devices/protocols.ts";
import { supports } from "../devices/protocols.ts";
import { Msg } from "../engine/msg.ts";
import { separateDevices } from "./ancestry.ts";
import { checkDetectors, checkMotor, checkNumber, checkOptions } from "./arguments.ts";
import type { Composable } from "./composable.ts";
import { dimensionsByMotor, mergeMetadata, namesOf, type PlanOptions, repr, reprAll } from "./metadata.ts";
import { predeclare } from "./predeclare.ts";
import { runWrapper, stageWrapper } from "./preprocessors/index.ts";
import { numberFrom } from "./readings.ts";
import { named, relative } from "./relative.ts";
import { checkpoint, create, mv, save } from "./stubs/index.ts";
import type { Many } from "./stubs/types.ts";

interface Climb {
  readonly targetField: string;
  readonly start: number;
  readonly stop: number;
  readonly minStep: number;
  readonly maxStep: number;
  readonly targetDelta: number;
  readonly backstep: boolean;
  readonly threshold: number;
}

/**
 * Scans one motor from `start` to `stop` in steps between `minStep` and `maxStep`, so long that `targetField` changes by
 * about `targetDelta` with each. With `backstep` it goes back where a step turns out more than `threshold` (0.8) too long.
 * Answers with the run's uid; throws at once when an argument is wrong.
 */
export function adaptiveScan(
  detectors: readonly unknown[],
  targetField: string,
  motor: unknown,
  start: number,
  stop: number,
  minStep: number,
  maxStep: number,
  targetDelta: number,
  backstep: boolean,
  threshold = 0.8,
  options: PlanOptions = {},
): Composable<string> {
  const plan = "adaptiveScan";
  checkOptions(plan, options, ["md"]);
  checkDetectors(plan, detectors);
  const positioner = checkMotor(plan, motor);
  for (const [what, value] of Object.entries({ start, stop, minStep, maxStep, targetDelta, threshold })) {
    checkNumber(plan, what, value);
  }
  if (!(minStep > 0 && minStep < maxStep)) {
    throw new RangeError(`${plan}: minStep (${minStep}) must be more than 0 and less than maxStep (${maxStep})`);
  }
  const own = {
    detectors: namesOf(detectors),
    motors: [positioner.name],
    plan_args: {
      detectors: reprAll(detectors),
      motor: repr(motor),
      start,
      stop,
      min_step: minStep,
      max_step: maxStep,
      target_delta: targetDelta,
      backstep,
      threshold,
    },
    plan_name: "adaptive_scan",
  };
  const climb = { targetField, start, stop, minStep, maxStep, targetDelta, backstep, threshold };
  const md = mergeMetadata(own, dimensionsByMotor([motor]), options.md);
  return stageWrapper(runWrapper(steps(detectors, positioner, climb), { md }), [...detectors, motor]);
}

function* steps(detectors: readonly unknown[], motor: Movable<any>, climb: Climb): Many {
  const { start, stop, minStep, maxStep, targetDelta, backstep, threshold } = climb;
  const direction = stop >= start ? 1 : -1;
  const devices = separateDevices([...detectors, motor]);
  yield* predeclare(devices);
  let position = start;
  let step = (maxStep - minStep) / 2;
  let past: number | undefined;
  while (position * direction < stop * direction) {
    yield checkpoint();
    yield* mv(motor, position);
    const current = yield* readPoint(detectors, devices, climb.targetField);
    if (past === undefined) {
      past = current;
      position += step * direction;
      continue;
    }
    const slope = Math.abs(current - past) / step;
    const next = slope > 0 ? clip(targetDelta / slope, minStep, maxStep) : Math.min(step * 1.1, maxStep);
    if (backstep && next < step * threshold) {
      position -= step * direction;
      step = next;
    } else {
      past = current;
      step = 0.2 * next + 0.8 * step;
    }
    position += step * direction;
  }
}

/** The event is begun before the detectors are triggered, as in bluesky. */
function* readPoint(detectors: readonly unknown[], devices: readonly unknown[], field: string): Many<number> {
  yield create("primary");
  for (const detector of detectors) {
    if (supports(detector, "Triggerable")) yield new Msg("trigger", detector, [], { group: "B" });
  }
  yield new Msg("wait", null, [], { group: "B" });
  const readings: Record<string, unknown> = {};
  for (const device of devices) Object.assign(readings, yield* new Msg<"read", object | undefined>("read", device));
  yield save();
  return numberFrom("adaptiveScan", "targetField", readings, field);
}

function clip(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** Like `adaptiveScan`, with positions relative to where the motor is; it goes back there at the end. */
export function relAdaptiveScan(
  detectors: readonly unknown[],
  targetField: string,
  motor: unknown,
  start: number,
  stop: number,
  minStep: number,
  maxStep: number,
  targetDelta: number,
  backstep: boolean,
  threshold = 0.8,
  options: PlanOptions = {},
): Composable<string> {
  const md = named("rel_adaptive_scan", options);
  return relative(
    adaptiveScan(detectors, targetField, motor, start, stop, minStep, maxStep, targetDelta, backstep, threshold, md),
    [motor],
  );
}

export const relativeAdaptiveScan = relAdaptiveScan;
