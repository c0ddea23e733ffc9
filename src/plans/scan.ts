import { checkWhole, takeOptions } from "./arguments.ts";
import type { Composable } from "./composable.ts";
import { PATTERN_MODULE, repr, reprAll, sharedDimension } from "./metadata.ts";
import { innerProduct } from "./patterns/inner.ts";
import { named, relative } from "./relative.ts";
import { type ScanOptions, trajectory } from "./scan-nd.ts";

/** `num` may stand here in place of the last positional argument. */
export interface LineScanOptions extends ScanOptions {
  num?: number;
}

interface Line {
  readonly motors: readonly unknown[];
  readonly run: Composable<string>;
}

/**
 * Scans one or more motors together along a line: `scan([det], motor, start, stop, num)`, with more motors (each with
 * its start and stop) before `num`, and options after it. Answers with the run's uid; throws at once when an argument is wrong.
 */
export function scan(detectors: readonly unknown[], ...args: unknown[]): Composable<string> {
  return line("scan", "scan", detectors, args).run;
}

/** Like `scan`, with positions relative to where the motors are; they go back there at the end. */
export function relScan(detectors: readonly unknown[], ...args: unknown[]): Composable<string> {
  return relativeLine("relScan", "rel_scan", detectors, args);
}

export const relativeScan = relScan;

/** `scan` with the number of points first. */
export function innerProductScan(detectors: readonly unknown[], num: number, ...args: unknown[]): Composable<string> {
  return line("innerProductScan", "inner_product_scan", detectors, numLast("innerProductScan", num, args)).run;
}

/** `relScan` with the number of points first. */
export function relativeInnerProductScan(
  detectors: readonly unknown[],
  num: number,
  ...args: unknown[]
): Composable<string> {
  const plan = "relativeInnerProductScan";
  return relativeLine(plan, "relative_inner_product_scan", detectors, numLast(plan, num, args));
}

function numLast(plan: string, num: number, args: readonly unknown[]): unknown[] {
  const [positional, options] = takeOptions(plan, args, ["perStep", "md"]);
  return [...positional, num, options];
}

function relativeLine(
  plan: string,
  planName: string,
  detectors: readonly unknown[],
  args: readonly unknown[],
): Composable<string> {
  const { motors, run } = line(plan, planName, detectors, args);
  return relative(run, motors);
}

function line(plan: string, planName: string, detectors: readonly unknown[], args: readonly unknown[]): Line {
  const [positional, options] = takeOptions(plan, args, ["num", "perStep", "md"]);
  const { num: numOption, ...scanOptions } = options as LineScanOptions;
  const lines = numOption === undefined ? positional.slice(0, -1) : positional;
  if (numOption === undefined && positional.length % 3 !== 1) {
    throw new TypeError(
      `${plan}: expected motor, start, stop for each motor and then the number of points, got ${positional.length} arguments; ` +
        "is the number of points missing?",
    );
  }
  const num = checkWhole(plan, "num", numOption ?? positional.at(-1));
  const cycler = innerProduct(num, lines, plan);
  const described = lines.map((each, i) => (i % 3 === 0 ? repr(each) : each));
  const own = {
    plan_args: { detectors: reprAll(detectors), num, args: described, per_step: repr(scanOptions.perStep) },
    plan_name: planName,
    plan_pattern: "inner_product",
    plan_pattern_module: PATTERN_MODULE,
    plan_pattern_args: { num, args: described },
  };
  const motors = cycler.keys;
  return { motors, run: trajectory(plan, detectors, cycler, scanOptions, own, sharedDimension(motors)) };
}

/** A relative scan of two motors of which the second goes half as far as the first, as for a sample and its detector. */
export function x2xScan(
  detectors: readonly unknown[],
  motor1: unknown,
  motor2: unknown,
  start: number,
  stop: number,
  num: number,
  options: ScanOptions = {},
): Composable<string> {
  const planArgs = {
    detectors: reprAll(detectors),
    motor1: (motor1 as { name?: string } | null)?.name,
    motor2: (motor2 as { name?: string } | null)?.name,
    start,
    stop,
    num,
    per_step: repr(options.perStep),
  };
  const { md, ...rest } = named("x2x_scan", options);
  const args = [motor1, start, stop, motor2, start / 2, stop / 2, num, { ...rest, md: { plan_args: planArgs, ...md } }];
  return relativeLine("x2xScan", "x2x_scan", detectors, args);
}
