import { checkOptions } from "./arguments.ts";
import type { Composable } from "./composable.ts";
import { dimensionsByMotor, type Metadata, PATTERN_MODULE, repr, reprAll } from "./metadata.ts";
import type { Cycler } from "./patterns/cycler.ts";
import {
  type SpiralOptions,
  spiralFermat as spiralFermatPattern,
  spiral as spiralPattern,
} from "./patterns/spirals.ts";
import { named, relative } from "./relative.ts";
import { type ScanOptions, trajectory } from "./scan-nd.ts";

export interface SpiralScanOptions extends ScanOptions, SpiralOptions {}

type Pattern = (
  x: any,
  y: any,
  xStart: number,
  yStart: number,
  xRange: number,
  yRange: number,
  dr: number,
  last: number,
  options: SpiralOptions,
) => Cycler;

type Area = readonly [xStart: number, yStart: number, xRange: number, yRange: number, dr: number, last: number];

/** Both spirals differ in their pattern and in what its last argument is called. */
function scanSpiral(
  names: readonly [plan: string, planName: string, last: string],
  pattern: Pattern,
  detectors: readonly unknown[],
  motors: readonly [unknown, unknown],
  area: Area,
  options: SpiralScanOptions,
): Composable<string> {
  const [plan, planName, lastName] = names;
  checkOptions(plan, options, ["drY", "tilt", "perStep", "md"]);
  const { drY, tilt = 0, ...scanOptions } = options;
  const [xStart, yStart, xRange, yRange, dr, last] = area;
  const cycler = pattern(...motors, ...area, { drY, tilt });
  const patternArgs: Metadata = {
    x_motor: repr(motors[0]),
    y_motor: repr(motors[1]),
    x_start: xStart,
    y_start: yStart,
    x_range: xRange,
    y_range: yRange,
    dr,
    [lastName]: last,
    dr_y: drY ?? null,
    tilt,
  };
  const own = {
    plan_args: { detectors: reprAll(detectors), ...patternArgs, per_step: repr(options.perStep) },
    extents: [
      [xStart - xRange, xStart + xRange],
      [yStart - yRange, yStart + yRange],
    ],
    plan_name: planName,
    plan_pattern: planName,
    plan_pattern_module: PATTERN_MODULE,
    plan_pattern_args: patternArgs,
  };
  return trajectory(plan, detectors, cycler, scanOptions, own, dimensionsByMotor(motors));
}

/**
 * Scans two motors along a spiral of rings `dr` apart, with `nth` points on the first ring and as many more on each that
 * follows. Answers with the run's uid; throws at once when an argument is wrong.
 */
export function spiral(
  detectors: readonly unknown[],
  xMotor: unknown,
  yMotor: unknown,
  xStart: number,
  yStart: number,
  xRange: number,
  yRange: number,
  dr: number,
  nth: number,
  options: SpiralScanOptions = {},
): Composable<string> {
  const area = [xStart, yStart, xRange, yRange, dr, nth] as const;
  return scanSpiral(["spiral", "spiral", "nth"], spiralPattern, detectors, [xMotor, yMotor], area, options);
}

/** Like `spiral`, around where the motors are; they go back there at the end. */
export function relSpiral(
  detectors: readonly unknown[],
  xMotor: unknown,
  yMotor: unknown,
  xRange: number,
  yRange: number,
  dr: number,
  nth: number,
  options: SpiralScanOptions = {},
): Composable<string> {
  const md = named("rel_spiral", options);
  return relative(spiral(detectors, xMotor, yMotor, 0, 0, xRange, yRange, dr, nth, md), [xMotor, yMotor]);
}

export const relativeSpiral = relSpiral;

/**
 * Scans two motors along a Fermat spiral, whose points lie evenly on the area; `factor` divides the radius. Answers with
 * the run's uid; throws at once when an argument is wrong.
 */
export function spiralFermat(
  detectors: readonly unknown[],
  xMotor: unknown,
  yMotor: unknown,
  xStart: number,
  yStart: number,
  xRange: number,
  yRange: number,
  dr: number,
  factor: number,
  options: SpiralScanOptions = {},
): Composable<string> {
  const area = [xStart, yStart, xRange, yRange, dr, factor] as const;
  const names = ["spiralFermat", "spiral_fermat", "factor"] as const;
  return scanSpiral(names, spiralFermatPattern, detectors, [xMotor, yMotor], area, options);
}

/** Like `spiralFermat`, around where the motors are; they go back there at the end. */
export function relSpiralFermat(
  detectors: readonly unknown[],
  xMotor: unknown,
  yMotor: unknown,
  xRange: number,
  yRange: number,
  dr: number,
  factor: number,
  options: SpiralScanOptions = {},
): Composable<string> {
  const md = named("rel_spiral_fermat", options);
  return relative(spiralFermat(detectors, xMotor, yMotor, 0, 0, xRange, yRange, dr, factor, md), [xMotor, yMotor]);
}

export const relativeSpiralFermat = relSpiralFermat;
