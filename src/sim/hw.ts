import { tmpdir } from "node:os";
import { t } from "../devices/datatypes.ts";
import { StaticPathProvider, UUIDFilenameProvider } from "../devices/detector/paths.ts";
import { PseudoPositioner } from "../devices/pseudo-positioner.ts";
import { softSignalRW } from "../devices/soft-signal.ts";
import { BlobDetector } from "./blob-detector.ts";
import { seededRandom } from "./random.ts";
import { Syn2DGauss } from "./syn-2d-gauss.ts";
import { SynAxis } from "./syn-axis.ts";
import { CountingDetector, ImageDetector, TwoChannelDetector } from "./syn-detectors.ts";
import { SynFlyer } from "./syn-flyer.ts";
import { SynGauss } from "./syn-gauss.ts";
import { SynSignal } from "./syn-signal.ts";

export interface HwOptions {
  /** Where `img` writes its files; the system's folder for temporary files by default. */
  readonly savePath?: string;
}

/** A fresh set of simulated hardware, named as in ophyd's `hw()`; every noise has its own fixed seed. */
export function hw({ savePath = tmpdir() }: HwOptions = {}) {
  const axis = (name: string): SynAxis => new SynAxis({ name });
  const [motor, motor1, motor2, motor3] = [axis("motor"), axis("motor1"), axis("motor2"), axis("motor3")];
  const jitteryMotor1 = jittery("jittery_motor1", 11);
  const jitteryMotor2 = jittery("jittery_motor2", 12);
  return {
    motor,
    motor1,
    motor2,
    motor3,
    slowMotor: new SynAxis({ name: "slow_motor", velocity: 10 }),
    jitteryMotor1,
    jitteryMotor2,
    det: new SynGauss("det", motor, "motor", 0, 1, { sigma: 1 }),
    /** Under the same name as `det`. */
    identicalDet: new SynGauss("det", motor, "motor", 0, 1, { sigma: 1 }),
    noisyDet: new SynGauss("noisy_det", motor, "motor", 0, 1, {
      sigma: 1,
      noise: "uniform",
      noiseMultiplier: 0.1,
      seed: 7,
    }),
    det1: new SynGauss("det1", motor1, "motor1", 0, 5, { sigma: 0.5 }),
    det2: new SynGauss("det2", motor2, "motor2", 1, 2, { sigma: 2 }),
    det3: new SynGauss("det3", motor3, "motor3", -1, 2, { sigma: 1 }),
    det4: new Syn2DGauss("det4", motor1, "motor1", motor2, "motor2", [0, 0], 1, { sigma: 1 }),
    det5: new Syn2DGauss("det5", jitteryMotor1, "jittery_motor1", jitteryMotor2, "jittery_motor2", [0, 0], 1),
    /** Two data keys; only the first is hinted. */
    abDet: new TwoChannelDetector({ name: "ab_det", seed: 13 }),
    detWithCountTime: new CountingDetector({ name: "det_with_count_time", countTime: 0.1 }),
    rand: random("rand", 14),
    rand2: random("rand2", 15),
    signal: new SynSignal(() => 0, { name: "signal" }),
    sig: softSignalRW(t.float, 0, { name: "sig" }),
    boolSig: softSignalRW(t.bool, false, { name: "bool_sig" }),
    /** An image in the event. */
    directImg: new ImageDetector({ name: "direct_img" }),
    /** Images in HDF5 files; what they show follows `motor1` and `motor2`. */
    img: new BlobDetector(
      new StaticPathProvider(new UUIDFilenameProvider(), savePath),
      { x: () => motor1.position, y: () => motor2.position },
      { name: "img", width: 10, height: 10 },
    ),
    pseudo1x3: new PseudoPositioner({
      name: "pseudo1x3",
      axes: ["pseudo1"],
      reals: reals("pseudo1x3"),
      forward: ({ pseudo1 }) => ({ real1: -pseudo1, real2: -pseudo1, real3: -pseudo1 }),
      inverse: ({ real1 }) => ({ pseudo1: -real1 }),
    }),
    pseudo3x3: new PseudoPositioner({
      name: "pseudo3x3",
      axes: ["pseudo1", "pseudo2", "pseudo3"],
      reals: reals("pseudo3x3"),
      forward: ({ pseudo1, pseudo2, pseudo3 }) => ({ real1: -pseudo1, real2: -pseudo2, real3: -pseudo3 }),
      inverse: ({ real1, real2, real3 }) => ({ pseudo1: -real1, pseudo2: -real2, pseudo3: -real3 }),
    }),
    flyer1: parabola("flyer1", 100),
    flyer2: parabola("flyer2", 10),
    /** It is done at once, and its rows have nothing but their times. */
    trivialFlyer: new SynFlyer({ name: "trivial_flyer", numPoints: 100, dwell: 0, columns: {} }),
  };
}

/** It stands up to one unit beyond where it was sent. */
function jittery(name: string, seed: number): SynAxis {
  const jitter = seededRandom(seed);
  return new SynAxis({ name, readback: (position) => position + jitter() });
}

/** A new number from 0 to 1 at each trigger. */
function random(name: string, seed: number): SynSignal {
  return new SynSignal(seededRandom(seed), { name });
}

function reals(name: string) {
  const axis = (key: string): SynAxis => new SynAxis({ name: `${name}_${key}` });
  return { real1: axis("real1"), real2: axis("real2"), real3: axis("real3") };
}

function parabola(name: string, numPoints: number): SynFlyer {
  return new SynFlyer({ name, numPoints, columns: { [`${name}_x`]: (i) => i, [`${name}_y`]: (i) => i * i } });
}
