import { checkDetectors, checkOptions, nameOf } from "./arguments.ts";
import type { Composable } from "./composable.ts";
import { mergeMetadata, namesOf, type PlanOptions, reprAll } from "./metadata.ts";
import { checkTaken, type PerShot } from "./per-step.ts";
import { predeclare } from "./predeclare.ts";
import { runWrapper, stageWrapper } from "./preprocessors/index.ts";
import { type Delay, oneShot, repeat } from "./stubs/index.ts";
import { Pace, repeatStub } from "./stubs/repeat.ts";
import type { Many } from "./stubs/types.ts";

export interface CountOptions extends PlanOptions {
  /** Seconds from the start of one reading to the start of the next: the same for all (0), or one for each. */
  delay?: Delay | undefined;
  /** What is done at each reading, in place of `oneShot`. */
  perShot?: PerShot | undefined;
}

/**
 * Reads the detectors `num` times: once by default, until interrupted when it is `null`. Answers with the run's uid;
 * throws at once when an argument is wrong.
 */
export function count(
  detectors: readonly unknown[],
  num: number | null = 1,
  options: CountOptions = {},
): Composable<string> {
  checkOptions("count", options, ["delay", "perShot", "md"]);
  const { delay = 0, perShot, md } = options;
  checkDetectors("count", detectors, perShot === undefined);
  if (perShot !== undefined && typeof perShot !== "function") {
    throw new TypeError(`count: perShot must be a function (detectors), got ${nameOf(perShot)}`);
  }
  const own = {
    detectors: namesOf(detectors),
    num_points: num,
    num_intervals: num === null ? null : num - 1,
    plan_args: { detectors: reprAll(detectors), num, delay: typeof delay === "number" ? delay : readable(delay) },
    plan_name: "count",
  };
  const dimensions = { dimensions: [[["time"], "primary"]] };
  const pace = new Pace(num, delay, "count");
  const shots =
    perShot === undefined
      ? plainShots(detectors, pace)
      : repeat(() => checkTaken("count", "perShot", perShot(detectors)), num, delay);
  return stageWrapper(runWrapper(shots, { md: mergeMetadata(own, dimensions, md) }), detectors);
}

function* plainShots(detectors: readonly unknown[], pace: Pace): Many {
  yield* predeclare(detectors);
  yield* repeatStub(() => oneShot(detectors), pace);
}

/** An iterable may be endless or good for one use, so only a list goes into the metadata. */
function readable(delay: Iterable<number | null>): unknown {
  return Array.isArray(delay) ? delay : String(delay);
}
