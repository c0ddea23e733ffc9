import type { PlanLike } from "../engine/msg.ts";
import type { Composable } from "./composable.ts";
import { relativeSetWrapper, resetPositionsWrapper } from "./preprocessors/index.ts";

/** The plan with its positions relative to where the motors are, and the motors sent back there at its end. */
export function relative<T>(plan: PlanLike<T>, motors: readonly unknown[]): Composable<T> {
  return resetPositionsWrapper(relativeSetWrapper(plan, motors), motors);
}

/** The options with another plan name in the metadata, unless the user gave one. */
export function named<O extends { md?: Record<string, any> | undefined }>(planName: string, options: O): O {
  return { ...options, md: { plan_name: planName, ...options.md } };
}
