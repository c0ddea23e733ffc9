import type { PlanLike } from "../../engine/msg.ts";
import type { Composable } from "../composable.ts";
import { asPlan, type Source } from "../drive.ts";

/** What runs around a plan. `after` runs however `before` and the plan end, except on `return()`, which is a halt. */
export interface Bracket {
  readonly before?: () => Source;
  readonly failed?: (error: unknown) => Source;
  readonly after: () => Source;
}

/** Runs the plan inside the bracket and answers with its result. */
export async function* bracket<T>(plan: PlanLike<T>, { before, failed, after }: Bracket): Composable<T> {
  let halted = true;
  let failure: { readonly error: unknown } | undefined;
  try {
    if (before !== undefined) yield* asPlan(before());
    const result = yield* asPlan(plan);
    halted = false;
    return result;
  } catch (error) {
    halted = false;
    failure = { error };
    if (failed !== undefined) yield* asPlan(failed(error));
    throw error;
  } finally {
    if (!halted) yield* cleanUp(after, failure);
  }
}

async function* cleanUp(after: () => Source, failure: { readonly error: unknown } | undefined): Composable<void> {
  try {
    yield* asPlan(after());
  } catch (error) {
    // The clean-up's error goes out; what made it necessary stays visible as its cause.
    if (failure !== undefined && error instanceof Error && error !== failure.error && error.cause === undefined) {
      error.cause = failure.error;
    }
    throw error;
  }
}
