import type { PlanLike } from "../../engine/msg.ts";
import { rootAncestor, separateDevices } from "../ancestry.ts";
import type { Composable } from "../composable.ts";
import { stageAll, unstageAll } from "../stubs/staging.ts";
import type { Many } from "../stubs/types.ts";
import { bracket, stubBracket } from "./bracket.ts";
import { substitute } from "./substitute.ts";

/** Stages the devices (or what they are part of) before the plan, and unstages them in reverse order after it, unless it is halted. */
export function stageWrapper<T>(plan: PlanLike<T>, devices: Iterable<unknown>): Composable<T> {
  const roots = separateDevices(Array.from(devices, rootAncestor));
  return stubBracket(plan, { before: () => stageAll(...roots), after: () => unstageAll(...roots.toReversed()) });
}

const USES: ReadonlySet<string> = new Set(["read", "set", "trigger", "kickoff"]);

/** Stages each device (or what it is part of) when the plan first uses it, and unstages all in reverse order after the plan. */
export function lazilyStageWrapper<T>(plan: PlanLike<T>): Composable<T> {
  const staged = new Set<unknown>();
  const staging = substitute(plan, (msg) => {
    if (!USES.has(msg.command)) return msg;
    const root = rootAncestor(msg.obj);
    if (staged.has(root)) return msg;
    return (function* (): Many<unknown> {
      yield* stageAll(root);
      staged.add(root);
      return yield* msg;
    })();
  });
  return bracket(staging, { after: () => unstageAll(...[...staged].reverse()) });
}
