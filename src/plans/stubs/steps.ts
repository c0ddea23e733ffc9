import type { Movable } from "../../devices/protocols.ts";
import { Msg, type PlanLike } from "../../engine/msg.ts";
import type { Composable } from "../composable.ts";
import { asPlan } from "../drive.ts";
import { noted } from "../noted-plan.ts";
import { stub } from "../stub.ts";
import { freshGroup } from "./group.ts";
import { triggerAndRead } from "./reading.ts";
import type { Many, TakeReading } from "./types.ts";

/** The positions of one point, by motor. */
export type Step = ReadonlyMap<Movable<any>, any>;

/** Where each motor was sent last in this scan, so that it is not sent there again. */
export type PosCache = Map<Movable<any>, any>;

export function oneShot(detectors: readonly unknown[]): Many<Record<string, any>>;
export function oneShot(detectors: readonly unknown[], takeReading: TakeReading | undefined): PlanLike<any>;
/** One reading of the detectors, after a checkpoint. */
export function oneShot(detectors: readonly unknown[], takeReading?: TakeReading): PlanLike<any> {
  return pointOf("oneShot", checkpointOnly(), detectors, takeReading);
}

export function one1dStep(detectors: readonly unknown[], motor: Movable<any>, step: unknown): Many<Record<string, any>>;
export function one1dStep(
  detectors: readonly unknown[],
  motor: Movable<any>,
  step: unknown,
  takeReading: TakeReading | undefined,
): PlanLike<any>;
/** One point of a scan of one motor: a checkpoint, the move, then a reading of the detectors and the motor. */
export function one1dStep(
  detectors: readonly unknown[],
  motor: Movable<any>,
  step: unknown,
  takeReading?: TakeReading,
): PlanLike<any> {
  return pointOf("one1dStep", moveOne(motor, step), [...detectors, motor], takeReading);
}

/** Moves the motors of a step that are not there yet, all at once, after a checkpoint. */
export function movePerStep(step: Step, posCache: PosCache): Many<void> {
  return stub("movePerStep", moveAll(step, posCache));
}

function* moveAll(step: Step, posCache: PosCache): Many<void> {
  yield new Msg("checkpoint");
  const group = freshGroup("set");
  for (const [motor, position] of step) {
    if (posCache.has(motor) && posCache.get(motor) === position) continue;
    yield new Msg("set", motor, [position], { group });
    posCache.set(motor, position);
  }
  yield new Msg("wait", null, [], { group });
}

export function oneNdStep(detectors: readonly unknown[], step: Step, posCache: PosCache): Many<Record<string, any>>;
export function oneNdStep(
  detectors: readonly unknown[],
  step: Step,
  posCache: PosCache,
  takeReading: TakeReading | undefined,
): PlanLike<any>;
/** One point of a scan: a checkpoint, the moves, then a reading of the detectors and the motors. */
export function oneNdStep(
  detectors: readonly unknown[],
  step: Step,
  posCache: PosCache,
  takeReading?: TakeReading,
): PlanLike<any> {
  return pointOf("oneNdStep", moveAll(step, posCache), [...detectors, ...step.keys()], takeReading);
}

function* checkpointOnly(): Many<void> {
  yield new Msg("checkpoint");
}

function* moveOne(motor: Movable<any>, step: unknown): Many<void> {
  const group = freshGroup("set");
  yield new Msg("checkpoint");
  yield new Msg("set", motor, [step], { group });
  yield new Msg("wait", null, [], { group });
}

/** A point stays a sync stub, which is cheaper to drive, unless the caller brings a reading of her own. */
function pointOf(
  name: string,
  before: Many<void>,
  devices: readonly unknown[],
  takeReading?: TakeReading,
): PlanLike<any> {
  return takeReading === undefined
    ? stub(name, defaultPoint(before, devices))
    : noted(name, customPoint(before, devices, takeReading));
}

function* defaultPoint(before: Many<void>, devices: readonly unknown[]): Many<Record<string, any>> {
  yield* before;
  return yield* triggerAndRead(devices);
}

async function* customPoint(
  before: Many<void>,
  devices: readonly unknown[],
  takeReading: TakeReading,
): Composable<any> {
  yield* before;
  return yield* asPlan(takeReading(devices));
}
