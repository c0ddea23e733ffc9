import { supports } from "../devices/protocols.ts";
import { checkOptions, nameOf } from "./arguments.ts";
import type { Composable } from "./composable.ts";
import type { PlanOptions } from "./metadata.ts";
import { StubPlan } from "./stub-plan.ts";
import type { Many } from "./stubs/index.ts";
import { closeRun, collect, complete, kickoff, openRun } from "./stubs/index.ts";

/**
 * Kicks off the flyers one after the other, completes them and collects what they gathered, in one run. Answers with
 * the run's uid; throws at once when one of them is no flyer.
 */
export function fly(flyers: readonly unknown[], options: PlanOptions = {}): Composable<string> {
  checkOptions("fly", options, ["md"]);
  if (!Array.isArray(flyers))
    throw new TypeError(`fly: the flyers must be a list, such as [flyer], not ${nameOf(flyers)}`);
  for (const [i, flyer] of flyers.entries()) {
    if (!supports(flyer, "Flyable")) {
      throw new TypeError(`fly: flyer ${i + 1} (${nameOf(flyer)}) can't fly; it needs kickoff and complete`);
    }
  }
  return new StubPlan(flight(flyers, { plan_name: "fly", ...options.md }), "fly");
}

function* flight(flyers: readonly any[], md: Record<string, unknown>): Many<string> {
  const uid = yield* openRun(md);
  for (const flyer of flyers) yield* kickoff(flyer, { wait: true });
  for (const flyer of flyers) yield* complete(flyer, { wait: true });
  for (const flyer of flyers) yield* collect(flyer);
  yield* closeRun();
  return uid;
}
