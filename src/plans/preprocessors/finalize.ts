import type { PlanLike } from "../../engine/msg.ts";
import type { Composable } from "../composable.ts";
import { asPlan, type Source } from "../drive.ts";
import { noted } from "../noted-plan.ts";
import { pause } from "../stubs/control.ts";
import { handedOn } from "../unused-plans.ts";
import { bracket } from "./bracket.ts";

export interface FinalizeOptions {
  /** Pause after an error, before the final plan runs, so that one can look at what happened. False by default. */
  pauseForDebug?: boolean;
}

/**
 * Runs `finalPlan` after the plan: when it has ended, failed, been stopped or aborted, but not when it is halted.
 * Give a function where the plan may run more than once. The answer is the plan's result.
 */
export function finalizeWrapper<T>(
  plan: PlanLike<T>,
  finalPlan: Source | (() => Source),
  options: FinalizeOptions = {},
): Composable<T> {
  // One that is given as it is never runs where the plan is halted.
  if (typeof finalPlan !== "function") handedOn(finalPlan);
  const after = typeof finalPlan === "function" ? finalPlan : () => finalPlan;
  return bracket(plan, options.pauseForDebug ? { failed: () => pause(), after } : { after });
}

export interface ContingencyOptions {
  /** Runs when the plan has thrown. */
  exceptPlan?: ((error: unknown) => Source) | undefined;
  /** Runs when the plan has ended. */
  elsePlan?: (() => Source) | undefined;
  /** Runs in every case but a halt. */
  finalPlan?: (() => Source) | undefined;
  /** Pause after an error, before anything else. False by default. */
  pauseForDebug?: boolean;
  /** Throw the error on after `exceptPlan` (the default), or swallow it and answer with that plan's result. */
  autoRaise?: boolean;
}

/** What try, catch, else and finally are for code, as plans. */
export function contingencyWrapper<T>(plan: PlanLike<T>, options: ContingencyOptions = {}): Composable<T> {
  const { finalPlan } = options;
  const inner = noted(handedOn(plan), guarded(plan, options));
  return finalPlan === undefined ? inner : bracket(inner, { after: finalPlan });
}

async function* guarded<T>(plan: PlanLike<T>, options: ContingencyOptions): Composable<T> {
  const { exceptPlan, elsePlan, pauseForDebug = false, autoRaise = true } = options;
  let result: T;
  try {
    result = yield* asPlan(plan);
  } catch (error) {
    if (pauseForDebug) yield* pause();
    if (exceptPlan === undefined) throw error;
    const answer: unknown = yield* asPlan(exceptPlan(error));
    if (autoRaise) throw error;
    return answer as T;
  }
  if (elsePlan !== undefined) yield* asPlan(elsePlan());
  return result;
}

/** Runs the plans one after the other; answers with the list of their results. */
export function pchain<T extends readonly unknown[]>(...plans: { [I in keyof T]: Source<T[I]> }): Composable<T> {
  for (const plan of plans) handedOn(plan as object);
  return noted("pchain", chained(plans) as Composable<T>);
}

async function* chained(plans: readonly unknown[]): Composable<unknown> {
  const results: unknown[] = [];
  for (const plan of plans) results.push(yield* asPlan<unknown>(plan as Source));
  return results;
}
