import { checkMotor, checkNumber, checkOptions, checkWhole } from "./arguments.ts";
import type { Composable } from "./composable.ts";
import { dimensionsByMotor, repr, reprAll } from "./metadata.ts";
import { cycler } from "./patterns/cycler.ts";
import { logspace } from "./patterns/linspace.ts";
import { named, relative } from "./relative.ts";
import { type ScanOptions, trajectory } from "./scan-nd.ts";

/**
 * Scans one motor through powers of ten: from `10 ** start` to `10 ** stop` in `num` points whose exponents are evenly
 * spaced. Answers with the run's uid; throws at once when an argument is wrong.
 */
export function logScan(
  detectors: readonly unknown[],
  motor: unknown,
  start: number,
  stop: number,
  num: number,
  options: ScanOptions = {},
): Composable<string> {
  checkOptions("logScan", options, ["perStep", "md"]);
  const positioner = checkMotor("logScan", motor);
  const from = checkNumber("logScan", "start", start);
  const to = checkNumber("logScan", "stop", stop);
  const points = logspace(from, to, checkWhole("logScan", "num", num));
  const own = {
    plan_args: { detectors: reprAll(detectors), num, start, stop, motor: repr(motor), per_step: repr(options.perStep) },
    plan_name: "log_scan",
    plan_pattern: "logspace",
    plan_pattern_module: "numpy",
    plan_pattern_args: { start, stop, num },
  };
  return trajectory("logScan", detectors, cycler(positioner, points), options, own, dimensionsByMotor([motor]));
}

/** Like `logScan`, with distances from where the motor is; it goes back there at the end. */
export function relLogScan(
  detectors: readonly unknown[],
  motor: unknown,
  start: number,
  stop: number,
  num: number,
  options: ScanOptions = {},
): Composable<string> {
  return relative(logScan(detectors, motor, start, stop, num, named("rel_log_scan", options)), [motor]);
}

export const relativeLogScan = relLogScan;
