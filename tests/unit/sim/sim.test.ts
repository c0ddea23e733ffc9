import { describe, expect, it } from "vitest";
import type { Progress } from "../../../src/devices/index.ts";
import { hw, poisson, Syn2DGauss, SynAxis, SynFlyer, SynGauss, seededRandom } from "../../../src/sim/index.ts";
import { motionProfile } from "../../../src/sim/motion-profile.ts";

describe("a simulated axis", () => {
  it("is there at once by default, and reads position and setpoint", () => {
    const axis = new SynAxis({ name: "m" });
    expect(axis.set(3).success).toBe(true);
    expect(axis.read()).toMatchObject({ m: { value: 3 }, m_setpoint: { value: 3 } });
    expect(Object.keys(axis.describe())).toEqual(["m", "m_setpoint"]);
  });

  it("takes its time at a velocity, tells where it is, and reports progress", async () => {
    const axis = new SynAxis({ name: "m", velocity: 50, units: "mm" });
    const positions: number[] = [];
    axis.subscribe((readings) => positions.push(readings.m?.value ?? Number.NaN));
    const reports: Progress[] = [];
    const move = axis.set(5);
    move.watch((progress) => reports.push(progress));
    expect(axis.moving).toBe(true);
    await move.wait();
    expect(axis.moving).toBe(false);
    expect(positions[0]).toBe(0);
    expect(positions.at(-1)).toBe(5);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(positions.length).toBeGreaterThan(2);
    expect(reports[0]).toMatchObject({ initial: 0, target: 5, unit: "mm" });
  });

  it("speeds up and brakes by its acceleration, and is slower on short ways", async () => {
    const profile = motionProfile(10, 4, 8);
    expect(profile.seconds).toBe(3);
    expect([0, 0.5, 1.5, 2.5, 3, 9].map((at) => 10 * profile.covered(at))).toEqual([0, 1, 5, 9, 10, 10]);
    expect(motionProfile(2, 100, 8).seconds).toBe(1);
    expect(motionProfile(2, 100, 8).covered(0.5)).toBe(0.5);
    expect(motionProfile(10, 4, Number.POSITIVE_INFINITY).covered(1)).toBe(0.4);
    const axis = new SynAxis({ name: "m", velocity: 100, acceleration: 800 });
    const started = performance.now();
    await axis.set(2).wait();
    expect(performance.now() - started).toBeGreaterThan(95);
    expect(() => new SynAxis({ name: "m", acceleration: 0 })).toThrow("m: the acceleration must be above 0, not 0");
  });

  it("stands where it was stopped, and its move fails", async () => {
    const axis = new SynAxis({ name: "m", velocity: 1 });
    const move = axis.set(100);
    axis.stop();
    await expect(move.wait()).rejects.toThrow("Device m was stopped.");
    expect(axis.position).toBeLessThan(1);
    const other = axis.set(100);
    axis.stop({ success: true });
    await other.wait();
    expect(axis.position).toBeLessThan(1);
  });

  it("fails the move that another one replaces", async () => {
    const axis = new SynAxis({ name: "m", velocity: 1000 });
    const first = axis.set(100);
    const second = axis.set(1);
    await expect(first.wait()).rejects.toThrow("m was redirected to 1 on its way to 100");
    await second.wait();
    expect(axis.position).toBe(1);
  });

  it("refuses what is beyond its limits", async () => {
    const axis = new SynAxis({ name: "m", limits: [-1, 1] });
    await expect(axis.set(2).wait()).rejects.toThrow("m can't move to 2: its limits are -1 and 1");
    expect(() => axis.checkValue(Number.NaN)).toThrow("m can't move to NaN");
  });
});

