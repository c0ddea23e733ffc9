import { isControlError, type RunEngineControlError, RunInterrupted, type RunResult } from "./errors.ts";
import { messageOf } from "./groups.ts";
import type { Session } from "./session.ts";

/** How the plans of a call ended: with a value, or with what they raised. */
export type Ending = { value: unknown } | { error: unknown };

export interface Outcome {
  readonly exitStatus: RunResult["exitStatus"];
  readonly reason: string;
  readonly interrupted: boolean;
  /** What a failed run rejects with, or what an interrupted one was interrupted by. */
  readonly error: unknown;
}

/** What a call comes to. An ending that the engine was asked for decides, whatever the plan made of it. */
export function outcomeOf(session: Session, ended: Ending): Outcome {
  const error = "error" in ended ? ended.error : undefined;
  if (session.endingError !== undefined) return interruptedBy(session.endingError, session.reason, error);
  if (isControlError(error)) return interruptedBy(error, session.reason || error.message, undefined);
  if (!("error" in ended)) return { exitStatus: "success", reason: "", interrupted: false, error: undefined };
  return { exitStatus: "fail", reason: messageOf(error), interrupted: false, error };
}

function interruptedBy(control: RunEngineControlError, reason: string, error: unknown): Outcome {
  const cause = error === undefined || isControlError(error) ? undefined : error;
  return { exitStatus: control.exitStatus, reason, interrupted: true, error: cause };
}

/** The result of a call, with what it rejects with unless it was a success. */
export function resultOf(
  session: Session,
  ended: Ending,
  { exitStatus, reason, interrupted, error }: Outcome,
  failedSubscriber: Error | undefined,
): { result: RunResult; rejection: { error: unknown } | undefined } {
  const isSuccess = exitStatus === "success" && !interrupted && failedSubscriber === undefined;
  const result: RunResult = Object.freeze({
    runUids: Object.freeze([...session.runUids]),
    planResult: isSuccess && "value" in ended ? ended.value : undefined,
    exitStatus: failedSubscriber !== undefined && exitStatus === "success" ? "fail" : exitStatus,
    reason: reason || (failedSubscriber?.message ?? ""),
    interrupted,
  });
  if (isSuccess) return { result, rejection: undefined };
  if (!interrupted) return { result, rejection: { error: exitStatus === "fail" ? error : failedSubscriber } };
  const how = exitStatus === "success" ? "was stopped" : "was aborted";
  const message = `the run ${how} before its plan was through${reason === "" ? "" : `: ${reason}`}`;
  return { result, rejection: { error: new RunInterrupted(message, result, error ?? failedSubscriber) } };
}
