import { takeOptions } from "./arguments.ts";
import type { Composable } from "./composable.ts";
import type { GridScanOptions } from "./grid-scan.ts";
import { dimensionsByMotor, PATTERN_MODULE, repr, reprAll } from "./metadata.ts";
import { listCyclers } from "./patterns/inner.ts";
import { outerListProduct } from "./patterns/outer.ts";
import { relative } from "./relative.ts";
import { trajectory } from "./scan-nd.ts";

/**
 * Scans every combination of listed positions: `listGridScan([det], m1, [1, 2], m2, [0, 5, 7])`, the slowest motor first,
 * and options last. Answers with the run's uid; throws at once when an argument is wrong.
 */
export function listGridScan(detectors: readonly unknown[], ...args: unknown[]): Composable<string> {
  return listGrid("listGridScan", "list_grid_scan", detectors, args).run;
}

/** Like `listGridScan`, with points relative to where the motors are; they go back there at the end. */
export function relListGridScan(detectors: readonly unknown[], ...args: unknown[]): Composable<string> {
  const { motors, run } = listGrid("relListGridScan", "rel_list_grid_scan", detectors, args);
  return relative(run, motors);
}

function listGrid(
  plan: string,
  planName: string,
  detectors: readonly unknown[],
  args: readonly unknown[],
): { motors: readonly unknown[]; run: Composable<string> } {
  const [positional, options] = takeOptions(plan, args, ["snakeAxes", "perStep", "md"]);
  const { snakeAxes: asked, ...scanOptions } = options as GridScanOptions;
  const snakeAxes = typeof asked === "object" && asked !== null ? [...asked] : (asked ?? false);
  const cycler = outerListProduct(positional, snakeAxes, plan);
  const axes = listCyclers(positional, plan).map((each) => [...each.byKey()][0] as [unknown, ArrayLike<any>]);
  const motors = axes.map(([motor]) => motor);
  const described = axes.flatMap(([motor, points]) => [repr(motor), Array.from(points)]);
  const snaking = repr(snakeAxes);
  const own = {
    shape: axes.map(([, points]) => points.length),
    extents: axes.map(([, points]) => extent(points)),
    snake_axes: snaking,
    plan_args: { detectors: reprAll(detectors), args: described, per_step: repr(scanOptions.perStep) },
    plan_name: planName,
    plan_pattern: "outer_list_product",
    plan_pattern_args: { args: described, snake_axes: snaking },
    plan_pattern_module: PATTERN_MODULE,
  };
  return { motors, run: trajectory(plan, detectors, cycler, scanOptions, own, dimensionsByMotor(motors)) };
}

function extent(points: ArrayLike<any>): [unknown, unknown] {
  const sorted = Array.from(points).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return [sorted[0], sorted.at(-1)];
}
