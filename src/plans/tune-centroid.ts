import type { Movable } from "../devices/protocols.ts";
import { checkDetectors, checkMotor, checkNumber, checkOptions, checkWhole } from "./arguments.ts";
import type { Composable } from "./composable.ts";
import {
  dimensionsByMotor,
  hintedFields,
  mergeMetadata,
  namesOf,
  type PlanOptions,
  repr,
  reprAll,
} from "./metadata.ts";
import { predeclare } from "./predeclare.ts";
import { runWrapper, stageWrapper } from "./preprocessors/index.ts";
import { numberFrom } from "./readings.ts";
import { checkpoint, mv, triggerAndRead } from "./stubs/index.ts";
import type { Many } from "./stubs/types.ts";

interface Search {
  readonly signal: string;
  readonly start: number;
  readonly stop: number;
  readonly minStep: number;
  readonly num: number;
  readonly stepFactor: number;
  readonly snake: boolean;
}

/**
 * Finds the centroid of `signal` along a motor: scans `start` to `stop` in `num` points, then a range `stepFactor` times
 * narrower around the centroid, until the step is below `minStep`; the motor ends up at the centroid. With `snake` every
 * other pass runs backwards. Answers with the run's uid; throws at once when an argument is wrong.
 */
export function tuneCentroid(
  detectors: readonly unknown[],
  signal: string,
  motor: unknown,
  start: number,
  stop: number,
  minStep: number,
  num = 10,
  stepFactor = 3,
  snake = false,
  options: PlanOptions = {},
): Composable<string> {
  const plan = "tuneCentroid";
  checkOptions(plan, options, ["md"]);
  checkDetectors(plan, detectors);
  const positioner = checkMotor(plan, motor);
  for (const [what, value] of Object.entries({ start, stop, minStep, stepFactor })) checkNumber(plan, what, value);
  checkWhole(plan, "num", num, 2);
  if (minStep <= 0) throw new RangeError(`${plan}: minStep must be more than 0, got ${minStep}`);
  if (stepFactor <= 1) throw new RangeError(`${plan}: stepFactor must be more than 1, got ${stepFactor}`);
  const own = {
    detectors: namesOf(detectors),
    motors: [positioner.name],
    plan_args: { detectors: reprAll(detectors), motor: repr(motor), start, stop, num, min_step: minStep },
    plan_name: "tune_centroid",
  };
  const md = mergeMetadata(own, dimensionsByMotor([motor]), options.md);
  const search = { signal, start, stop, minStep, num, stepFactor, snake };
  return stageWrapper(runWrapper(passes(detectors, positioner, search), { md }), [...detectors, motor]);
}

function* passes(detectors: readonly unknown[], motor: Movable<any>, search: Search): Many {
  const { signal, minStep, num, stepFactor, snake } = search;
  const fields = hintedFields(motor) ?? [];
  const motorField = fields.length === 1 && fields[0] !== undefined ? fields[0] : motor.name;
  const low = Math.min(search.start, search.stop);
  const high = Math.max(search.start, search.stop);
  const clip = (value: number): number => Math.min(Math.max(value, low), high);
  yield* predeclare([motor, ...detectors]);
  let { start, stop } = search;
  let position = start;
  let step = (stop - start) / (num - 1);
  let sum = 0;
  let moment = 0;
  let peak: number | undefined;
  while (Math.abs(step) >= minStep && low <= position && position <= high) {
    yield checkpoint();
    yield* mv(motor, position);
    const readings: Record<string, any> = yield* triggerAndRead([...detectors, motor]);
    const intensity = numberFrom("tuneCentroid", "signal", readings, signal);
    sum += intensity;
    moment += numberFrom("tuneCentroid", "the motor's field", readings, motorField) * intensity;
    position += step;
    if (Math.min(start, stop) <= position && position <= Math.max(start, stop)) continue;
    if (sum === 0) return;
    peak = moment / sum;
    sum = 0;
    moment = 0;
    const half = (stop - start) / stepFactor / 2;
    [start, stop] = [clip(peak - half), clip(peak + half)];
    if (snake) [start, stop] = [stop, start];
    step = (stop - start) / (num - 1);
    position = start;
  }
  if (peak !== undefined) yield* mv(motor, peak);
}
