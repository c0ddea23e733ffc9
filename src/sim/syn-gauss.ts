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
    const { sigma = 1, noise = "none", noiseMultiplier = 1, seed = 1 } = options;
    const random = seededRandom(seed);
    const value = (position: number): number => {
      const clean = Imax * Math.exp(-((position - center) ** 2) / (2 * sigma ** 2));
      if (noise === "poisson") return poisson(clean, random);
      return noise === "uniform" ? clean + noiseMultiplier * (2 * random() - 1) : clean;
    };
    const position = (readings: Record<string, Reading>): number => {
      const reading = readings[motorField];
      if (typeof reading?.value !== "number")
        throw new TypeError(`${name}: ${motor.name} has no field "${motorField}"`);
      return reading.value;
    };
    super(
      (): MaybePromise<number> => {
        const readings = motor.read();
        return readings instanceof Promise ? readings.then((r) => value(position(r))) : value(position(readings));
      },
      { ...options, name },
    );
  }
}
