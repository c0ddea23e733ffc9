import type { Msg, PlanLike } from "../../engine/msg.ts";
import type { Composable } from "../composable.ts";
import { substitute } from "./substitute.ts";

/** Passes each message of the plan through `msgProc`; where that answers with `null` the message is left out. */
export function msgMutator<T>(plan: PlanLike<T>, msgProc: (msg: Msg) => Msg | null): Composable<T> {
  return substitute(plan, msgProc);
}

/** A copy of the message with other arguments or another run key. */
export function replaceIn(msg: Msg, parts: { args?: readonly unknown[]; kwargs?: Msg["kwargs"]; run?: unknown }): Msg {
  const { args = msg.args, kwargs = msg.kwargs, run = msg.run } = parts;
  return new (msg.constructor as typeof Msg)(msg.command, msg.obj, args, kwargs, run);
}
