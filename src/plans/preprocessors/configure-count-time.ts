import type { Movable } from "../../devices/protocols.ts";
import type { Msg, PlanLike } from "../../engine/msg.ts";
import type { Composable } from "../composable.ts";
import { currentPosition } from "../position.ts";
import { mv } from "../stubs/motion.ts";
import type { Many } from "../stubs/types.ts";
import { bracket } from "./bracket.ts";
import { substitute } from "./substitute.ts";

interface Counter {
  readonly countTime: Movable<number>;
}

function isCounter(obj: unknown): obj is Counter {
  return typeof (obj as Partial<Counter> | null)?.countTime === "object";
}

/** Sets the `countTime` of every device that has one before the plan first uses it, and puts it back after the plan. `null` changes nothing. */
export function configureCountTimeWrapper<T>(plan: PlanLike<T>, time: number | null): Composable<T> {
  if (time === null) return substitute(plan, (msg) => msg);
  const original = new Map<Counter, number>();
  const setting = substitute(plan, (msg: Msg) => {
    const counter: unknown = msg.obj;
    if (!isCounter(counter) || original.has(counter)) return msg;
    return (function* (): Many<unknown> {
      original.set(counter, (yield* currentPosition(counter.countTime)) as number);
      yield* mv(counter.countTime, time);
      return yield* msg;
    })();
  });
  return bracket(setting, {
    after: function* (): Many {
      for (const [counter, before] of original) yield* mv(counter.countTime, before);
    },
  });
}
