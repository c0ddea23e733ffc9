import { NoReplayAllowed } from "./errors.ts";
import type { Session } from "./session.ts";

/** Tells every device that knows how to pause. One that refuses a replay makes a checkpoint of the place where the plan is. */
export async function pauseDevices(session: Session): Promise<void> {
  for (const device of session.hardware.pausable) {
    try {
      await device.pause();
    } catch (error) {
      // By name as well: the device may have another copy of the class.
      if (!(error instanceof NoReplayAllowed) && (error as Error | null)?.name !== "NoReplayAllowed") throw error;
      session.resetCheckpoint();
    }
  }
}

export async function resumeDevices(session: Session): Promise<void> {
  for (const device of session.hardware.pausable) await device.resume();
}
