import { Msg, type PlanLike } from "../../engine/msg.ts";
import type { Composable } from "../composable.ts";
import type { Many } from "../stubs/types.ts";
import { bracket } from "./bracket.ts";

/** With `false`, what the plan does is not repeated after a pause. What held before holds again after it. */
export function rewindableWrapper<T>(plan: PlanLike<T>, rewindable: boolean): Composable<T> {
  let before: boolean | undefined;
  return bracket(plan, {
    before: function* (): Many {
      if (rewindable) return;
      before = yield* new Msg<"rewindable", boolean>("rewindable", null, [null]);
      if (before !== false) yield new Msg("rewindable", null, [false]);
    },
    after: function* (): Many {
      if (!rewindable && before !== false) yield new Msg("rewindable", null, [before ?? true]);
    },
  });
}
