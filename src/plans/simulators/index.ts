export { checkLimits, checkLimitsAsync } from "./check-limits.ts";
export { type Estimate, type EstimateOptions, estimatePlan } from "./estimate-plan.ts";
export type { Flight, PaceOptions } from "./pace.ts";
export { plotRasterPath } from "./raster-path.ts";
export type { RehearseOptions } from "./rehearse.ts";
export {
  assertMessageAndReturnRemaining,
  type MessageFilter,
  type MessageHandler,
  RunEngineSimulator,
} from "./run-engine-simulator.ts";
export { printSummary, summarizePlan } from "./summarize-plan.ts";
export type { Travel } from "./travel.ts";
