import { takeOptions } from "./arguments.ts";
import type { Composable } from "./composable.ts";
import { PATTERN_MODULE, repr, reprAll, sharedDimension } from "./metadata.ts";
import type { Cycler } from "./patterns/cycler.ts";
import { innerListProduct } from "./patterns/inner.ts";
import { relative } from "./relative.ts";
import { trajectory } from "./scan-nd.ts";

/**
 * Scans one or more motors together through lists of points: `listScan([det], motor, [1, 2, 5])`, with more motors and
 * their lists (all of one length) after it, and options last. Answers with the run's uid; throws at once when an argument is wrong.
 */
export function listScan(detectors: readonly unknown[], ...args: unknown[]): Composable<string> {
  return lists("listScan", "list_scan", detectors, args).run;
}

/** Like `listScan`, with points relative to where the motors are; they go back there at the end. */
export function relListScan(detectors: readonly unknown[], ...args: unknown[]): Composable<string> {
  const { motors, run } = lists("relListScan", "rel_list_scan", detectors, args);
  return relative(run, motors);
}

export const relativeListScan = relListScan;

function lists(
  plan: string,
  planName: string,
  detectors: readonly unknown[],
  args: readonly unknown[],
): { motors: readonly unknown[]; run: Composable<string> } {
  const [positional, options] = takeOptions(plan, args, ["perStep", "md"]);
  const cycler = innerListProduct(positional, plan);
  const described = describeLists(cycler);
  const own = {
    plan_args: { detectors: reprAll(detectors), args: described, per_step: repr(options.perStep) },
    plan_name: planName,
    plan_pattern: "inner_list_product",
    plan_pattern_module: PATTERN_MODULE,
    plan_pattern_args: { args: described },
  };
  const motors = cycler.keys;
  return { motors, run: trajectory(plan, detectors, cycler, options, own, sharedDimension(motors)) };
}

function describeLists(cycler: Cycler): unknown[] {
  return [...cycler.byKey()].flatMap(([motor, points]) => [repr(motor), Array.from(points)]);
}
