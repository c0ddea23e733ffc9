export { SuspendBoolHigh, SuspendBoolLow } from "./bool.ts";
export { type ChangedOptions, SuspendWhenChanged } from "./changed.ts";
export { Suspender, type SuspenderOptions } from "./suspender.ts";
export { SuspendCeil, SuspendFloor, SuspendWhenOutsideBand, type ThresholdOptions } from "./threshold.ts";
