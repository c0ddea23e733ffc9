import { Msg } from "../../engine/msg.ts";

export interface WaitOptions {
  /** Give up waiting after this long; what is waited for goes on. No limit by default. */
  timeoutMs?: number;
  /** Throw when the time is up (the default), or answer with `false`. */
  errorOnTimeout?: boolean;
  /** Groups whose failure ends the wait at once. */
  watch?: readonly unknown[];
}

/** Does nothing, by way of the engine. Exported as `null`, which is bluesky's name for it. */
export function nothing(): Msg<"null", undefined> {
  return new Msg("null");
}

/** Waits for all actions of the group: `true` when they are done. Without a group it waits for those that were given none. */
export function wait(group: unknown = null, options: WaitOptions = {}): Msg<"wait", boolean> {
  const { timeoutMs, errorOnTimeout = true, watch = [] } = options;
  return new Msg("wait", null, [], { group, errorOnTimeout, timeoutMs, watch });
}

/**
 * Starts every promise and waits for all, interruptibly; the signal that each is given is aborted when the wait is. A
 * failing one is not thrown: the answer tells how each ended.
 */
export function waitFor(
  factories: readonly ((signal: AbortSignal) => Promise<unknown>)[],
  options: { timeoutMs?: number } = {},
): Msg<"wait_for", unknown> {
  return new Msg(
    "wait_for",
    null,
    [factories],
    options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs },
  );
}

/** Waits for some seconds; pause, stop, abort and a failing action interrupt it. */
export function sleep(seconds: number): Msg<"sleep", undefined> {
  return new Msg("sleep", null, [seconds]);
}

/** Where the plan is taken up again after a pause: what came before it is not repeated. */
export function checkpoint(): Msg<"checkpoint", undefined> {
  return new Msg("checkpoint");
}

/** From here on the plan can't be resumed after a pause; a pause aborts it. */
export function clearCheckpoint(): Msg<"clear_checkpoint", undefined> {
  return new Msg("clear_checkpoint");
}

/** Pauses at once, as `RunEngine.pause()` does. */
export function pause(): Msg<"pause", undefined> {
  return new Msg("pause", null, [], { defer: false });
}

/** Pauses at the next checkpoint. */
export function deferredPause(): Msg<"pause", undefined> {
  return new Msg("pause", null, [], { defer: true });
}

/** Asks the user at the terminal; the answer is the line typed. */
export function inputPlan(prompt = ""): Msg<"input", string> {
  return new Msg("input", null, [], { prompt });
}
