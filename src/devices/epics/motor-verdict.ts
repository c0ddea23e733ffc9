import type { Reading } from "../protocols.ts";
import { MotorError, MoveInterruptedError } from "./motor-errors.ts";

/** Bits of MSTA that mean that the motor or its controller is not well. */
const TROUBLE: readonly (readonly [bit: number, what: string])[] = [
  [0x40, "slip or stall detected"],
  [0x200, "the driver reports a problem"],
  [0x1000, "the controller does not communicate"],
];

/** What a motor at rest says about itself, all read after it came to rest. */
export interface MotorAtRest {
  readonly readback: Reading<number>;
  /** DMOV, asked for after the readback: at its target, a motor may not be done yet. */
  readonly doneMoving: number;
  readonly setpoint: number;
  readonly statusBits: number;
  readonly limitViolation: number;
  readonly lowSwitch: number;
  readonly highSwitch: number;
  readonly missed: number;
  readonly mode: string;
}

export interface MoveIntent {
  readonly name: string;
  readonly initial: number;
  readonly target: number;
  readonly tolerance: number;
  readonly toleratedSeverity: number;
  /** LVIO was set before the move: then it says nothing about a move that has arrived. */
  readonly violatedBefore: boolean;
}

/** The first of the bits of MSTA that mean trouble, in words; undefined when none is set. */
export function troubleOf(statusBits: number): string | undefined {
  for (const [bit, what] of TROUBLE) if ((statusBits & bit) !== 0) return `${what} (MSTA 0x${bit.toString(16)})`;
  return undefined;
}

export function isWithin(position: number, { target, tolerance }: MoveIntent): boolean {
  // Positions are multiples of a resolution that float64 does not hold exactly.
  return Math.abs(position - target) <= tolerance + 1e-9 * Math.max(1, Math.abs(target));
}

/** By its SPMG. */
export function isPaused(mode: string): boolean {
  return mode === "Stop" || mode === "Pause";
}

/**
 * Why a move that has come to rest is no success; undefined when the motor is where it was sent, and well.
 * `sentTo` is where somebody else was seen to send it on the way.
 */
export function verdict(motor: MotorAtRest, intent: MoveIntent, sentTo?: number): MotorError | undefined {
  const { name, initial, target } = intent;
  const position = motor.readback.value;
  const where = `it is at ${position}, sent to ${target}`;
  const trouble = troubleOf(motor.statusBits);
  if (trouble !== undefined) return new MotorError(`${name}: ${trouble}; ${where}`);
  const violated = motor.limitViolation !== 0 && !(intent.violatedBefore && isWithin(position, intent));
  if (violated) return new MotorError(`${name}: soft limit violation (LVIO); ${where}`);
  const up = target >= initial;
  if (up && motor.highSwitch !== 0) return new MotorError(`${name}: high limit switch (HLS); ${where}`);
  if (!up && motor.lowSwitch !== 0) return new MotorError(`${name}: low limit switch (LLS); ${where}`);
  if (!isWithin(motor.setpoint, intent)) {
    const stopped = sentTo === undefined && isWithin(position, { ...intent, target: motor.setpoint });
    const what = stopped ? "stopped" : `sent to ${sentTo ?? motor.setpoint}`;
    return new MoveInterruptedError(`${name} was ${what} by somebody else; ${where}`);
  }
  if (!isWithin(position, intent)) return offTarget(motor, intent, where);
  const severity = motor.readback.alarmSeverity ?? 0;
  if (severity < 0 || severity > intent.toleratedSeverity) {
    return new MotorError(`${name}: the readback is in alarm (severity ${severity}); ${where}`);
  }
  return undefined;
}

function offTarget(motor: MotorAtRest, { name, tolerance }: MoveIntent, where: string): MotorError {
  if (isPaused(motor.mode)) {
    return new MoveInterruptedError(`${name} was halted by somebody else (SPMG is ${motor.mode}); ${where}`);
  }
  if (motor.highSwitch !== 0) return new MotorError(`${name}: high limit switch (HLS); ${where}`);
  if (motor.lowSwitch !== 0) return new MotorError(`${name}: low limit switch (LLS); ${where}`);
  const retried = motor.missed !== 0 ? " after its retries (MISS)" : "";
  return new MotorError(`${name} missed its target by more than ${tolerance}${retried}; ${where}`);
}
