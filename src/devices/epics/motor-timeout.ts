import { MotorError } from "./motor-errors.ts";

export interface MotorDynamics {
  readonly velocity: number;
  readonly accelerationTime: number;
  readonly backlash: number;
  readonly backlashVelocity: number;
  readonly backlashAccelerationTime: number;
  readonly delay: number;
  readonly retries: number;
}

/** What a move may take beyond the time that it should take, in seconds. */
const GRACE = 10;

/** The longest that a move over this distance may take, in seconds: the way, backlash, settling and every retry of them. */
export function moveTimeout(name: string, distance: number, motor: MotorDynamics): number {
  if (motor.velocity === 0) throw new MotorError(`${name} has zero velocity.`);
  const way = Math.abs(distance / motor.velocity) + 2 * motor.accelerationTime;
  const correction = backlashTime(motor) + motor.delay;
  const retry = correction + 2 * motor.accelerationTime;
  return way + correction + Math.max(0, motor.retries) * retry + GRACE;
}

function backlashTime({ backlash, backlashVelocity, backlashAccelerationTime, velocity }: MotorDynamics): number {
  if (backlash === 0) return 0;
  return Math.abs(backlash / (backlashVelocity === 0 ? velocity : backlashVelocity)) + 2 * backlashAccelerationTime;
}
