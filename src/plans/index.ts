export { adaptiveScan, relAdaptiveScan, relativeAdaptiveScan } from "./adaptive-scan.ts";
export { type CountOptions, count } from "./count.ts";
export { fly } from "./fly.ts";
export {
  type GridScanOptions,
  gridScan,
  outerProductScan,
  relativeOuterProductScan,
  relGridScan,
} from "./grid-scan.ts";
export { listGridScan, relListGridScan } from "./list-grid-scan.ts";
export { listScan, relativeListScan, relListScan } from "./list-scan.ts";
export { logScan, relativeLogScan, relLogScan } from "./log-scan.ts";
export type { PlanOptions } from "./metadata.ts";
export type { PerShot, PerStep, PerStep1d, PerStepNd } from "./per-step.ts";
export { RampFail, rampPlan } from "./ramp-plan.ts";
export {
  innerProductScan,
  type LineScanOptions,
  relativeInnerProductScan,
  relativeScan,
  relScan,
  scan,
  x2xScan,
} from "./scan.ts";
export { type ScanOptions, scanNd } from "./scan-nd.ts";
export {
  relativeSpiral,
  relativeSpiralFermat,
  relSpiral,
  relSpiralFermat,
  type SpiralScanOptions,
  spiral,
  spiralFermat,
} from "./spiral.ts";
export { relSpiralSquare, spiralSquare } from "./spiral-square.ts";
export { tuneCentroid } from "./tune-centroid.ts";
export { tweak } from "./tweak.ts";