describe("a simulated detector", () => {
  it("sees the peak in the motor's position when it is triggered", () => {
    const motor = new SynAxis({ name: "motor" });
    const det = new SynGauss("det", motor, "motor", 1, 10, { sigma: 2 });
    expect(det.read().det?.value).toBe(0);
    motor.set(1);
    expect(det.trigger().success).toBe(true);
    expect(det.read().det?.value).toBe(10);
    motor.set(3);
    expect(det.read().det?.value).toBe(10);
    det.trigger();
    expect(det.read().det?.value).toBeCloseTo(10 * Math.exp(-0.5), 12);
  });

  it("sees a peak in the positions of two motors", async () => {
    const [x, y] = [new SynAxis({ name: "x", value: 1 }), new SynAxis({ name: "y", value: -1 })];
    const det = new Syn2DGauss("det", x, "x", y, "y", [1, 0], 10, { sigma: 0.5 });
    await det.trigger().wait();
    expect(det.read().det?.value).toBeCloseTo(10 * Math.exp(-2), 12);
    y.set(0);
    await det.trigger().wait();
    expect(det.read().det?.value).toBe(10);
    const noisy = async () => {
      const one = new Syn2DGauss("n", x, "x", y, "y", [1, 0], 1000, { noise: "poisson", seed: 3 });
      await one.trigger().wait();
      return one.read().n;
    };
    const values = await Promise.all([noisy(), noisy()]);
    expect(values[0]?.value).toBe(values[1]?.value);
    expect(values[0]?.value).not.toBe(1000);
    await expect(new Syn2DGauss("d", x, "z", y, "y", [0, 0], 1).trigger().wait()).rejects.toThrow('x has no field "z"');
  });

  it("takes its exposure time", async () => {
    const det = new SynGauss("det", new SynAxis({ name: "m" }), "m", 0, 1, { exposureTime: 0.02 });
    const trigger = det.trigger();
    expect(trigger.done).toBe(false);
    await trigger.wait();
    expect(det.read().det?.value).toBe(1);
  });

  it("names the field that its motor has not got", () => {
    const det = new SynGauss("det", new SynAxis({ name: "m" }), "motor", 0, 1);
    expect(() => det.trigger()).toThrow('det: m has no field "motor"');
  });

  it("has the same noise for the same seed", () => {
    const counts = (seed: number) => {
      const det = new SynGauss("det", new SynAxis({ name: "m" }), "m", 0, 100, { noise: "poisson", seed });
      return Array.from({ length: 20 }, () => {
        det.trigger();
        return det.read().det?.value;
      });
    };
    expect(counts(5)).toEqual(counts(5));
    expect(counts(5)).not.toEqual(counts(6));
  });
});

describe("the noise", () => {
  it.each([0.5, 20, 400])("has a mean and a variance of %d", (mean) => {
    const random = seededRandom(3);
    const draws = Array.from({ length: 20_000 }, () => poisson(mean, random));
    const average = draws.reduce((sum, value) => sum + value, 0) / draws.length;
    const variance = draws.reduce((sum, value) => sum + (value - average) ** 2, 0) / draws.length;
    expect(Math.abs(average / mean - 1)).toBeLessThan(0.03);
    expect(Math.abs(variance / mean - 1)).toBeLessThan(0.06);
  });
});

describe("a simulated flyer", () => {
  it("takes points times dwell and gives one page with increasing times", async () => {
    const flyer = new SynFlyer({ name: "fly", numPoints: 5, dwell: 0.002, columns: { x: (i) => i * 2 } });
    expect(() => flyer.complete()).toThrow("fly: kickoff() must be called before complete()");
    await flyer.kickoff().wait();
    await flyer.complete().wait();
    const [page] = [...flyer.collectPages()];
    expect(Array.from(page?.data.x ?? [])).toEqual([0, 2, 4, 6, 8]);
    const times = Array.from(page?.time ?? []);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(Object.keys(flyer.describeCollect())).toEqual(["fly"]);
  });
});

describe("hw()", () => {
  it("gives fresh devices under bluesky's names each time", () => {
    const first = hw();
    first.motor.set(5);
    expect(hw().motor.position).toBe(0);
    expect([first.det.name, first.motor1.name, first.noisyDet.name]).toEqual(["det", "motor1", "noisy_det"]);
  });
});
