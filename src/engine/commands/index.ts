import type { CommandName } from "../msg.ts";
import { configure, create, declareStream, drop, monitor, read, save, unmonitor } from "./bundle.ts";
import { type Command, command } from "./command.ts";
import {
  checkpoint,
  clearCheckpoint,
  engineClass,
  input,
  installSuspender,
  nothing,
  pause,
  removeSuspender,
  rewindable,
  sleep,
  subscribe,
  unsubscribe,
  waitFor,
} from "./control.ts";
import { collect, complete, kickoff } from "./fly.ts";
import { locate, prepare, set, stop, trigger, wait } from "./motion.ts";
import { closeRun, openRun } from "./run.ts";
import { stage, unstage } from "./stage.ts";
import { resumeFromSuspender, startSuspender } from "./suspend.ts";

const NEEDS_RUN = true;

/** Every command, with its rules for replay and for being cut. */
export const COMMANDS: Readonly<Record<CommandName | "_start_suspender" | "_resume_from_suspender", Command>> = {
  declare_stream: command(declareStream, "cache", "late", NEEDS_RUN),
  create: command(create, "cache", "late", NEEDS_RUN),
  save: command(save, "cache", "late", NEEDS_RUN),
  drop: command(drop, "cache", "late", NEEDS_RUN),
  read: command(read, "cache", "ending"),
  locate: command(locate, "cache", "ending"),
  monitor: command(monitor, "reset"),
  unmonitor: command(unmonitor, "reset"),
  null: command(nothing, "cache"),
  RE_class: command(engineClass, "cache"),
  stop: command(stop, "cache"),
  set: command(set, "cache"),
  trigger: command(trigger, "cache"),
  sleep: command(sleep, "cache", "always"),
  wait: command(wait, "cache", "always"),
  checkpoint: command(checkpoint, "reset"),
  clear_checkpoint: command(clearCheckpoint, "never"),
  rewindable: command(rewindable, "cache"),
  pause: command(pause, "never"),
  _resume_from_suspender: command(resumeFromSuspender, "never"),
  _start_suspender: command(startSuspender, "never"),
  prepare: command(prepare, "cache"),
  collect: command(collect, "cache", "late", NEEDS_RUN),
  kickoff: command(kickoff, "cache", "late", NEEDS_RUN),
  complete: command(complete, "cache", "late", NEEDS_RUN),
  configure: command(configure, "cache"),
  stage: command(stage, "reset"),
  unstage: command(unstage, "reset"),
  subscribe: command(subscribe, "reset"),
  unsubscribe: command(unsubscribe, "reset"),
  open_run: command(openRun, "never"),
  close_run: command(closeRun, "never"),
  wait_for: command(waitFor, "cache", "always"),
  input: command(input, "cache", "always"),
  install_suspender: command(installSuspender, "never"),
  remove_suspender: command(removeSuspender, "never"),
};
