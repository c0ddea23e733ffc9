import type { Msg, PlanLike } from "../../engine/msg.ts";
import { drive, isPending } from "../drive.ts";

export interface RehearseOptions {
  /** After so many messages the plan is taken for endless; 1,000,000 by default. */
  maxMessages?: number | undefined;
}

/** Drives a plan to its end with no engine. What `answer` returns is the message's response; what it throws is thrown into the plan. */
export async function rehearse<T>(
  plan: PlanLike<T>,
  answer: (msg: Msg) => unknown,
  options: RehearseOptions = {},
): Promise<T> {
  const { maxMessages = 1_000_000 } = options;
  const driven = drive(plan);
  let next = driven.next(undefined);
  for (let messages = 0; ; messages++) {
    const step = isPending(next) ? await next : next;
    if (step.done) return step.value as T;
    if (messages === maxMessages) {
      await driven.return();
      throw new RangeError(
        `the plan has not ended after ${maxMessages} messages; raise maxMessages if it is only long`,
      );
    }
    let response: unknown;
    try {
      const answered = answer(step.value);
      response = answered instanceof Promise ? await answered : answered;
    } catch (error) {
      next = driven.throw(error);
      continue;
    }
    next = driven.next(response);
  }
}

/** What a message resolves to where nothing is done: what a plan needs to go on, and nothing else. */
export function emptyAnswer(msg: Msg): unknown {
  switch (msg.command) {
    case "open_run":
    case "close_run":
      return "dry-run";
    case "wait":
    case "rewindable":
      return true;
    default:
      return undefined;
  }
}
