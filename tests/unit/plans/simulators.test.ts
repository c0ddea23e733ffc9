import { describe, expect, it } from "vitest";
import type { Document } from "../../../src/documents/document.ts";
import { Msg } from "../../../src/engine/msg.ts";
import { count, gridScan, relScan, scan, tuneCentroid } from "../../../src/plans/index.ts";
import { runWrapper, subsWrapper } from "../../../src/plans/preprocessors/index.ts";
import {
  assertMessageAndReturnRemaining,
  checkLimits,
  estimatePlan,
  plotRasterPath,
  RunEngineSimulator,
  summarizePlan,
} from "../../../src/plans/simulators/index.ts";
import * as bps from "../../../src/plans/stubs/index.ts";
import { Bench } from "./support/bench.ts";

/** A bench whose first motor refuses positions above 5. */
function limited(): Bench {
  const bench = new Bench();
  const checkValue = (value: number): void => {
    if (value > 5) throw new RangeError(`m1 can't go to ${value}: its high limit is 5`);
  };
  Object.assign(bench.m1, { checkValue });
  return bench;
}

describe("summarizePlan", () => {
  it("prints a line for each run, move and reading", async () => {
    const { det, m1 } = new Bench();
    const lines: string[] = [];
    await summarizePlan(scan([det], m1, 0, 1, 2), { print: (line) => lines.push(line) });
    expect(lines).toEqual([
      "=================================== Open Run ===================================",
      "m1 -> 0",
      "  Read [det, m1]",
      "m1 -> 1",
      "  Read [det, m1]",
      "================================== Close Run ===================================",
    ]);
  });

  it("takes a plan that does not end for endless", async () => {
    const { det } = new Bench();
    await expect(summarizePlan(count([det], null), { print: () => {}, maxMessages: 100 })).rejects.toThrow(
      /100 messages/,
    );
  });
});

describe("checkLimits", () => {
  it("passes a plan that stays within them, and moves nothing", async () => {
    const { det, m1 } = limited();
    await checkLimits(scan([det], m1, 0, 5, 3));
    expect(m1.setpoint).toBe(3);
  });

  it("throws what the device says of the first position that it refuses", async () => {
    const { det, m1 } = limited();
    await expect(checkLimits(scan([det], m1, 0, 10, 11))).rejects.toThrow("m1 can't go to 6: its high limit is 5");
  });

  it("checks a relative plan from where the motor is", async () => {
    const { det, m1 } = limited();
    await checkLimits(relScan([det], m1, 0, 2, 2));
    await expect(checkLimits(relScan([det], m1, 0, 2.5, 2))).rejects.toThrow("m1 can't go to 5.5");
  });
});

describe("plotRasterPath", () => {
  it("tells where both motors are at each event", async () => {
    const { det, m1, m2 } = new Bench();
    const path = await plotRasterPath(gridScan([det], m1, 0, 1, 2, m2, 0, 2, 2, { snakeAxes: true }), "m2", "m1");
    expect(path).toEqual({ x: [0, 2, 2, 0], y: [0, 0, 1, 1] });
  });
});

