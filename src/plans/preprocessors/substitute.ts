import { isMsg, type Msg, type PlanLike } from "../../engine/msg.ts";
import type { Composable } from "../composable.ts";
import { asPlan, close, type Driven, drive, isPending } from "../drive.ts";
import { noted } from "../noted-plan.ts";
import { handedOn } from "../unused-plans.ts";

/** A message to send in place of another, a plan whose result answers it, or `null` to answer it with nothing. */
export type Substitute = Msg | PlanLike<unknown> | null;

/**
 * Passes the plan's messages on, each replaced by what `replace` makes of it; a substitute is not replaced again.
 * An error of a substitute is thrown into the plan at the message that it stood for.
 */
export function substitute<T>(plan: PlanLike<T>, replace: (msg: Msg) => Substitute): Composable<T> {
  return noted(handedOn(plan), replaced(plan, replace));
}

async function* replaced<T>(plan: PlanLike<T>, replace: (msg: Msg) => Substitute): Composable<T> {
  const driven: Driven<T> = drive(plan);
  try {
    let answer = driven.next(undefined);
    for (;;) {
      const step = isPending(answer) ? await answer : answer;
      if (step.done) return step.value;
      let response: unknown;
      try {
        const other = replace(step.value);
        if (isMsg(other)) response = yield other;
        else if (other !== null) response = yield* asPlan(other);
      } catch (error) {
        answer = driven.throw(error);
        continue;
      }
      answer = driven.next(response);
    }
  } finally {
    // Does nothing when the plan has ended by itself.
    yield* close(driven);
  }
}
