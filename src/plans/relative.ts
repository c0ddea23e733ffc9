import type { Plan } from "../engine/msg.ts";
import { relativeSetWrapper, resetPositionsWrapper } from "./preprocessors/index.ts";

/** The plan with its positions relative to where the motors are, and the motors sent back there at its end. */
export function relative<T>(plan: Plan<T>, motors: readonly unknown[]): Plan<T> {
  return resetPositionsWrapper(relativeSetWrapper(plan, motors), motors);
}

/** The options with another plan name in the metadata, unless the user gave one. */
export function named<O extends { md?: Record<string, any> | undefined }>(planName: string, options: O): O {
  return { ...options, md: { plan_name: planName, ...options.md } };
}
