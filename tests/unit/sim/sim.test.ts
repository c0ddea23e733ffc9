import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Progress } from "../../../src/devices/index.ts";
import { RunEngine } from "../../../src/index.ts";
import { count, fly } from "../../../src/plans/index.ts";
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
    const { identicalDet, ...others } = first;
    const names = Object.values(others).map(({ name }) => name);
    expect(names).toEqual(
      Object.keys(others).map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)),
    );
    expect(identicalDet.name).toBe("det");
  });

  const valuesIn = async (detectors: readonly any[], num = 1): Promise<Record<string, any>[]> => {
    const events: Record<string, any>[] = [];
    const engine = new RunEngine();
    engine.subscribe(({ name, doc }) => void (name === "event" && events.push(doc.data)));
    await engine.run(count(detectors, num));
    return events;
  };

  it("has detectors with a peak in each motor, and random ones that repeat", async () => {
    const { det3, det5, motor3, jitteryMotor1, jitteryMotor2, rand, rand2, abDet, signal, directImg } = hw();
    motor3.set(-1);
    jitteryMotor1.set(3);
    jitteryMotor2.set(4);
    expect(jitteryMotor1.position).toBeGreaterThan(3);
    expect(jitteryMotor1.position).toBeLessThan(4);
    expect(jitteryMotor1.locate()).toEqual({ setpoint: 3, readback: jitteryMotor1.position });
    const events = await valuesIn([det3, det5, rand, rand2, abDet, signal, directImg], 2);
    const away = jitteryMotor1.position ** 2 + jitteryMotor2.position ** 2;
    expect(events[0]).toMatchObject({ det3: 2, det5: Math.exp(-away / 2), signal: 0 });
    expect(events[0]?.["direct_img-image"]).toEqual(Array(10).fill(new Float64Array(10).fill(1)));
    expect(await directImg.describe()).toMatchObject({ "direct_img-image": { shape: [10, 10], dtype_numpy: "<f8" } });
    for (const key of ["rand", "rand2", "ab_det-a", "ab_det-b"]) expect(events[0]?.[key]).not.toBe(events[1]?.[key]);
    expect(abDet.hints).toEqual({ fields: ["ab_det-a"] });
    const again = hw();
    expect(await valuesIn([again.rand, again.rand2, again.abDet], 2)).toMatchObject(
      events.map((one) => ({ rand: one.rand, rand2: one.rand2, "ab_det-b": one["ab_det-b"] })),
    );
  });

  it("has a detector that counts for as long as it is told, and can be stopped on the way", async () => {
    const { detWithCountTime: det } = hw();
    await det.countTime.set(0.02).wait();
    const begun = performance.now();
    expect(await valuesIn([det])).toEqual([{ "det_with_count_time-counts": 20 }]);
    expect(performance.now() - begun).toBeGreaterThan(19);
    expect(await det.readConfiguration()).toMatchObject({ "det_with_count_time-countTime": { value: 0.02 } });
    await det.countTime.set(60).wait();
    const trigger = det.trigger();
    setTimeout(() => trigger.cancel(new Error("enough")), 5);
    await expect(trigger.wait()).rejects.toThrow("enough");
  });

  it("has pseudo axes of one and of three, on real axes of their own", async () => {
    const { pseudo1x3, pseudo3x3 } = hw();
    await pseudo1x3.set({ pseudo1: 2 }).wait();
    expect(await valuesIn([pseudo1x3])).toEqual([{ "pseudo1x3-pseudo1": 2 }]);
    await pseudo3x3.axes.pseudo2.set(5).wait();
    expect((await pseudo3x3.locate()).readback).toEqual({ pseudo1: -0, pseudo2: 5, pseudo3: -0 });
  });

  it("has a camera whose files lie where they are asked for, and signals to write to", async () => {
    const savePath = await mkdtemp(join(tmpdir(), "hw-"));
    try {
      const { img, sig, boolSig } = hw({ savePath });
      const [event] = await valuesIn([img, sig, boolSig]);
      expect(event).toMatchObject({ sig: 0, bool_sig: false });
      expect(await readdir(savePath)).toEqual([expect.stringMatching(/\.h5$/)]);
      await sig.set(2.5).wait();
      await boolSig.set(true).wait();
      expect([await sig.get(), await boolSig.get()]).toEqual([2.5, true]);
    } finally {
      await rm(savePath, { recursive: true, force: true });
    }
  });

  it("has flyers of differing lengths, and one without data", async () => {
    const { flyer1, flyer2, trivialFlyer } = hw();
    const rows = new Map<string, number>();
    const engine = new RunEngine();
    engine.subscribe(({ name, doc }) => {
      if (name !== "event_page") return;
      rows.set(Object.keys(doc.data).join(), doc.time.length);
      const [xs, ys] = Object.values(doc.data).map((column) => Array.from(column as ArrayLike<number>));
      expect(ys).toEqual(xs?.map((x) => x ** 2));
    });
    await engine.run(fly([flyer1, flyer2, trivialFlyer]));
    expect(Object.fromEntries(rows)).toEqual({ "flyer1_x,flyer1_y": 100, "flyer2_x,flyer2_y": 10, "": 100 });
  });
});
