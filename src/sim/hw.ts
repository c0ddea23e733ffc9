import { Syn2DGauss } from "./syn-2d-gauss.ts";
import { SynAxis } from "./syn-axis.ts";
import { SynFlyer } from "./syn-flyer.ts";
import { SynGauss } from "./syn-gauss.ts";

/** A fresh set of simulated hardware, named as in bluesky's `hw()`; every noise has its own fixed seed. */
export function hw() {
  const motor = new SynAxis({ name: "motor" });
  const motor1 = new SynAxis({ name: "motor1" });
  const motor2 = new SynAxis({ name: "motor2" });
  const motor3 = new SynAxis({ name: "motor3" });
  return {
    motor,
    motor1,
    motor2,
    motor3,
    slowMotor: new SynAxis({ name: "slow_motor", velocity: 10 }),
    det: new SynGauss("det", motor, "motor", 0, 1, { sigma: 1 }),
    noisyDet: new SynGauss("noisy_det", motor, "motor", 0, 1, {
      sigma: 1,
      noise: "uniform",
      noiseMultiplier: 0.1,
      seed: 7,
    }),
    det1: new SynGauss("det1", motor1, "motor1", 0, 5, { sigma: 0.5 }),
    det2: new SynGauss("det2", motor2, "motor2", 1, 2, { sigma: 2 }),
    det4: new Syn2DGauss("det4", motor1, "motor1", motor2, "motor2", [0, 0], 1, { sigma: 1 }),
    flyer1: new SynFlyer({ name: "flyer1", numPoints: 100, columns: { flyer1_x: (i) => i, flyer1_y: (i) => i * i } }),
  };
}
