import type { Status } from "../devices/status.ts";
import type { Msg, Plan, PlanLike } from "../engine/msg.ts";
import { checkOptions, nameOf } from "./arguments.ts";
import type { Composable } from "./composable.ts";
import type { PlanOptions } from "./metadata.ts";
import { checkTaken } from "./per-step.ts";
import { monitorDuringWrapper, runWrapper } from "./preprocessors/index.ts";
import { sleep } from "./stubs/index.ts";

/** A ramp took longer than its timeout. */
export class RampFail extends Error {
  override readonly name = "RampFail";
}

/**
 * Takes readings while something ramps: starts `goPlan`, which answers with a status, and runs `innerPlanFunc` until that
 * is done and once more, every `period` seconds (as often as it can without one), with the signal monitored all along.
 * Answers with the run's uid; throws `RampFail` after `timeoutMs`.
 */
export function rampPlan(
  goPlan: PlanLike<Status> | Msg<string, Status>,
  monitorSig: { readonly name: string },
  innerPlanFunc: () => PlanLike<any>,
  takePreData = true,
  timeoutMs: number | null = null,
  period: number | null = null,
  options: PlanOptions = {},
): Composable<string> {
  checkOptions("rampPlan", options, ["md"]);
  if (typeof monitorSig?.name !== "string") {
    throw new TypeError(`rampPlan: expected a signal to monitor, got ${nameOf(monitorSig)}`);
  }
  if (typeof innerPlanFunc !== "function") {
    throw new TypeError(`rampPlan: innerPlanFunc must be a function that makes a plan, got ${nameOf(innerPlanFunc)}`);
  }
  const ramp = polling(goPlan, innerPlanFunc, takePreData, timeoutMs, period);
  return monitorDuringWrapper(runWrapper(ramp, { md: { plan_name: "ramp_plan", ...options.md } }), [monitorSig]);
}

async function* polling(
  goPlan: PlanLike<Status> | Msg<string, Status>,
  innerPlanFunc: () => PlanLike<any>,
  takePreData: boolean,
  timeoutMs: number | null,
  period: number | null,
): Plan {
  const take = () => checkTaken("rampPlan", "innerPlanFunc", innerPlanFunc());
  const deadline = timeoutMs === null ? Number.POSITIVE_INFINITY : performance.now() + timeoutMs;
  if (takePreData) yield* take();
  const status = yield* goPlan;
  while (!status.done) {
    const began = performance.now();
    yield* take();
    if (performance.now() > deadline) throw new RampFail(`the ramp was not done within ${timeoutMs} ms`);
    const rest = period === null ? 0 : period - (performance.now() - began) / 1000;
    if (rest > 0) yield* sleep(rest);
  }
  yield* take();
}
