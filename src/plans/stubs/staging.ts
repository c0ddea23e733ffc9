import type { Stageable } from "../../devices/protocols.ts";
import type { Status } from "../../devices/status.ts";
import { Msg } from "../../engine/msg.ts";
import { nameOf, takeOptions } from "../arguments.ts";
import { stub } from "../stub.ts";
import { freshGroup } from "./group.ts";
import type { GroupWait, Many } from "./types.ts";

type Staged = Status | readonly unknown[];
type Command = "stage" | "unstage";

/** Readies a device for acquisition. With `wait` it is ready; a device that stages at once can't be told not to wait. */
export function stage(obj: Stageable, options: GroupWait = {}): Many<Staged> {
  return stub("stage", one("stage", obj, options));
}

/** Puts a device back to what it was before `stage`. */
export function unstage(obj: Stageable, options: GroupWait = {}): Many<Staged> {
  return stub("unstage", one("unstage", obj, options));
}

function* one(command: Command, obj: unknown, options: GroupWait): Many<Staged> {
  const { group = null, wait } = options;
  const staged = yield* new Msg<Command, Staged>(command, obj, [], { group });
  if (isPending(staged)) {
    if (wait) yield new Msg("wait", null, [], { group });
  } else if (wait === false) {
    throw new TypeError(`${command}: ${nameOf(obj)} has done it already and can't be told not to wait`);
  }
  return staged;
}

/** Stages devices one after the other and waits for those that take time. The last argument may be `{ group }`. */
export function stageAll(...args: unknown[]): Many<void> {
  return stub("stageAll", all("stage", "stageAll", args));
}

/** Unstages devices one after the other and waits for those that take time. */
export function unstageAll(...args: unknown[]): Many<void> {
  return stub("unstageAll", all("unstage", "unstageAll", args));
}

function* all(command: Command, plan: string, args: readonly unknown[]): Many<void> {
  const [devices, options] = takeOptions(plan, args, ["group"]);
  const group = options.group ?? freshGroup(command);
  let pending = false;
  for (const obj of devices) {
    const staged = yield* new Msg<Command, Staged | undefined>(command, obj, [], { group });
    pending ||= isPending(staged);
  }
  if (pending) yield new Msg("wait", null, [], { group });
}

/** What a device answers that stages at once is the list of what it staged. */
function isPending(staged: Staged | undefined): boolean {
  return staged !== undefined && staged !== null && !Array.isArray(staged);
}
