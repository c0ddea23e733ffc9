import type { Plan } from "../engine/msg.ts";
import { checkDetectors, checkOptions, nameOf } from "./arguments.ts";
import { mergeAxes } from "./axes.ts";
import type { Composable } from "./composable.ts";
import {
  dimensionsByMotor,
  type Metadata,
  mergeMetadata,
  namesOf,
  type PlanOptions,
  repr,
  reprAll,
} from "./metadata.ts";
import { Cycler } from "./patterns/cycler.ts";
import { asNdStep, checkTaken, type PerStep, type PerStepNd } from "./per-step.ts";
import { predeclare } from "./predeclare.ts";
import { runWrapper, stageWrapper } from "./preprocessors/index.ts";
import { oneNdStep, type Step } from "./stubs/index.ts";
import type { Many } from "./stubs/types.ts";

/** Options that every scan takes. */
export interface ScanOptions extends PlanOptions {
  /** What is done at each point, in place of moving, triggering and reading (`oneNdStep`). */
  perStep?: PerStep | undefined;
}

/**
 * Takes a reading at each point of a trajectory of any number of motors. Answers with the run's uid; throws at once
 * when an argument is wrong.
 */
export function scanNd(detectors: readonly unknown[], cycler: Cycler, options: ScanOptions = {}): Composable<string> {
  checkOptions("scanNd", options, ["perStep", "md"]);
  if (!(cycler instanceof Cycler)) {
    throw new TypeError(`scanNd: expected a trajectory (cycler(motor, points)), got ${nameOf(cycler)}`);
  }
  const own = {
    plan_args: { detectors: reprAll(detectors), cycler: cycler.toString(), per_step: repr(options.perStep) },
    plan_name: "scan_nd",
  };
  return trajectory("scanNd", detectors, cycler, options, own, dimensionsByMotor(cycler.keys));
}

/** What all scans have in common. `own` and `hints` are what the plan says of itself in the start document, under the user's `md`. */
export function trajectory(
  plan: string,
  detectors: readonly unknown[],
  cycler: Cycler,
  options: ScanOptions,
  own: Metadata,
  hints: Metadata,
): Composable<string> {
  const { perStep, md } = options;
  checkDetectors(plan, detectors, perStep === undefined);
  const { keys, length } = cycler;
  const step = perStep === undefined ? undefined : asNdStep(plan, perStep, keys);
  const common = {
    detectors: namesOf(detectors),
    motors: namesOf(keys),
    num_points: length,
    num_intervals: length - 1,
  };
  const motors = [...mergeAxes(new Map(keys.map((motor) => [motor, undefined]))).keys()];
  const points = motors.length === keys.length ? cycler : mergedSteps(cycler);
  const body =
    step === undefined ? defaultSteps(detectors, motors, points) : customSteps(plan, detectors, points, step);
  return stageWrapper(runWrapper(body, { md: mergeMetadata({ ...common, ...own }, hints, md) }), [
    ...detectors,
    ...motors,
  ]);
}

function* mergedSteps(cycler: Cycler): Generator<Step, void, undefined> {
  for (const point of cycler) yield mergeAxes(point) as Step;
}

function* defaultSteps(detectors: readonly unknown[], motors: readonly unknown[], points: Iterable<Step>): Many {
  yield* predeclare([...motors, ...detectors]);
  const posCache = new Map();
  for (const point of points) yield* oneNdStep(detectors, point, posCache);
}

async function* customSteps(
  plan: string,
  detectors: readonly unknown[],
  points: Iterable<Step>,
  perStep: PerStepNd,
): Plan {
  const posCache = new Map();
  for (const point of points) yield* checkTaken(plan, "perStep", perStep(detectors, point, posCache));
}
