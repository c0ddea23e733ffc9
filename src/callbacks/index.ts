export { LiveTable, type LiveTableOptions } from "../documents/sinks/live-table.ts";
export { type Peak, PeakStats, type PeakStatsOptions, peakOf } from "./peak-stats.ts";
