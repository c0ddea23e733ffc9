import { Msg, type PlanLike } from "../../engine/msg.ts";
import { isPseudoParent } from "../axes.ts";
import type { Composable } from "../composable.ts";
import { currentPosition, offsetBy } from "../position.ts";
import { freshGroup } from "../stubs/group.ts";
import type { Many } from "../stubs/types.ts";
import { bracket } from "./bracket.ts";
import { replaceIn } from "./msg-mutator.ts";
import { substitute } from "./substitute.ts";

/** Which messages count: the moves of the devices given, of the axes of positioners among them, or of all. */
function movesOf(devices: Iterable<unknown> | undefined): (msg: Msg) => boolean {
  if (devices === undefined) return (msg) => msg.command === "set";
  const eligible = new Set<unknown>(devices);
  for (const device of [...eligible]) {
    const parent = (device as { parent?: unknown } | null)?.parent;
    // Two axes of a positioner that move together do so as a move of the positioner itself.
    if (isPseudoParent(parent) && parent.pseudoPositioners.includes(device)) eligible.add(parent);
    if (isPseudoParent(device)) for (const axis of device.pseudoPositioners) eligible.add(axis);
  }
  return (msg) => msg.command === "set" && eligible.has(msg.obj);
}

/** Makes the plan's positions relative to where each device was sent before its first move in the plan. */
export function relativeSetWrapper<T>(plan: PlanLike<T>, devices?: Iterable<unknown>): Composable<T> {
  const initial = new Map<unknown, unknown>();
  const counts = movesOf(devices);
  return substitute(plan, (msg) => {
    if (!counts(msg)) return msg;
    if (initial.has(msg.obj)) return shifted(msg, initial.get(msg.obj));
    return (function* (): Many<unknown> {
      initial.set(msg.obj, yield* currentPosition(msg.obj));
      return yield* shifted(msg, initial.get(msg.obj));
    })();
  });
}

function shifted(msg: Msg, from: unknown): Msg {
  return replaceIn(msg, { args: [offsetBy(from, msg.args[0]), ...msg.args.slice(1)] });
}

/** After the plan, and unless it is halted, sends each device that it moved back to where it was sent before. */
export function resetPositionsWrapper<T>(plan: PlanLike<T>, devices?: Iterable<unknown>): Composable<T> {
  const initial = new Map<unknown, unknown>();
  const counts = movesOf(devices);
  const noting = substitute(plan, (msg) => {
    if (!counts(msg) || initial.has(msg.obj)) return msg;
    return (function* (): Many<unknown> {
      initial.set(msg.obj, yield* currentPosition(msg.obj));
      return yield* msg;
    })();
  });
  return bracket(noting, {
    after: function* (): Many {
      const group = freshGroup("reset");
      for (const [obj, position] of initial) yield new Msg("set", obj, [position], { group });
      yield new Msg("wait", null, [], { group });
    },
  });
}
