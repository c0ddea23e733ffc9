import type { Movable, Stoppable } from "../../devices/protocols.ts";
import type { Status } from "../../devices/status.ts";
import { Msg } from "../../engine/msg.ts";
import { checkMoves } from "../arguments.ts";
import { mergeAxes } from "../axes.ts";
import { currentPosition, offsetBy } from "../position.ts";
import { stub } from "../stub.ts";
import { freshGroup } from "./group.ts";
import type { GroupWait, Many, Waiting } from "./types.ts";

/** `timeoutMs` limits the wait for the moves; they go on after it. */
export interface MoveOptions {
  group?: unknown;
  timeoutMs?: number;
}

export function absSet<V>(obj: Movable<V>, value: NoInfer<V>, options: Waiting): Many<Status>;
export function absSet<V>(
  obj: Movable<V>,
  value: NoInfer<V>,
  options?: GroupWait & { wait?: false },
): Msg<"set", Status>;
export function absSet<V>(obj: Movable<V>, value: NoInfer<V>, options?: GroupWait): Msg<"set", Status> | Many<Status>;
/** Sets the device and answers with the status of that action, which has ended only where `wait` was asked for. */
export function absSet(obj: Movable<any>, value: unknown, options: GroupWait = {}): Msg<"set", Status> | Many<Status> {
  const { group = null, wait = false } = options;
  if (!wait) return new Msg("set", obj, [value], { group });
  return stub("absSet", setAndWait(obj, value, group ?? freshGroup("set")));
}

function* setAndWait(obj: Movable<any>, value: unknown, group: unknown): Many<Status> {
  const status = yield* new Msg<"set", Status>("set", obj, [value], { group });
  yield new Msg("wait", null, [], { group });
  return status;
}

/** Like `absSet`, by a distance from where the device was sent last. */
export function relSet<V>(obj: Movable<V>, distance: NoInfer<V>, options: GroupWait = {}): Many<Status> {
  return stub("relSet", setRelative(obj, distance, options));
}

function* setRelative<V>(obj: Movable<V>, distance: NoInfer<V>, options: GroupWait): Many<Status> {
  const target = offsetBy(yield* currentPosition(obj), distance) as NoInfer<V>;
  return yield* absSet(obj, target, options);
}

export function mv<A>(a: Movable<A>, av: NoInfer<A>, options?: MoveOptions): Many<readonly Status[]>;
export function mv<A, B>(
  a: Movable<A>,
  av: NoInfer<A>,
  b: Movable<B>,
  bv: NoInfer<B>,
  options?: MoveOptions,
): Many<readonly Status[]>;
export function mv<A, B, C>(
  a: Movable<A>,
  av: NoInfer<A>,
  b: Movable<B>,
  bv: NoInfer<B>,
  c: Movable<C>,
  cv: NoInfer<C>,
  options?: MoveOptions,
): Many<readonly Status[]>;
export function mv<A, B, C, D>(
  a: Movable<A>,
  av: NoInfer<A>,
  b: Movable<B>,
  bv: NoInfer<B>,
  c: Movable<C>,
  cv: NoInfer<C>,
  d: Movable<D>,
  dv: NoInfer<D>,
  options?: MoveOptions,
): Many<readonly Status[]>;
export function mv<A, B, C, D, E>(
  a: Movable<A>,
  av: NoInfer<A>,
  b: Movable<B>,
  bv: NoInfer<B>,
  c: Movable<C>,
  cv: NoInfer<C>,
  d: Movable<D>,
  dv: NoInfer<D>,
  e: Movable<E>,
  ev: NoInfer<E>,
  options?: MoveOptions,
): Many<readonly Status[]>;
export function mv<A, B, C, D, E, F>(
  a: Movable<A>,
  av: NoInfer<A>,
  b: Movable<B>,
  bv: NoInfer<B>,
  c: Movable<C>,
  cv: NoInfer<C>,
  d: Movable<D>,
  dv: NoInfer<D>,
  e: Movable<E>,
  ev: NoInfer<E>,
  f: Movable<F>,
  fv: NoInfer<F>,
  options?: MoveOptions,
): Many<readonly Status[]>;
/**
 * Moves devices to positions, all at once, and waits until every one has arrived. Answers with their statuses.
 * A failed move is thrown here.
 */
export function mv(...args: unknown[]): Many<readonly Status[]> {
  return stub("mv", moveAll("mv", args, false));
}

/** Like `mv`, by distances from where each device was sent last. */
export const mvr: typeof mv = (...args: unknown[]) => stub("mvr", moveAll("mvr", args, true));

export const mov = mv;
export const movr = mvr;

function* moveAll(plan: string, args: readonly unknown[], relative: boolean): Many<readonly Status[]> {
  const [moves, options] = checkMoves(plan, args);
  const group = options.group ?? freshGroup("set");
  const statuses: Status[] = [];
  for (const [obj, value] of mergeAxes(moves)) {
    const target = relative ? offsetBy(yield* currentPosition(obj), value) : value;
    statuses.push(yield* new Msg<"set", Status>("set", obj, [target], { group }));
  }
  yield new Msg("wait", null, [], { group, timeoutMs: options.timeoutMs });
  return statuses;
}

/** Stops the device where it is. */
export function stop(obj: Stoppable): Msg<"stop", unknown> {
  return new Msg("stop", obj);
}
