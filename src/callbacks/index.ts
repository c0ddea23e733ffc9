export { LiveTable, type LiveTableOptions } from "../documents/sinks/live-table.ts";
export { BestEffortCallback, type BestEffortOptions, type PeakResults } from "./best-effort.ts";
export { DocumentCallback } from "./document-callback.ts";
export { Lossy, type LossyOptions } from "./lossy.ts";
export { type Curve, type Peak, type Point, peakOf } from "./peak.ts";
export { PeakStats, type PeakStatsOptions } from "./peak-stats.ts";
export { ProgressBars, type ProgressBarsOptions } from "./progress-bars.ts";
