import type { Flyable, Preparable, Triggerable } from "../../devices/protocols.ts";
import { supports } from "../../devices/protocols.ts";
import type { Status } from "../../devices/status.ts";
import { Msg } from "../../engine/msg.ts";
import { nameOf, takeOptions } from "../arguments.ts";
import { stub } from "../stub.ts";
import { wait } from "./control.ts";
import { freshGroup } from "./group.ts";
import type { GroupWait, Many, Waiting } from "./types.ts";

type Action<C extends string> = Msg<C, Status> | Many<Status>;

function act<C extends string>(command: C, obj: unknown, args: readonly unknown[], options: GroupWait): Action<C> {
  const { group = null } = options;
  const msg = new Msg<C, Status>(command, obj, args, { group });
  return options.wait ? stub(command, actAndWait(msg, group)) : msg;
}

function* actAndWait(msg: Msg<string, Status>, group: unknown): Many<Status> {
  const status = yield* msg;
  yield wait(group);
  return status;
}

export function trigger(obj: Triggerable, options: Waiting): Many<Status>;
export function trigger(obj: Triggerable, options?: GroupWait & { wait?: false }): Msg<"trigger", Status>;
export function trigger(obj: Triggerable, options?: GroupWait): Action<"trigger">;
/** Triggers an acquisition and answers with its status. With `wait` it has ended. */
export function trigger(obj: Triggerable, options: GroupWait = {}): Action<"trigger"> {
  const { group = null, wait: waits = false } = options;
  const msg = new Msg<"trigger", Status>("trigger", obj, [], { group });
  return waits ? stub("trigger", triggerAndWait(msg, group)) : msg;
}

function* triggerAndWait(msg: Msg<"trigger", Status>, group: unknown): Many<Status> {
  const status = yield* msg;
  yield new Msg("wait", null, [], { group });
  return status;
}

export function prepare<V>(obj: Preparable<V>, value: NoInfer<V>, options: Waiting): Many<Status>;
export function prepare<V>(
  obj: Preparable<V>,
  value: NoInfer<V>,
  options?: GroupWait & { wait?: false },
): Msg<"prepare", Status>;
export function prepare<V>(obj: Preparable<V>, value: NoInfer<V>, options?: GroupWait): Action<"prepare">;
/** Readies a device for what `value` describes and answers with the status of that. */
export function prepare(obj: Preparable<any>, value: unknown, options: GroupWait = {}): Action<"prepare"> {
  return act("prepare", obj, [value], options);
}

export function kickoff(obj: Flyable, options: Waiting): Many<Status>;
export function kickoff(obj: Flyable, options?: GroupWait & { wait?: false }): Msg<"kickoff", Status>;
export function kickoff(obj: Flyable, options?: GroupWait): Action<"kickoff">;
/** Starts a flyer; its status ends when it is on its way. */
export function kickoff(obj: Flyable, options: GroupWait = {}): Action<"kickoff"> {
  return act("kickoff", obj, [], options);
}

export function complete(obj: Flyable, options: Waiting): Many<Status>;
export function complete(obj: Flyable, options?: GroupWait & { wait?: false }): Msg<"complete", Status>;
export function complete(obj: Flyable, options?: GroupWait): Action<"complete">;
/** Tells a flyer to finish; its status ends when it has. */
export function complete(obj: Flyable, options: GroupWait = {}): Action<"complete"> {
  return act("complete", obj, [], options);
}

/** Starts several flyers as one group and, unless told otherwise, waits until all are on their way. The last argument may be `{ group, wait }`. */
export function kickoffAll(...args: unknown[]): Many<readonly Status[]> {
  return stub("kickoffAll", actAll("kickoff", "kickoffAll", args, true));
}

/** Tells several flyers to finish, as one group; `{ wait: true }` waits until all have. */
export function completeAll(...args: unknown[]): Many<readonly Status[]> {
  return stub("completeAll", actAll("complete", "completeAll", args, false));
}

function* actAll(command: string, plan: string, args: unknown[], waits: boolean): Many<readonly Status[]> {
  const [objs, options] = takeOptions(plan, args, ["group", "wait"]);
  for (const obj of objs) {
    if (!supports(obj, "Flyable"))
      throw new TypeError(`${plan}: ${nameOf(obj)} is no flyer; it needs kickoff and complete`);
  }
  const group = options.group ?? freshGroup(command);
  const statuses: Status[] = [];
  for (const obj of objs) statuses.push(yield* new Msg<string, Status>(command, obj, [], { group }));
  if (options.wait ?? waits) yield wait(group);
  return statuses;
}

/**
 * Collects what flyers have gathered so far and emits it. The last argument may be `{ name, stream, returnPayload }`;
 * the answer is what was collected, or nothing with `returnPayload: false`.
 */
export function collect(obj: unknown, ...rest: unknown[]): Msg<"collect", unknown> {
  const [others, options] = takeOptions("collect", rest, ["name", "stream", "returnPayload"]);
  const { name, stream = false, returnPayload = true } = options;
  return new Msg("collect", obj, others, { stream, returnPayload, ...(name === undefined ? {} : { name }) });
}

export interface CollectWhileCompletingOptions {
  /** Seconds between two collections; without it they are collected once, when all are complete. */
  flushPeriod?: number | undefined;
  streamName?: string | undefined;
  /** Groups whose failure ends the wait at once. */
  watch?: readonly unknown[];
}

/** Tells the flyers to finish and collects the detectors every `flushPeriod` until they have, and once more at the end. */
export function collectWhileCompleting(
  flyers: readonly unknown[],
  dets: readonly unknown[],
  options: CollectWhileCompletingOptions = {},
): Many<void> {
  return stub("collectWhileCompleting", collecting(flyers, dets, options));
}

function* collecting(
  flyers: readonly unknown[],
  dets: readonly unknown[],
  options: CollectWhileCompletingOptions,
): Many<void> {
  const { flushPeriod, streamName, watch = [] } = options;
  const [first, ...others] = dets;
  if (first === undefined) throw new TypeError("collectWhileCompleting needs at least one detector to collect");
  const group = freshGroup("complete");
  yield* completeAll(...flyers, { group, wait: false });
  const limit = flushPeriod === undefined ? {} : { timeoutMs: flushPeriod * 1000 };
  const named = streamName === undefined ? {} : { name: streamName };
  for (let done = false; !done; ) {
    done = (yield* wait(group, { ...limit, errorOnTimeout: false, watch })) ?? true;
    yield* collect(first, ...others, named);
  }
}
