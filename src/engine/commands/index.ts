/** The commands, by the names that messages call them. */

export { configure, create, declareStream as declare_stream, drop, monitor, read, save, unmonitor } from "./bundle.ts";
export {
  checkpoint,
  clearCheckpoint as clear_checkpoint,
  engineClass as RE_class,
  input,
  installSuspender as install_suspender,
  nothing as null,
  pause,
  removeSuspender as remove_suspender,
  rewindable,
  sleep,
  subscribe,
  unsubscribe,
  waitFor as wait_for,
} from "./control.ts";
export { collect, complete, kickoff } from "./fly.ts";
export { locate, prepare, set, stop, trigger, wait } from "./motion.ts";
export { closeRun as close_run, openRun as open_run } from "./run.ts";
export { stage, unstage } from "./stage.ts";
export { resumeFromSuspender as _resume_from_suspender, startSuspender as _start_suspender } from "./suspend.ts";
