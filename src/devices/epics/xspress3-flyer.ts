import { BulkFlyer } from "./bulk-flyer.ts";
import { deadTimeFactors } from "./dead-time.ts";
import type { BulkFlyerOptions, FlyWaveform } from "./fly-options.ts";

/** The PVs of a multi-channel analyser with regions of interest; `channel` and `roi` count from 1. */
export interface Xspress3Records {
  readonly acquire: string;
  readonly numPoints: string;
  readonly dwell: string;
  /** The counts of a region, point by point. */
  readonly counts: (channel: number, roi: number) => string;
  /** The factor, point by point, by which a channel's counts are too low because of its dead time. */
  readonly factor: (channel: number) => string;
  /** Those that have to begin anew with each flight: what `prepare` sets them to. */
  readonly timeSeries: (channel: number) => NonNullable<BulkFlyerOptions["settings"]>;
}

type Taken = "waveforms" | "acquire" | "numPoints" | "dwell" | "correct" | "sums";

export interface Xspress3FlyerOptions extends Omit<BulkFlyerOptions, Taken> {
  /** How many detector elements there are. */
  readonly channels: number;
  /** The regions' numbers by the names that they shall have: `{ Fe: 1, Cu: 2 }`. */
  readonly rois: Readonly<Record<string, number>>;
  /** Waveforms besides, which are not corrected: positions, a beam monitor. */
  readonly waveforms?: Readonly<Record<string, FlyWaveform>>;
  /** PVs that have other names than in the EPICS module's own database. */
  readonly records?: Partial<Xspress3Records>;
}

/**
 * A map row of an Xspress3, or of a device like it: each region of each channel is a column (`Fe_1`, `Fe_2`), corrected by the factor that the
 * electronics measured at that very point, and their sum is one, too (`Fe`). The factors are columns, `factor_1` and so on.
 */
export class Xspress3Flyer extends BulkFlyer {
  constructor(prefix: string, options: Xspress3FlyerOptions) {
    const { channels, rois, waveforms = {}, records, settings = {}, ...rest } = options;
    const pvs = { ...xspress3Records(prefix), ...records };
    const numbers = Array.from({ length: channels }, (_, i) => i + 1);
    const regions = Object.entries(rois);
    const counted = regions.flatMap(([name, roi]) =>
      numbers.map((channel) => [`${name}_${channel}`, { pv: pvs.counts(channel, roi), units: "counts" }] as const),
    );
    super({
      ...rest,
      acquire: pvs.acquire,
      numPoints: pvs.numPoints,
      dwell: pvs.dwell,
      settings: Object.assign({}, ...numbers.map(pvs.timeSeries), settings),
      waveforms: {
        ...waveforms,
        ...Object.fromEntries(counted),
        ...Object.fromEntries(numbers.map((channel) => [`factor_${channel}`, pvs.factor(channel)])),
      },
      correct: deadTimeFactors(
        Object.fromEntries(
          regions.flatMap(([name]) => numbers.map((channel) => [`${name}_${channel}`, `factor_${channel}`])),
        ),
      ),
      sums: Object.fromEntries(regions.map(([name]) => [name, numbers.map((channel) => `${name}_${channel}`)])),
    });
  }
}

/** As in the xspress3 module of EPICS, release 3: time series of its ROI statistics and of its scalers, of which number 9 is the dead-time factor. */
function xspress3Records(prefix: string): Xspress3Records {
  return {
    acquire: `${prefix}det1:Acquire`,
    numPoints: `${prefix}det1:NumImages`,
    dwell: `${prefix}det1:AcquireTime`,
    counts: (channel, roi) => `${prefix}MCA${channel}ROI:${roi}:TSTotal`,
    factor: (channel) => `${prefix}C${channel}SCA:9:TSArrayValue`,
    timeSeries: (channel) => ({
      [`${prefix}MCA${channel}ROI:TSNumPoints`]: ({ numPoints }) => numPoints,
      [`${prefix}MCA${channel}ROI:TSControl`]: "Erase/Start",
      [`${prefix}C${channel}SCA:TS:TSNumPoints`]: ({ numPoints }) => numPoints,
      [`${prefix}C${channel}SCA:TS:TSAcquire`]: true,
    }),
  };
}
