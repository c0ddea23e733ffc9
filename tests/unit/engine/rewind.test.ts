import { expect, test } from "vitest";
import { Msg, type Plan } from "../../../src/engine/msg.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { Detector } from "./fixtures/devices.ts";
import { msg } from "./fixtures/plans.ts";
import { message, record } from "./fixtures/record.ts";

const stage = { name: "stage", stage: () => [], unstage: () => [] };

test("a pause within a reading leads back to a checkpoint within the same reading", async () => {
  const engine = new RunEngine();
  const { named, commands } = record(engine);
  const [a, b] = [new Detector("a"), new Detector("b")];
  async function* plan(): Plan {
    yield* msg("open_run");
    yield* msg("create", null, [], { name: "primary" });
    yield* msg("read", a);
    yield* msg("stage", stage);
    yield* msg("read", b);
    yield* msg("sleep", null, [0.01]);
    yield* msg("save");
    yield* msg("sleep", null, [0.01]);
    yield* msg("close_run");
  }
  const run = engine.run(plan());
  for (const nth of [1, 2]) {
    await message(engine, "sleep", nth);
    await engine.pause();
    await engine.resume();
  }
  await run;
  expect(commands.filter((command) => command === "read")).toHaveLength(4);
  expect(named("event").map(({ seq_num, data }) => [seq_num, data])).toEqual([
    [1, { a: 1, b: 1 }],
    [1, { a: 1, b: 1 }],
  ]);
  expect(named("stop")).toMatchObject([{ num_events: { primary: 1 } }]);
});

test("what another run does leaves a reading that is open as it is", async () => {
  const engine = new RunEngine();
  const { named } = record(engine);
  const det = new Detector();
  const of = (run: string, command: string, kwargs = {}, obj: unknown = null) => new Msg(command, obj, [], kwargs, run);
  async function* plan(): Plan {
    yield* of("A", "open_run");
    yield* of("B", "open_run");
    yield* of("A", "create", { name: "primary" });
    yield* of("A", "read", {}, det);
    yield* of(
      "B",
      "monitor",
      { name: "beam" },
      { ...det, read: () => ({}), subscribe() {}, clearSub() {}, describe: () => ({}) },
    );
    yield* msg("sleep", null, [0.01]);
    yield* of("A", "save");
    yield* of("A", "close_run");
    yield* of("B", "close_run");
  }
  const run = engine.run(plan());
  await message(engine, "sleep");
  await engine.pause();
  await engine.resume();
  await run;
  expect(named("event")).toMatchObject([{ seq_num: 1, data: { det: 1 } }]);
});

test("a failure during a suspension reaches the plan at once, and its cleanup is not held", async () => {
  const engine = new RunEngine();
  const { commands } = record(engine);
  let fail: (error: Error) => void = () => {};
  const trigger = () => new Promise((_, reject) => (fail = reject));
  let release: () => void = () => {};
  async function* plan(): Plan {
    yield* msg("trigger", { name: "det", trigger });
    try {
      yield* msg("sleep", null, [10]);
    } finally {
      yield* msg("null");
    }
  }
  const run = engine.run(plan());
  await message(engine, "sleep");
  engine.requestSuspend(() => new Promise<void>((resolve) => (release = resolve)));
  await message(engine, "wait_for");
  fail(new Error("no frames"));
  await expect(run).rejects.toThrow(/trigger of det failed: no frames/);
  expect(engine.suspensions).toHaveLength(1);
  expect(commands.slice(-2)).toEqual(["wait_for", "null"]);
  release();
});
