import { isControlError } from "../../engine/errors.ts";
import type { Msg, PlanLike } from "../../engine/msg.ts";
import type { Composable } from "../composable.ts";
import { compose, part } from "../compose.ts";
import { asStub } from "../drive.ts";
import { closeRun, openRun } from "../stubs/run.ts";
import type { Many } from "../stubs/types.ts";
import { handedOn } from "../unused-plans.ts";

export interface RunWrapperOptions {
  /** Goes into the start document. */
  md?: Record<string, unknown> | undefined;
}

/**
 * Runs the plan in a run of its own and answers with its uid. The run is closed as a success, as failed with the
 * error's message, or as stopped or aborted with the reason given; a halt leaves that to the engine.
 */
export function runWrapper<T>(plan: PlanLike<T>, options: RunWrapperOptions = {}): Composable<string> {
  const name = handedOn(plan);
  return compose(inRun(plan, options), asStub(plan) !== undefined, nameIn(options.md) ?? name);
}

function nameIn(md: Record<string, unknown> | undefined): string | undefined {
  return typeof md?.plan_name === "string" ? md.plan_name : undefined;
}

function* inRun(plan: PlanLike<unknown>, options: RunWrapperOptions): Many<string> {
  const uid = yield* openRun(options.md);
  try {
    yield* part(plan);
  } catch (error) {
    yield* closedBy(error);
    throw error;
  }
  yield* closeRun();
  return uid;
}

function closedBy(error: unknown): Msg<"close_run", string> {
  const message = error instanceof Error ? error.message : String(error);
  if (!isControlError(error)) return closeRun("fail", message);
  // That the plan was told to stop is no reason to doubt the run, so a success has none.
  return error.exitStatus === "success" ? closeRun("success") : closeRun(error.exitStatus, message);
}
