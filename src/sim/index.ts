export { BlobDetector, type BlobDetectorOptions } from "./blob-detector.ts";
export { type HwOptions, hw } from "./hw.ts";
export { interestingPattern, PatternDetector, type PatternDetectorOptions, type PatternPlace } from "./pattern.ts";
export { poisson, seededRandom } from "./random.ts";
export { Syn2DGauss } from "./syn-2d-gauss.ts";
export { SynAxis, type SynAxisOptions } from "./syn-axis.ts";
export {
  CountingDetector,
  type CountingDetectorOptions,
  ImageDetector,
  type ImageDetectorOptions,
  TwoChannelDetector,
} from "./syn-detectors.ts";
export { SynFlyer, type SynFlyerOptions } from "./syn-flyer.ts";
export { SynGauss, type SynGaussOptions } from "./syn-gauss.ts";
export { SynSignal, type SynSignalOptions } from "./syn-signal.ts";
