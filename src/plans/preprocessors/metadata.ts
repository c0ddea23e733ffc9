import type { PlanLike } from "../../engine/msg.ts";
import type { Composable } from "../composable.ts";
import { noted } from "../noted-plan.ts";
import { handedOn } from "../unused-plans.ts";
import { msgMutator, replaceIn } from "./msg-mutator.ts";

/** Adds metadata to every run that the plan opens; what is injected wins. */
export function injectMdWrapper<T>(plan: PlanLike<T>, md: Record<string, unknown>): Composable<T> {
  return msgMutator(plan, (msg) =>
    msg.command === "open_run" ? replaceIn(msg, { kwargs: { ...msg.kwargs, ...md } }) : msg,
  );
}

/** Has the plan's messages concern the run with that key, unless they name one of their own. */
export function setRunKeyWrapper<T>(plan: PlanLike<T>, run: unknown): Composable<T> {
  if (run === undefined || run === null) throw new TypeError("setRunKeyWrapper: the run key can't be null");
  return msgMutator(plan, (msg) => (msg.run === null ? replaceIn(msg, { run }) : msg));
}

const RUN_CONTROL: ReadonlySet<string> = new Set(["open_run", "close_run", "stage", "unstage"]);

/**
 * Makes a part of a larger run from a plan: what opens and closes runs, stages and unstages is left out. Answers with
 * the metadata that the plan wanted in its start document.
 */
export function stubWrapper(plan: PlanLike<unknown>): Composable<Record<string, any>> {
  return noted(handedOn(plan), stripped(plan));
}

async function* stripped(plan: PlanLike<unknown>): Composable<Record<string, any>> {
  const md: Record<string, unknown> = {};
  yield* msgMutator(plan, (msg) => {
    if (msg.command === "open_run") Object.assign(md, msg.kwargs);
    return RUN_CONTROL.has(msg.command) ? null : msg;
  });
  return md;
}
