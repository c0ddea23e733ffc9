import { describe, expect, it } from "vitest";
import { Msg, type Plan, type PlanLike } from "../../../src/engine/msg.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { listScan, scan } from "../../../src/plans/index.ts";
import * as bps from "../../../src/plans/stubs/index.ts";
import { Detector, Motor } from "./fixtures/devices.ts";
import { count } from "./fixtures/plans.ts";
import { message, record } from "./fixtures/record.ts";

const motor = new Motor("m1");
const det = new Detector("det1");
const used = count(det, 1);

/** What is given to the engine, and what its error must say: the culprit, and what is wrong with it. */
const MISTAKES: readonly (readonly [what: string, run: (engine: RunEngine) => Promise<unknown>, says: RegExp])[] = [
  ["a plan that yields no message", (engine) => engine.run(yields(42)), /plan "yielding" yielded number 42/],
  [
    "a plan that yields a plan",
    (engine) => engine.run(yields(scan([det], motor, 0, 1, 2))),
    /"yielding" yielded.*yield\*/,
  ],
  ["a list with a plan in it", (engine) => engine.run([scan([det], motor, 0, 1, 2)] as any), /yielded.*yield\*/],
  ["a generator for the second time", (engine) => engine.run(used).then(() => engine.run(used)), /runs once.*function/],
  ["an unknown command", (engine) => engine.run([new Msg("wiggle", motor)]), /"wiggle" is not a command/],
  [
    "a device that can't be set",
    (engine) => engine.run([new Msg("set", det, [1])]),
    /"set" needs a Movable device; det1 lacks set/,
  ],
  [
    "a device that can't be read",
    (engine) => engine.run([new Msg("read", { name: "lamp" })]),
    /"read".*lamp lacks read/,
  ],
  ["no device at all", (engine) => engine.run([new Msg("trigger")]), /"trigger" needs.*nothing at all/],
  ["a move to NaN", (engine) => engine.run([new Msg("set", motor, [Number.NaN])]), /"set" of m1 to NaN is refused/],
  ["a move to NaN of a stub", (engine) => engine.run(() => bps.mv(motor, Number.NaN)), /mv: m1 can't be sent to NaN/],
  [
    "a move to NaN among others",
    (engine) => engine.run(() => bps.mv(new Motor(), 1, motor, Number.NaN)),
    /m1 can't be sent/,
  ],
  ["a scan to NaN", (engine) => engine.run(() => scan([det], motor, 0, Number.NaN, 3)), /scan: .*NaN/],
  [
    "a scan with an argument too few",
    (engine) => engine.run(() => scan([det], motor, 0, 1)),
    /scan: expected motor, start, stop/,
  ],
  [
    "lists of positions that are not equally long",
    (engine) => engine.run(() => listScan([det], motor, [1, 2], new Motor("m2"), [1])),
    /listScan: .*(2|1)/,
  ],
  [
    "a perStep with the wrong shape",
    (engine) => engine.run(() => scan([det], motor, 0, 1, 2, { perStep: (_: unknown) => [] })),
    /scan: perStep must take/,
  ],
  [
    "detectors that are no list",
    (engine) => engine.run(() => scan(det as any, motor, 0, 1, 2)),
    /scan: the detectors must be a list/,
  ],
  ["something that is no plan", (engine) => engine.run(42 as any), /run takes a plan.*42/],
  [
    "an async function instead of a generator",
    (engine) => engine.run((async () => {}) as any),
    /run takes a plan.*a promise/,
  ],
  [
    "a resume of an idle engine",
    (engine) => engine.resume(),
    /resume: the engine is "idle".*"running" only from "paused"/,
  ],
  ["a pause of an idle engine", (engine) => engine.pause(), /from "idle" to "pausing"/],
  ["a stop of an idle engine", (engine) => engine.stop(), /from "idle" to "stopping"/],
  ["an abort of an idle engine", (engine) => engine.abort(), /from "idle" to "aborting"/],
  ["a halt of an idle engine", (engine) => engine.halt(), /from "idle" to "halting"/],
];

function yields(what: unknown): () => PlanLike {
  return async function* yielding(): Plan {
    yield what as Msg;
  };
}

describe("an engine that is given", () => {
  it.each(MISTAKES)("%s says so before anything moves, and can be used after", async (_, run, says) => {
    const engine = new RunEngine();
    const { documents } = record(engine);
    await expect(run(engine)).rejects.toThrow(says);
    expect(engine.state).toBe("idle");
    expect(motor.calls).toEqual([]);
    documents.length = 0;
    expect(await engine.run(count(det, 1))).toMatchObject({ exitStatus: "success" });
    expect(documents.map(({ name }) => name)).toEqual(["start", "descriptor", "event", "stop"]);
  });

  it("a second plan while it runs, or a resume, refuses it and goes on with the first", async () => {
    const engine = new RunEngine();
    const run = engine.run([new Msg("checkpoint"), new Msg("sleep", null, [0.05]), new Msg("sleep", null, [0.05])]);
    await message(engine, "sleep");
    await expect(engine.run(count(det, 1))).rejects.toThrow(/run: the engine is "running".*only from "idle"/);
    await expect(engine.resume()).rejects.toThrow(/resume: the engine is "running"/);
    await engine.pause();
    await expect(engine.run(count(det, 1))).rejects.toThrow(/run: the engine is "paused"/);
    await engine.resume();
    expect(await run).toMatchObject({ exitStatus: "success" });
  });
});
