import { performance } from "node:perf_hooks";
import { Msg, type PlanLike } from "../../engine/msg.ts";
import type { Composable } from "../composable.ts";
import { asPlan } from "../drive.ts";
import { noted } from "../noted-plan.ts";
import { stub } from "../stub.ts";
import type { Many } from "./types.ts";

/** Seconds from the start of one round to the start of the next: the same for all, or one for each. */
export type Delay = number | Iterable<number | null>;

/** How often something is done and how long to rest between two rounds. */
export class Pace {
  readonly #num: number | null;
  readonly #delays: Iterator<number | null>;
  #round = 0;
  #began = 0;

  constructor(num: number | null, delay: Delay, plan = "repeat") {
    if (num !== null && (!Number.isInteger(num) || num < 0)) {
      throw new TypeError(`${plan}: num must be a whole number, or null for no end, got ${String(num)}`);
    }
    const scalar = typeof delay === "number";
    if (scalar ? !(delay >= 0 && Number.isFinite(delay)) : typeof delay?.[Symbol.iterator] !== "function") {
      throw new TypeError(`${plan}: delay must be a number of seconds or a list of them, got ${String(delay)}`);
    }
    const known = scalar ? undefined : ((delay as { length?: number }).length ?? (delay as { size?: number }).size);
    if (known !== undefined && num !== null && num - 1 > known) {
      throw new RangeError(`${plan}: num = ${num} needs ${num - 1} delays, got ${known}`);
    }
    this.#num = num;
    this.#delays = scalar ? forever(delay as number) : (delay as Iterable<number | null>)[Symbol.iterator]();
  }

  /** Whether there is another round; notes when it began. */
  next(): boolean {
    if (this.#num !== null && this.#round >= this.#num) return false;
    this.#round += 1;
    this.#began = performance.now();
    return true;
  }

  /** Seconds to rest after the round, what it took already deducted; `undefined` when it was the last one. */
  rest(): number | undefined {
    if (this.#round === this.#num) return undefined;
    const { done, value } = this.#delays.next();
    if (done) {
      if (this.#num === null) return undefined;
      throw new RangeError(`num = ${this.#num} needs ${this.#num - 1} delays, got ${this.#round - 1}`);
    }
    return (value ?? 0) - (performance.now() - this.#began) / 1000;
  }
}

function* forever(delay: number): Generator<number, never, undefined> {
  for (;;) yield delay;
}

/**
 * Runs the plan `num` times (`null`: until interrupted), each time after a checkpoint. Delays run from start to start;
 * there is none after the last round.
 */
export function repeat(plan: () => PlanLike<any> | Msg, num: number | null = 1, delay: Delay = 0): Composable<void> {
  return noted("repeat", rounds(plan, new Pace(num, delay)));
}

async function* rounds(plan: () => PlanLike<any> | Msg, pace: Pace): Composable<void> {
  while (pace.next()) {
    yield new Msg("checkpoint");
    yield* asPlan(plan());
    const seconds = pace.rest();
    if (seconds === undefined) return;
    if (seconds > 0) yield new Msg("sleep", null, [seconds]);
  }
}

/** `repeat` for stubs, as a stub: cheaper to drive, as no promise is made for any of its messages. */
export function* repeatStub(stub: () => Many<any>, pace: Pace): Many<void> {
  while (pace.next()) {
    yield new Msg("checkpoint");
    yield* stub();
    const seconds = pace.rest();
    if (seconds === undefined) return;
    if (seconds > 0) yield new Msg("sleep", null, [seconds]);
  }
}

/** Runs `genFunc(...args)` `n` times; `null` is until interrupted. */
export function repeater<A extends unknown[]>(
  n: number | null,
  genFunc: (...args: A) => PlanLike<any> | Msg,
  ...args: A
): Composable<void> {
  return noted(
    "repeater",
    repeating(n, () => genFunc(...args)),
  );
}

async function* repeating(n: number | null, plan: () => PlanLike<any> | Msg): Composable<void> {
  for (let i = 0; n === null || i < n; i++) yield* asPlan(plan());
}

/** Draws all messages of a stub once and sends them `n` times. Their answers can't change what it does; prefer `repeater`. */
export function cachingRepeater(n: number | null, plan: Iterable<Msg>): Many<void> {
  return stub("cachingRepeater", repeatingCached(n, plan));
}

function* repeatingCached(n: number | null, plan: Iterable<Msg>): Many<void> {
  const messages = [...plan];
  if (messages.length === 0) return;
  for (let i = 0; n === null || i < n; i++) for (const msg of messages) yield msg;
}

/** Sends one command to each of the objects; answers with all the answers. */
export function broadcastMsg(command: string, objs: Iterable<unknown>, ...args: unknown[]): Many<any[]> {
  return stub("broadcastMsg", toEach(command, objs, args));
}

function* toEach(command: string, objs: Iterable<unknown>, args: readonly unknown[]): Many<any[]> {
  const answers: unknown[] = [];
  for (const obj of objs) answers.push(yield* new Msg<string, unknown>(command, obj, args));
  return answers;
}
