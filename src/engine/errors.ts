/** A message came in an order that the engine can't follow, such as `save` without `create`. */
export class IllegalMessageSequence extends Error {
  override readonly name = "IllegalMessageSequence";
}

/** A command that is neither the engine's nor registered. */
export class InvalidCommand extends Error {
  override readonly name = "InvalidCommand";
}

/** A change of state that the state table does not allow. */
export class TransitionError extends Error {
  override readonly name = "TransitionError";
}

/** One or more actions of a plan failed; `cause` is the first of `errors`. */
export class FailedStatus extends Error {
  override readonly name = "FailedStatus";
  readonly errors: readonly Error[];

  constructor(message: string, errors: readonly Error[]) {
    super(message, { cause: errors[0] });
    this.errors = errors;
  }
}

/** A wait that took longer than its timeout. */
export class WaitForTimeoutError extends Error {
  override readonly name = "WaitForTimeoutError";
}

/** Thrown by a device's `pause` when what it did since the last checkpoint must not be repeated. */
export class NoReplayAllowed extends Error {
  override readonly name = "NoReplayAllowed";
}

const CONTROL = Symbol.for("cerulean.RunEngineControl");

/** Thrown into a plan to end it in order, so that it can clean up; `exitStatus` is what its runs are closed with. */
export class RunEngineControlError extends Error {
  readonly [CONTROL] = true;
  readonly exitStatus: "success" | "abort" = "abort";
}

/** The run ends early and counts as a success. */
export class RequestStop extends RunEngineControlError {
  override readonly name = "RequestStop";
  override readonly exitStatus = "success";
}

/** The run ends early; the message is the reason that the stop document gets. */
export class RequestAbort extends RunEngineControlError {
  override readonly name = "RequestAbort";
}

/** A pause was asked for where the plan can't be resumed, so the run is aborted. */
export class FailedPause extends RunEngineControlError {
  override readonly name = "FailedPause";
}

/** By brand, so that a plan from another copy of the package is ended properly too. */
export function isControlError(error: unknown): error is RunEngineControlError {
  return typeof error === "object" && error !== null && CONTROL in error;
}

/** What a call of `run` came to. */
export interface RunResult<T = unknown> {
  /** Of the runs in the order in which they were opened. */
  readonly runUids: readonly string[];
  /** What the plan returned; `undefined` when it was interrupted. */
  readonly planResult: T | undefined;
  readonly exitStatus: "success" | "abort" | "fail";
  readonly reason: string;
  readonly interrupted: boolean;
}

/** What `run` rejects with after stop, abort, halt or a failed pause, so that a script doesn't go on by accident. */
export class RunInterrupted extends Error {
  override readonly name = "RunInterrupted";
  readonly result: RunResult;

  constructor(message: string, result: RunResult, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.result = result;
  }
}
