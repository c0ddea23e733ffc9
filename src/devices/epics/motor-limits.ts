import { MotorLimitsError } from "./motor-errors.ts";

export interface MotorLimits {
  readonly low: number;
  readonly high: number;
  readonly dialLow: number;
  readonly dialHigh: number;
}

/**
 * The motor record's own rule: dial limits of 0 and 0 are none; else the target has to be inside, wherever the motor stands,
 * so that one that is outside can be moved back in. Throws a `MotorLimitsError` that shows both sets of limits.
 */
export function checkLimits(name: string, target: number, limits: MotorLimits): void {
  if (!Number.isFinite(target)) throw new MotorLimitsError(`${name} can't move to ${target}`);
  const { low, high, dialLow, dialHigh } = limits;
  if (dialLow === 0 && dialHigh === 0) return;
  if (target >= low && target <= high) return;
  throw new MotorLimitsError(
    `${name} can't move to ${target}: its limits are ${low} to ${high} (dial ${dialLow} to ${dialHigh})`,
  );
}
