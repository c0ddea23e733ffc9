import { takeOptions } from "./arguments.ts";
import type { Composable } from "./composable.ts";
import { dimensionsByMotor, PATTERN_MODULE, repr, reprAll } from "./metadata.ts";
import {
  chunkOuterProductArgs,
  classifyOuterProductArgsPattern,
  type GridAxis,
  gridOf,
  snakingOf,
} from "./patterns/outer.ts";
import { relative } from "./relative.ts";
import { type ScanOptions, trajectory } from "./scan-nd.ts";

export interface GridScanOptions extends ScanOptions {
  /** Which motors run back and forth: all but the slowest, none (the default), or those listed. */
  snakeAxes?: boolean | Iterable<unknown> | undefined;
}

/**
 * Scans every combination of positions of several motors: `gridScan([det], m1, start, stop, num, m2, start, stop, num)`,
 * the slowest motor first, and options last. Answers with the run's uid; throws at once when an argument is wrong.
 */
export function gridScan(detectors: readonly unknown[], ...args: unknown[]): Composable<string> {
  return grid("gridScan", "grid_scan", detectors, args).run;
}

/** Like `gridScan`, with positions relative to where the motors are; they go back there at the end. */
export function relGridScan(detectors: readonly unknown[], ...args: unknown[]): Composable<string> {
  const { motors, run } = grid("relGridScan", "rel_grid_scan", detectors, args);
  return relative(run, motors);
}

export const outerProductScan = gridScan;
export const relativeOuterProductScan = relGridScan;

function grid(
  plan: string,
  planName: string,
  detectors: readonly unknown[],
  args: readonly unknown[],
): { motors: readonly unknown[]; run: Composable<string> } {
  const [positional, options] = takeOptions(plan, args, ["snakeAxes", "perStep", "md"]);
  const { snakeAxes, ...scanOptions } = options as GridScanOptions;
  const pattern = classifyOuterProductArgsPattern(positional, plan);
  if (pattern === "pattern_2" && snakeAxes !== undefined && snakeAxes !== null) {
    throw new TypeError(`${plan}: snaking is given both among the arguments and as snakeAxes; use snakeAxes alone`);
  }
  const written = chunkOuterProductArgs(positional, pattern, plan);
  const motors = written.map((axis) => axis.motor);
  const twice = motors.find((motor, i) => motors.indexOf(motor) !== i);
  if (twice !== undefined) throw new TypeError(`${plan}: ${twice.name} is given twice; a motor can be given only once`);
  const axes = pattern === "pattern_2" ? written : snaked(written, snakingOf(plan, motors, snakeAxes ?? false));
  const described = axes.flatMap(({ motor, start, stop, num, snake }, i) => {
    const axis = [repr(motor), start, stop, num];
    return i === 0 ? axis : [...axis, snake];
  });
  const own = {
    shape: axes.map((axis) => axis.num),
    extents: axes.map((axis) => [axis.start, axis.stop]),
    snaking: axes.map((axis) => axis.snake),
    plan_args: { detectors: reprAll(detectors), args: described, per_step: repr(scanOptions.perStep) },
    plan_name: planName,
    plan_pattern: "outer_product",
    plan_pattern_args: { args: described },
    plan_pattern_module: PATTERN_MODULE,
  };
  const hints = { gridding: "rectilinear", ...dimensionsByMotor(motors) };
  return { motors, run: trajectory(plan, detectors, gridOf(axes), scanOptions, own, hints) };
}

function snaked(axes: readonly GridAxis[], snaking: readonly boolean[]): GridAxis[] {
  return axes.map((axis, i) => ({ ...axis, snake: snaking[i] ?? false }));
}
