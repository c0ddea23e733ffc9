import { WaitTimeoutError } from "../errors.ts";
import { waitForValue } from "../observe.ts";
import { MotorError } from "./motor-errors.ts";
import type { MotorRecord } from "./motor-record.ts";

/** How long a record may take to read as it was told. */
const TAKEN_MS = 1000;

/**
 * Tells the record that the motor stands at `position`, without a move: SET to Set, VAL, and SET back to Use whatever happens.
 * Rejects when the motor moves, or when the readback is not there afterwards.
 */
export async function redefine(motor: MotorRecord, position: number): Promise<void> {
  const { name, useSet, setpoint, readback, doneMoving } = motor;
  if (!Number.isFinite(position)) throw new MotorError(`${name} can't stand at ${position}`);
  const fresh = { cached: false };
  const [done, deadband, resolution] = await Promise.all([
    doneMoving.get(fresh),
    motor.retryDeadband.get(fresh),
    motor.resolution.get(fresh),
  ]);
  if (done !== 1) throw new MotorError(`${name} moves: its position can be set when it stands`);
  const tolerance = Math.max(Math.abs(deadband), Math.abs(resolution)) + 1e-9 * Math.max(1, Math.abs(position));
  await useSet.set("Set").wait();
  try {
    await setpoint.set(position).wait();
    // A record that acknowledges at once must not be back in Use before it has taken the value: it would move.
    await waitForValue(readback, position, { tolerance, timeoutMs: TAKEN_MS });
  } catch (error) {
    if (!(error instanceof WaitTimeoutError)) throw error;
    const at = await readback.get(fresh);
    throw new MotorError(`${name} was told that it stands at ${position}, and it reads ${at}`, { cause: error });
  } finally {
    await useSet.set("Use").wait();
  }
}
