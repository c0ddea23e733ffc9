import type { Readable } from "../devices/protocols.ts";
import { noisy, positionIn, type SynGaussOptions } from "./syn-gauss.ts";
import { SynSignal } from "./syn-signal.ts";

/**
 * A point detector that sees a Gaussian peak in the positions of two motors, as wide on both axes:
 * `new Syn2DGauss("det", x, "x", y, "y", [0, 0], 1, { sigma: 1 })`.
 */
export class Syn2DGauss extends SynSignal {
  constructor(
    name: string,
    motor0: Readable<any>,
    motorField0: string,
    motor1: Readable<any>,
    motorField1: string,
    center: readonly [number, number],
    Imax: number,
    options: SynGaussOptions = {},
  ) {
    const { sigma = 1 } = options;
    const noise = noisy(options);
    super(
      async () => {
        const [first, second] = await Promise.all([motor0.read(), motor1.read()]);
        const x = positionIn(name, first, motor0.name, motorField0) - center[0];
        const y = positionIn(name, second, motor1.name, motorField1) - center[1];
        return noise(Imax * Math.exp(-(x ** 2 + y ** 2) / (2 * sigma ** 2)));
      },
      { ...options, name },
    );
  }
}
