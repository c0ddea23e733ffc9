import type { PlanLike } from "../../engine/msg.ts";
import type { Composable } from "../composable.ts";
import { compose, part } from "../compose.ts";
import { asStub, type Source } from "../drive.ts";
import type { Many } from "../stubs/types.ts";
import { handedOn } from "../unused-plans.ts";

/** What runs around a plan. `after` runs however `before` and the plan end, except on `return()`, which is a halt. */
export interface Bracket {
  readonly before?: () => Source;
  readonly failed?: (error: unknown) => Source;
  readonly after: () => Source;
}

/** Runs the plan inside the bracket and answers with its result. */
export function bracket<T>(plan: PlanLike<T>, around: Bracket): Composable<T> {
  return compose(inside(plan, around), false, handedOn(plan));
}

/** `bracket` with stubs only around the plan. */
export function stubBracket<T>(plan: PlanLike<T>, around: { before: () => Many; after: () => Many }): Composable<T> {
  return compose(inside(plan, around), asStub(plan) !== undefined, handedOn(plan));
}

function* inside<T>(plan: PlanLike<T>, { before, failed, after }: Bracket): Many<T> {
  let halted = true;
  let failure: { readonly error: unknown } | undefined;
  try {
    if (before !== undefined) yield* part(before());
    const result = yield* part(plan);
    halted = false;
    return result;
  } catch (error) {
    halted = false;
    failure = { error };
    if (failed !== undefined) yield* part(failed(error));
    throw error;
  } finally {
    if (!halted) yield* cleanUp(after, failure);
  }
}

function* cleanUp(after: () => Source, failure: { readonly error: unknown } | undefined): Many {
  try {
    yield* part(after());
  } catch (error) {
    // The clean-up's error goes out; what made it necessary stays visible as its cause.
    if (failure !== undefined && error instanceof Error && error !== failure.error && error.cause === undefined) {
      error.cause = failure.error;
    }
    throw error;
  }
}
