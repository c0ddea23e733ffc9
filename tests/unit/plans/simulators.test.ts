import { describe, expect, it, vi } from "vitest";
import { PseudoPositioner } from "../../../src/devices/index.ts";
import type { Flyable, Movable, Preparable, Readable } from "../../../src/devices/protocols.ts";
import type { Document } from "../../../src/documents/document.ts";
import { Msg, type PlanLike } from "../../../src/engine/msg.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { count, fly, gridScan, listScan, relScan, scan, tuneCentroid } from "../../../src/plans/index.ts";
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
import { hw, SynAxis, SynFlyer } from "../../../src/sim/index.ts";
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

/** Two axes that are computed from two motors. */
function turned() {
  const { motor1, motor2, det } = hw();
  const table = new PseudoPositioner({
    name: "table",
    axes: ["x", "y"],
    reals: { a: motor1, b: motor2 },
    forward: ({ x, y }: { x: number; y: number }) => ({ a: x + y, b: x - y }),
    inverse: ({ a, b }: { a: number; b: number }) => ({ x: (a + b) / 2, y: (a - b) / 2 }),
  });
  return { table, ...table.axes, motor1, motor2, det };
}

/** The documents that the engine really makes of a plan, monitored events excepted. */
async function documentsOf(plan: PlanLike<unknown>): Promise<Document[]> {
  const documents: Document[] = [];
  const engine = new RunEngine();
  engine.subscribe((document) => void documents.push(document));
  await engine.run(plan);
  return documents;
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

  it("follows two axes of one pseudo positioner, which move together", async () => {
    const { x, y, det } = turned();
    const path = await plotRasterPath(listScan([det], x, [1, 2], y, [3, 4]), x.name, y.name);
    expect(path).toEqual({ x: [1, 2], y: [3, 4] });
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

  it.each<[string, () => PlanLike<unknown>]>([
    ["a count", () => count([hw().det], 3)],
    ["a grid", () => gridScan([hw().det1], hw().motor1, 0, 1, 3, hw().motor2, 0, 1, 2)],
    ["a fly scan", () => fly([hw().flyer1])],
    ["a flyer that nobody collects from", () => abandonedFlight(hw().flyer1)],
    ["a detector that is configured in mid-run", () => reconfigured(new Configurable({ name: "camera" }))],
    ["a run that is never closed", () => openEnded(hw().det)],
  ])("counts the documents and points of %s as the engine makes them", async (_, plan) => {
    const estimate = await estimatePlan(plan(), { askDevices: true });
    const documents = await documentsOf(plan());
    const rows = documents.map(({ name, doc }) =>
      name === "event_page" ? doc.seq_num.length : Number(name === "event"),
    );
    expect(estimate.documents).toBe(documents.length);
    expect(estimate.points).toBe(rows.reduce((sum, each) => sum + each, 0));
  });

  it("takes a flight for as long as its points take", async () => {
    const flyer = new SynFlyer({ name: "flyer", numPoints: 20, dwell: 0.5, columns: { y: (i) => i } });
    const estimate = await estimatePlan(fly([flyer]));
    expect(estimate).toMatchObject({ seconds: 10, events: { flyer: 20 }, unknown: [] });
  });

  it("takes what devices were prepared for: exposures, points and sweeps", async () => {
    const { m1, flyer } = new Bench();
    const sweeper = preparable(Object.assign(m1, { kickoff: done, complete: done }));
    async function* plan(): AsyncGenerator<Msg, void, never> {
      yield* bps.openRun();
      yield* bps.prepare(preparable(flyer), { livetime: 0.4, deadtime: 0.1, numberOfEvents: [3, 5] }, { wait: true });
      yield* bps.prepare(sweeper, { startPosition: 1, endPosition: 5, timeForMove: 6 }, { wait: true });
      yield* bps.kickoffAll(sweeper, flyer, { wait: true });
      yield* bps.completeAll(sweeper, flyer, { wait: true });
      yield* bps.collect(flyer, { name: "flown" });
      yield* bps.closeRun();
    }
    const estimate = await estimatePlan(plan(), { positionOf: () => 0, velocityOf: () => 1 });
    expect(estimate).toMatchObject({ seconds: 1 + 6, events: { flown: 8 }, unknown: [] });
    expect(estimate.travel.m1).toEqual({ moves: 2, distance: 5, min: 1, max: 5 });
  });

  it("says which flyers measure nobody knows how much", async () => {
    const { flyer } = new Bench();
    expect((await estimatePlan(fly([flyer]))).unknown).toEqual(["flyer"]);
    const told = await estimatePlan(fly([flyer]), { flightOf: () => ({ points: 7, seconds: 2 }) });
    expect(told).toMatchObject({ points: 7, seconds: 2, unknown: [] });
  });

  it("follows the axes of a pseudo positioner, and takes the time of the slowest", async () => {
    const { x, y, det } = turned();
    const speeds = { velocityOf: (axis: unknown) => (axis === x ? 1 : 4), positionOf: () => 0 };
    const estimate = await estimatePlan(listScan([det], x, [1, 3], y, [4, 0]), speeds);
    expect(estimate.travel).toEqual({
      [x.name]: { moves: 2, distance: 3, min: 1, max: 3 },
      [y.name]: { moves: 2, distance: 8, min: 0, max: 4 },
    });
    expect(estimate.seconds).toBe(1 + 2);
  });

  it("does not know how long it takes to set what is no number", async () => {
    const { m1 } = new Bench();
    const plan = async function* (): AsyncGenerator<Msg, void, never> {
      yield* bps.absSet(m1 as Movable<any>, "open", { wait: true });
    };
    const estimate = await estimatePlan(plan(), { velocityOf: () => 1 });
    expect(estimate).toMatchObject({ travel: {}, seconds: 0, unknown: ["m1"] });
  });

  it("asks devices for what they keep in signals, once each, and only when it may", async () => {
    const { det, m1 } = new Bench();
    const get = vi.fn(async () => 2);
    const broken = async () => {
      throw new Error("not connected");
    };
    Object.assign(m1, { velocity: { get }, locate: async () => ({ setpoint: 1, readback: 1 }) });
    Object.assign(det, { acquireTime: { get: broken } });
    const asked = await estimatePlan(scan([det], m1, 3, 7, 3), { askDevices: true });
    expect(asked).toMatchObject({ seconds: 3, unknown: ["det"] });
    expect(get).toHaveBeenCalledOnce();
    const unasked = await estimatePlan(scan([det], m1, 3, 7, 3));
    expect(unasked).toMatchObject({ seconds: 0, unknown: ["m1", "det"] });
    expect(get).toHaveBeenCalledOnce();
  });

  it("answers a plan that needs readings as it is told to", async () => {
    const { det, m1 } = new Bench();
    const answer = (msg: { command: string; obj: any }) =>
      msg.command === "read" ? { [msg.obj.name]: { value: 1, timestamp: 0 } } : undefined;
    const estimate = await estimatePlan(tuneCentroid([det], "det", m1, 0, 3, 0.9, 4), { answer });
    expect(estimate.points).toBe(4);
  });
});

const done = async (): Promise<void> => {};

function preparable<T extends { readonly name: string }>(device: T): T & Preparable {
  return Object.assign(device, { prepare: done });
}

async function* abandonedFlight(flyer: Flyable): AsyncGenerator<Msg, void, never> {
  yield* bps.openRun();
  yield* bps.kickoff(flyer, { wait: true });
  yield* bps.complete(flyer, { wait: true });
}

class Configurable extends SynAxis {
  configure(): readonly [object, object] {
    return [{}, {}];
  }
}

async function* reconfigured(camera: Configurable): AsyncGenerator<Msg, void, never> {
  yield* bps.openRun();
  yield* bps.triggerAndRead([camera]);
  yield* bps.configure(camera, {});
  yield* bps.triggerAndRead([camera], "other");
  yield* bps.closeRun();
}

async function* openEnded(det: Readable): AsyncGenerator<Msg, void, never> {
  yield* bps.openRun();
  yield* bps.triggerAndRead([det]);
}

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