describe("estimatePlan", () => {
  it("counts points, documents and messages, and the travel of each motor", async () => {
    const { det, m1, m2 } = new Bench();
    const estimate = await estimatePlan(gridScan([det], m1, 0, 1, 2, m2, 0, 2, 3, { snakeAxes: true }));
    expect(estimate).toMatchObject({ runs: 1, points: 6, events: { primary: 6 }, documents: 9 });
    expect(estimate.travel).toEqual({
      m1: { moves: 2, distance: 1, min: 0, max: 1 },
      m2: { moves: 5, distance: 4, min: 0, max: 2 },
    });
    expect(estimate.unknown).toEqual(["m1", "m2", "det"]);
  });

  it("adds up moves that run at once, exposures and delays", async () => {
    const { det, m1, m2 } = new Bench();
    const times = { velocityOf: (motor: unknown) => (motor === m1 ? 1 : 10), exposureOf: () => 0.5 };
    const moving = await estimatePlan(scan([det], m1, 0, 4, m2, 0, 10, 3), { ...times, positionOf: () => 0 });
    expect(moving.seconds).toBeCloseTo(4 + 3 * 0.5);
    const counting = await estimatePlan(runWrapper(bps.repeat(() => bps.sleep(2), 1)), times);
    expect(counting.seconds).toBe(2);
  });

  it("keeps runs that are open at once apart", async () => {
    const { det } = new Bench();
    const inRun =
      (run: string) =>
      (command: string, obj: unknown = null) =>
        new Msg(command, obj, [], {}, run);
    function* point(run: string): Generator<Msg, void, never> {
      for (const command of ["create", "read", "save"]) yield inRun(run)(command, command === "read" ? det : null);
    }
    async function* plan(): AsyncGenerator<Msg, void, never> {
      for (const run of ["a", "b"]) yield inRun(run)("open_run");
      for (const run of ["a", "b"]) yield* point(run);
      yield inRun("a")("close_run");
      yield* point("b");
      yield inRun("b")("close_run");
    }
    expect(await estimatePlan(plan())).toMatchObject({ runs: 2, points: 3, documents: 2 + 2 + 3 + 2 });
  });

  it("tells where several motors are that are asked for at once", async () => {
    const { m1, m2 } = new Bench();
    let located: unknown;
    async function* plan(): AsyncGenerator<Msg, void, never> {
      located = yield* bps.locate(m1, m2);
    }
    await estimatePlan(plan(), { positionOf: (motor) => (motor === m1 ? 1 : 2) });
    expect(located).toEqual([
      { setpoint: 1, readback: 1 },
      { setpoint: 2, readback: 2 },
    ]);
  });

  it("answers a plan that needs readings as it is told to", async () => {
    const { det, m1 } = new Bench();
    const answer = (msg: { command: string; obj: any }) =>
      msg.command === "read" ? { [msg.obj.name]: { value: 1, timestamp: 0 } } : undefined;
    const estimate = await estimatePlan(tuneCentroid([det], "det", m1, 0, 3, 0.9, 4), { answer });
    expect(estimate.points).toBe(4);
  });
});

describe("RunEngineSimulator", () => {
  it("answers with what its handlers say, the newest first", async () => {
    const { det, m1 } = new Bench();
    const simulator = new RunEngineSimulator();
    simulator.addReadHandlerFor(det, 7);
    simulator.addHandler("locate", () => ({ setpoint: 2, readback: 2.5 }), "m1");
    simulator.addHandler("locate", () => ({ setpoint: 9, readback: 9 }), "m2");
    async function* plan(): AsyncGenerator<any, number, never> {
      const readings = yield* bps.triggerAndRead([det]);
      return (readings as Record<string, any>).det.value + (yield* bps.rd(m1));
    }
    const messages = await simulator.simulatePlan(plan());
    expect(simulator.returnValue).toBe(9.5);
    const rest = assertMessageAndReturnRemaining(messages, (msg) => msg.command === "create");
    expect(rest.map((msg) => msg.command)).toEqual(["create", "read", "save", "locate"]);
    expect(() => assertMessageAndReturnRemaining(rest, (msg) => msg.command === "set")).toThrow(
      /create, read det, save/,
    );
  });

  it("sends documents to what the plan subscribes", async () => {
    const seen: Document[] = [];
    const simulator = new RunEngineSimulator();
    simulator.addHandlerForCallbackSubscribes();
    simulator.addCallbackHandlerForMultiple("null", [[["start", { uid: "a" }]], [["stop", { uid: "b" }]]]);
    async function* plan(): AsyncGenerator<any, void, never> {
      yield* bps.null();
      yield* bps.null();
    }
    await simulator.simulatePlan(subsWrapper(plan(), { stop: (document) => seen.push(document) }));
    expect(seen).toEqual([{ name: "stop", doc: { uid: "b" } }]);
  });
});
