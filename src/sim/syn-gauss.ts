import type { MaybePromise, Readable, Reading } from "../devices/protocols.ts";
import { poisson, seededRandom } from "./random.ts";
import { SynSignal, type SynSignalOptions } from "./syn-signal.ts";

export interface SynGaussOptions extends SynSignalOptions {
  /** 1 by default. */
  readonly sigma?: number;
  /** `none` by default; `uniform` adds up to `noiseMultiplier` either way. */
  readonly noise?: "none" | "poisson" | "uniform";
  /** 1 by default. */
  readonly noiseMultiplier?: number;
  /** The same seed gives the same noise; 1 by default. */
  readonly seed?: number;
}

/** A point detector that sees a Gaussian peak in the position of a motor: `new SynGauss("det", motor, "motor", 0, 1, { sigma: 1 })`. */
export class SynGauss extends SynSignal {
  constructor(
    name: string,
    motor: Readable<any>,
    motorField: string,
    center: number,
    Imax: number,
    options: SynGaussOptions = {},
  ) {
    const { sigma = 1 } = options;
    const noise = noisy(options);
    const value = (readings: Record<string, Reading>): number => {
      const position = positionIn(name, readings, motor.name, motorField);
      return noise(Imax * Math.exp(-((position - center) ** 2) / (2 * sigma ** 2)));
    };
    super(
      (): MaybePromise<number> => {
        const readings = motor.read();
        return readings instanceof Promise ? readings.then(value) : value(readings);
      },
      { ...options, name },
    );
  }
}

/** What the noise makes of a clean intensity. */
export function noisy({ noise = "none", noiseMultiplier = 1, seed = 1 }: SynGaussOptions): (clean: number) => number {
  const random = seededRandom(seed);
  if (noise === "poisson") return (clean) => poisson(clean, random);
  if (noise === "uniform") return (clean) => clean + noiseMultiplier * (2 * random() - 1);
  return (clean) => clean;
}

/** The number under a field of a motor's readings; the error names the detector that wanted it. */
export function positionIn(det: string, readings: Record<string, Reading>, motor: string, field: string): number {
  const value = readings[field]?.value;
  if (typeof value !== "number") throw new TypeError(`${det}: ${motor} has no field "${field}"`);
  return value;
}
