import type { PlanLike } from "../../engine/msg.ts";
import { printSummaryWrapper } from "../preprocessors/index.ts";
import { emptyAnswer, type RehearseOptions, rehearse } from "./rehearse.ts";

/** Prints what the plan would do: a line for each run, move and reading. `print` writes to standard output by default. */
export async function summarizePlan(
  plan: PlanLike<unknown>,
  options: RehearseOptions & { print?: (line: string) => void } = {},
): Promise<void> {
  const { print, ...limits } = options;
  await rehearse(printSummaryWrapper(plan, print === undefined ? {} : { print }), emptyAnswer, limits);
}

export const printSummary = summarizePlan;
