export type { BusSubscription as Subscription, DocumentCallback } from "./documents/bus.ts";
export type { Document, DocumentName, DocumentTypes } from "./documents/document.ts";
export type { ProcessIdentity } from "./documents/process-identity.ts";
export type { Sink } from "./documents/sink.ts";
export type { WaitingHook } from "./engine/engine-base.ts";
export {
  FailedPause,
  FailedStatus,
  IllegalMessageSequence,
  InvalidCommand,
  isControlError,
  NoReplayAllowed,
  RequestAbort,
  RequestStop,
  RunEngineControlError,
  RunInterrupted,
  type RunResult,
  TransitionError,
  WaitForTimeoutError,
} from "./engine/errors.ts";
export { FileLock, LockedError } from "./engine/file-lock.ts";
export {
  type CommandName,
  type Commands,
  isMsg,
  Msg,
  type Plan,
  type PlanLike,
  type PlanSource,
  type Preprocessor,
} from "./engine/msg.ts";
export { PersistentMetadata } from "./engine/persistent-metadata.ts";
export { type CommandContext, RunEngine } from "./engine/run-engine.ts";
export type { RunEngineOptions } from "./engine/settings.ts";
export type { EngineState } from "./engine/state.ts";
export type { RunOptions } from "./engine/subscriptions.ts";
export type { InstallableSuspender } from "./engine/suspender.ts";
export type { SuspendOptions, Suspension } from "./engine/suspensions.ts";
