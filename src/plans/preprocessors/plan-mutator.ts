import type { Msg, PlanLike } from "../../engine/msg.ts";
import type { Composable } from "../composable.ts";
import { close, type Driven, drive, isPending, type Source } from "../drive.ts";
import { noted } from "../noted-plan.ts";
import { handedOn } from "../unused-plans.ts";

/** `null` leaves the message alone; `[head, tail]` runs the head in its place and then the tail. Either may be `null`. */
export type MsgProc = (msg: Msg) => readonly [head: Source | null, tail: Source | null] | null;

/** A plan on the mutator's stack: the user's, or the head or tail that runs for one of its messages. */
interface Frame {
  readonly plan: Driven<any>;
  /** The message that this plan stands for; when it yields that one itself, the message is not processed again. */
  readonly source: Msg | undefined;
  readonly tail: Source | null;
  /** A tail keeps the response of the head before it, which answers the message. */
  readonly kept: { readonly response: unknown } | undefined;
  last: unknown;
}

/**
 * Replaces messages of the plan or adds others around them. The last response to the head answers the message that it
 * stands for; messages of heads and tails are processed like the plan's own. An error goes to the plan it came up in
 * first, then to those below.
 */
export function planMutator<T>(plan: PlanLike<T>, msgProc: MsgProc): Composable<T> {
  return noted(handedOn(plan), mutated(plan, msgProc));
}

async function* mutated<T>(plan: PlanLike<T>, msgProc: MsgProc): Composable<T> {
  const stack: Frame[] = [frame(plan)];
  let thrown: { readonly error: unknown } | undefined;
  let response: unknown;
  try {
    for (;;) {
      const top = stack.at(-1) as Frame;
      let step: IteratorResult<Msg, any>;
      try {
        const answer = thrown === undefined ? top.plan.next(response) : top.plan.throw(thrown.error);
        thrown = undefined;
        step = isPending(answer) ? await answer : answer;
      } catch (error) {
        stack.pop();
        if (stack.length === 0) throw error;
        thrown = { error };
        continue;
      }
      if (step.done) {
        stack.pop();
        if (stack.length === 0) return step.value;
        response = top.kept === undefined ? top.last : top.kept.response;
        if (top.tail !== null) {
          stack.push({ ...frame(top.tail, top.source), kept: { response } });
          response = undefined;
        } else note(stack, response);
        continue;
      }
      const msg = step.value;
      let parts: ReturnType<MsgProc> = null;
      try {
        if (!stack.some((each) => each.source === msg)) parts = msgProc(msg);
        if (parts === null || (parts[0] === null && parts[1] === null)) response = yield msg;
      } catch (error) {
        thrown = { error };
        continue;
      }
      if (parts !== null && (parts[0] !== null || parts[1] !== null)) {
        stack.push({ ...frame(parts[0] ?? [msg], msg), tail: parts[1] });
        response = undefined;
      } else note(stack, response);
    }
  } finally {
    while (stack.length > 0) yield* close((stack.pop() as Frame).plan);
  }
}

function frame(plan: Source, source?: Msg): Frame {
  return { plan: drive(plan), source, tail: null, kept: undefined, last: undefined };
}

/** The response goes to the plan on top next; it is its last one so far. */
function note(stack: readonly Frame[], response: unknown): void {
  (stack.at(-1) as Frame).last = response;
}
