/** A move that failed, or can't be begun: the motor reports a problem, is at a switch, or missed its target. */
export class MotorError extends Error {
  override readonly name: string = "MotorError";
}

/** A target outside the motor's soft limits. Nothing was written. */
export class MotorLimitsError extends MotorError {
  override readonly name = "MotorLimitsError";
}

/** Somebody else stopped the motor or sent it elsewhere. */
export class MoveInterruptedError extends MotorError {
  override readonly name = "MoveInterruptedError";
}

/** The motor was stopped by `stop()`. */
export class MotorStoppedError extends MotorError {
  override readonly name = "MotorStoppedError";
}

/** The motor did not come to rest in the time that its speed allows; it has been told to stop. */
export class MoveTimeoutError extends MotorError {
  override readonly name = "MoveTimeoutError";
}
