export { create, declareStream, drop, locate, rd, read, save } from "./bundle.ts";
export {
  checkpoint,
  clearCheckpoint,
  deferredPause,
  inputPlan,
  nothing,
  nothing as null,
  pause,
  sleep,
  type WaitOptions,
  wait,
  waitFor,
} from "./control.ts";
export {
  type CollectWhileCompletingOptions,
  collect,
  collectWhileCompleting,
  complete,
  completeAll,
  kickoff,
  kickoffAll,
  prepare,
  trigger,
} from "./fly.ts";
export { absSet, type MoveOptions, mov, movr, mv, mvr, relSet, stop } from "./motion.ts";
export {
  configure,
  installSuspender,
  monitor,
  removeSuspender,
  subscribe,
  unmonitor,
  unsubscribe,
} from "./observe.ts";
export { triggerAndRead } from "./reading.ts";
export { broadcastMsg, cachingRepeater, type Delay, repeat, repeater } from "./repeat.ts";
export { closeRun, openRun } from "./run.ts";
export { stage, stageAll, unstage, unstageAll } from "./staging.ts";
export { movePerStep, one1dStep, oneNdStep, oneShot, type PosCache, type Step } from "./steps.ts";
export type { GroupWait, Many, ReadingsOf, TakeReading, Waiting } from "./types.ts";
