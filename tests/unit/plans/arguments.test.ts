import { describe, expect, it } from "vitest";
import * as bp from "../../../src/plans/index.ts";
import * as bps from "../../../src/plans/stubs/index.ts";
import { Bench, runPlan } from "./support/bench.ts";

const { det, m1, m2, flyer } = new Bench();
const area = [m1, m2, 0, 0, 1, 1] as const;

const WRONG: [what: string, call: () => unknown, error: RegExp][] = [
  ["a detector that is not in a list", () => bp.count(det as never), /count: the detectors must be a list .* not det/],
  ["a detector that is no device", () => bp.count([det, "det2"]), /count: detector 2 \("det2"\) is no device/],
  ["a detector that can't be read", () => bp.scan([{ name: "x" }], m1, 0, 1, 2), /scan: detector 1 \(x\)/],
  ["half a reading", () => bp.count([det], 1.5), /count: num must be a whole number.*1\.5/],
  ["a negative delay", () => bp.count([det], 2, { delay: -1 }), /count: delay/],
  ["too few delays", () => bp.count([det], 4, { delay: [1, 2] }), /count: num = 4 needs 3 delays, got 2/],
  ["a misspelled option", () => bp.count([det], 1, { dealy: 1 } as never), /count: there is no option "dealy".*delay/],
  ["a perShot that is no function", () => bp.count([det], 1, { perShot: 3 as never }), /count: perShot/],
  ["a motor given by its name", () => bp.scan([det], "m1", 0, 1, 2), /scan: expected a motor .* got "m1"/],
  ["a detector in a motor's place", () => bp.scan([det], det, 0, 1, 2), /scan: expected a motor .* got det/],
  ["a start that is not a number", () => bp.scan([det], m1, Number.NaN, 1, 2), /scan: the start of m1 .* got NaN/],
  ["an endless stop", () => bp.scan([det], m1, 0, Number.POSITIVE_INFINITY, 2), /scan: the stop of m1/],
  ["a missing number of points", () => bp.scan([det], m1, 0, 1), /scan: .* is the number of points missing/],
  ["a step size for a number of points", () => bp.scan([det], m1, 0, 1, 0.1), /scan: num .*whole.*0\.1/],
  ["no points", () => bp.relScan([det], m1, 0, 1, 0), /relScan: num/],
  ["a motor twice in one scan", () => bp.scan([det], m1, 0, 1, m1, 0, 1, 2), /m1 .*only once/],
  ["lists of different lengths", () => bp.listScan([det], m1, [1, 2], m2, [1]), /listScan: .*m1: 2, m2: 1/],
  ["an empty list", () => bp.listScan([det], m1, []), /listScan: .*m1 is empty/],
  ["a list with a hole", () => bp.listScan([det], m1, [1, undefined]), /listScan: m1 can't be sent to undefined/],
  ["a motor without a list", () => bp.listScan([det], m1), /listScan: expected motor, list of points/],
  ["a grid with a number missing", () => bp.gridScan([det], m1, 0, 1, 2, m2, 0, 1), /gridScan: expected motor, start/],
  ["a motor twice in a grid", () => bp.gridScan([det], m1, 0, 1, 2, m1, 0, 1, 2), /gridScan: m1 is given twice/],
  [
    "the slowest motor snaking",
    () => bp.gridScan([det], m1, 0, 1, 2, m2, 0, 1, 2, { snakeAxes: [m1] }),
    /gridScan: m1 is the slowest/,
  ],
  [
    "a snaking motor that is not scanned",
    () => bp.gridScan([det], m1, 0, 1, 2, { snakeAxes: [m2] }),
    /gridScan: snakeAxes has m2/,
  ],
  [
    "snaking given twice",
    () => bp.gridScan([det], m1, 0, 1, 2, m2, 0, 1, 2, true, { snakeAxes: true }),
    /gridScan: snaking is given both/,
  ],
  [
    "snakeAxes that are no list",
    () => bp.gridScan([det], m1, 0, 1, 2, { snakeAxes: 1 }),
    /gridScan: snakeAxes must be/,
  ],
  ["one motor for a spiral", () => bp.spiral([det], m1, m1, 0, 0, 1, 1, 0.1, 4), /two motors/],
  ["rings that lie on each other", () => bp.spiral([det], ...area, 0, 4), /spiral: dr must be more than 0/],
  ["a grid of one column", () => bp.spiralSquare([det], ...area, 1, 4), /spiralSquare: xNum .*at least 2/],
  [
    "steps from large to small",
    () => bp.adaptiveScan([det], "det", m1, 0, 1, 1, 0.1, 5, true),
    /adaptiveScan: minStep/,
  ],
  ["a step factor that widens", () => bp.tuneCentroid([det], "det", m1, 0, 1, 0.1, 5, 0.5), /tuneCentroid: stepFactor/],
  ["a motor that can't fly", () => bp.fly([flyer, m1]), /fly: flyer 2 \(m1\) can't fly/],
  ["a perStep that is no function", () => bp.scan([det], m1, 0, 1, 2, { perStep: 5 }), /scan: perStep must be/],
  [
    "a perStep with too few parameters",
    () => bp.scan([det], m1, 0, 1, 2, { perStep: (_: unknown) => [] }),
    /takes \(_\)/,
  ],
  [
    "a perStep with too many",
    () => bp.scan([det], m1, 0, 1, 2, { perStep: (_a: 1, _b: 1, _c: 1, _d: 1) => [] }),
    /scan: perStep must take/,
  ],
  [
    "a perStep for one motor with two",
    () => bp.scan([det], m1, 0, 1, m2, 0, 1, 2, { perStep: (_detectors: 1, _motor: 1, _step: 1) => [] }),
    /for one motor, but 2 are scanned/,
  ],
];

describe("a plan is refused when it is called", () => {
  it.each(WRONG)("with %s", (_what, call, error) => {
    expect(call).toThrow(error);
  });
});

describe("a stub is refused before it sends anything", () => {
  it("with a motor and no position", async () => {
    const { messages, error } = await runPlan((bps.mv as (...args: any[]) => bps.Many<unknown>)(m1));
    expect(messages).toEqual([]);
    expect(String(error)).toMatch(/mv: expected motor, position/);
  });

  it("with NaN for a position, as no motor can reach it", async () => {
    const { messages, error } = await runPlan(bps.mv(m1, 1, m2, Number.NaN));
    expect(messages).toEqual([]);
    expect(String(error)).toMatch(/mv: m2 can't be sent to NaN/);
  });

  it("with one motor twice", async () => {
    expect(String((await runPlan(bps.mv(m1, 1, m1, 2))).error)).toMatch(/mv: m1 is given twice/);
  });

  it("with a device that can't fly", async () => {
    expect(String((await runPlan(bps.kickoffAll(det))).error)).toMatch(/kickoffAll: det is no flyer/);
  });
});

describe("a step function", () => {
  it("is taken for one motor by its parameter of that name", async () => {
    const steps: unknown[] = [];
    async function* perStep(_detectors: unknown, motor: typeof m1, step: number) {
      steps.push([motor.name, step]);
      yield* bps.null();
    }
    await runPlan(bp.scan([det], m1, 0, 1, 2, { perStep }));
    expect(steps).toEqual([
      ["m1", 0],
      ["m1", 1],
    ]);
  });

  it("gets all motors' positions and the cache of the last ones otherwise", async () => {
    const steps: unknown[] = [];
    const perStep = (_detectors: unknown, step: bps.Step, posCache: bps.PosCache) => {
      steps.push(
        [...step].map(([motor, position]) => [motor.name, position]),
        posCache.size,
      );
      return bps.movePerStep(step, posCache);
    };
    await runPlan(bp.scan([det], m1, 0, 1, m2, 5, 6, 2, { perStep }));
    expect(steps).toEqual([
      [
        ["m1", 0],
        ["m2", 5],
      ],
      0,
      [
        ["m1", 1],
        ["m2", 6],
      ],
      2,
    ]);
  });

  it("that returns no plan fails the run with an error that says so", async () => {
    const perStep = (_detectors: unknown, _step: unknown, _posCache: unknown) => undefined;
    const { error, messages } = await runPlan(bp.scan([det], m1, 0, 1, 2, { perStep }));
    expect(String(error)).toMatch(/scan: perStep must be a generator function.* undefined/);
    expect(messages.at(-3)?.kwargs).toMatchObject({ exitStatus: "fail" });
  });
});

describe("readings that a plan needs", () => {
  it("are asked for by name when the field is not there", async () => {
    const bench = new Bench();
    const { error } = await bench.run(bp.tuneCentroid([bench.det], "dett", bench.m1, 0, 1, 0.1));
    expect(String(error)).toMatch(/tuneCentroid: signal "dett" is not among the fields read: det, m1/);
  });
});
