export { SuspendInBand, SuspendOutBand, SuspendWhenOutsideBand } from "./band.ts";
export { SuspendBoolHigh, SuspendBoolLow } from "./bool.ts";
export { type ChangedOptions, SuspendWhenChanged } from "./changed.ts";
export { Suspender, type SuspenderOptions } from "./suspender.ts";
export { SuspendCeil, SuspendFloor, type ThresholdOptions } from "./threshold.ts";
