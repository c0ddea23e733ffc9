import { MotorError, MotorLimitsError } from "./motor-errors.ts";
import { checkLimits } from "./motor-limits.ts";
import type { MotorRecord } from "./motor-record.ts";

/** A sweep at constant speed; positions in the motor's units, `timeForMove` in seconds between the two. */
export interface FlyMotorInfo {
  readonly startPosition: number;
  readonly endPosition: number;
  readonly timeForMove: number;
}

/** Where a sweep has to begin and end so that it has its full speed in between. */
export interface FlyPath {
  readonly velocity: number;
  readonly runUp: number;
  readonly runDown: number;
  readonly hasPassedStart: (position: number) => boolean;
}

/** Checks the sweep against the record's speed and limits; `VMAX` of 0 is no maximum, as in the record. */
export async function planFly(motor: MotorRecord, info: FlyMotorInfo): Promise<FlyPath> {
  const { startPosition, endPosition, timeForMove } = info;
  const { name } = motor;
  if (!(timeForMove > 0)) throw new MotorError(`${name}: the time of a sweep must be above 0, not ${timeForMove}`);
  const way = endPosition - startPosition;
  const velocity = Math.abs(way) / timeForMove;
  if (velocity === 0) throw new MotorError(`${name}: a sweep from ${startPosition} to ${endPosition} goes nowhere`);
  const fresh = { cached: false };
  const [maximum, accelerationTime, low, high, dialLow, dialHigh] = await Promise.all([
    motor.maxVelocity.get(fresh),
    motor.accelerationTime.get(fresh),
    motor.lowLimit.get(fresh),
    motor.highLimit.get(fresh),
    motor.dialLowLimit.get(fresh),
    motor.dialHighLimit.get(fresh),
  ]);
  if (maximum > 0 && velocity > maximum) {
    throw new MotorLimitsError(`${name} would sweep at ${velocity} a second and its maximum (VMAX) is ${maximum}`);
  }
  const direction = Math.sign(way);
  const margin = (direction * velocity * accelerationTime) / 2;
  const hasPassedStart = (position: number): boolean => direction * (position - startPosition) >= 0;
  const path = { velocity, runUp: startPosition - margin, runDown: endPosition + margin, hasPassedStart };
  for (const end of [path.runUp, path.runDown]) checkLimits(name, end, { low, high, dialLow, dialHigh });
  return path;
}
