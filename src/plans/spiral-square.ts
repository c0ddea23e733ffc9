import { checkOptions } from "./arguments.ts";
import type { Composable } from "./composable.ts";
import { dimensionsByMotor, repr, reprAll } from "./metadata.ts";
import { spiralSquarePattern } from "./patterns/spirals.ts";
import { named, relative } from "./relative.ts";
import { type ScanOptions, trajectory } from "./scan-nd.ts";

/**
 * Scans the points of a rectangular grid in a square spiral from its centre outwards. Answers with the run's uid; throws
 * at once when an argument is wrong.
 */
export function spiralSquare(
  detectors: readonly unknown[],
  xMotor: any,
  yMotor: any,
  xCenter: number,
  yCenter: number,
  xRange: number,
  yRange: number,
  xNum: number,
  yNum: number,
  options: ScanOptions = {},
): Composable<string> {
  checkOptions("spiralSquare", options, ["perStep", "md"]);
  const cycler = spiralSquarePattern(xMotor, yMotor, xCenter, yCenter, xRange, yRange, xNum, yNum);
  const own = {
    plan_args: {
      detectors: reprAll(detectors),
      x_motor: repr(xMotor),
      y_motor: repr(yMotor),
      x_center: xCenter,
      y_center: yCenter,
      x_range: xRange,
      y_range: yRange,
      x_num: xNum,
      y_num: yNum,
      per_step: repr(options.perStep),
    },
    plan_name: "spiral_square",
    plan_pattern: "spiral_square",
    shape: [yNum, xNum],
    extents: [
      [yCenter - yRange / 2, yCenter + yRange / 2],
      [xCenter - xRange / 2, xCenter + xRange / 2],
    ],
  };
  const hints = { gridding: "rectilinear_nonsequential", ...dimensionsByMotor([yMotor, xMotor]) };
  return trajectory("spiralSquare", detectors, cycler, options, own, hints);
}

/** Like `spiralSquare`, around where the motors are; they go back there at the end. */
export function relSpiralSquare(
  detectors: readonly unknown[],
  xMotor: unknown,
  yMotor: unknown,
  xRange: number,
  yRange: number,
  xNum: number,
  yNum: number,
  options: ScanOptions = {},
): Composable<string> {
  const md = named("rel_spiral_square", options);
  return relative(spiralSquare(detectors, xMotor, yMotor, 0, 0, xRange, yRange, xNum, yNum, md), [xMotor, yMotor]);
}
