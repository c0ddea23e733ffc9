import { BehaviorSubject, Subject } from "rxjs";
import { expect, test, vi } from "vitest";
import { RunInterrupted } from "../../../src/engine/errors.ts";
import type { Plan } from "../../../src/engine/msg.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import {
  SuspendBoolHigh,
  SuspendBoolLow,
  SuspendCeil,
  SuspendFloor,
  SuspendWhenChanged,
  SuspendWhenOutsideBand,
} from "../../../src/engine/suspenders/index.ts";
import { Beam, Detector, Motor } from "./fixtures/devices.ts";
import { msg, scan } from "./fixtures/plans.ts";
import { after, message, record } from "./fixtures/record.ts";

test("a suspension stops what moves, runs its plans around the wait, and repeats what was done since the checkpoint", async () => {
  const engine = new RunEngine();
  const { commands, states } = record(engine);
  const motor = new Motor("m1", 40);
  let release = () => {};
  const run = engine.run([
    msg("open_run"),
    msg("checkpoint"),
    msg("set", motor, [1], { group: "a" }),
    msg("wait", null, [], { group: "a" }),
    msg("close_run"),
  ]);
  await message(engine, "wait");
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  engine.requestSuspend(() => released, {
    prePlan: [msg("null")],
    postPlan: () => [msg("null")],
    justification: "no beam",
  });
  await message(engine, "wait_for");
  expect(motor.calls).toEqual(["set 1", "stop"]);
  expect(engine.suspensions).toMatchObject([{ justification: "no beam" }]);
  expect(engine.state).toBe("running");
  release();
  expect((await run).exitStatus).toBe("success");
  expect(commands).toEqual([
    ...["open_run", "checkpoint", "set", "wait", "_start_suspender", "rewindable", "null", "wait_for"],
    ...["_resume_from_suspender", "null", "rewindable", "set", "wait", "close_run"],
  ]);
  expect(states).toEqual(["idle", "running", "suspending", "running", "idle"]);
  expect(engine.suspensions).toEqual([]);
});

test("of two suspensions none goes on while the other holds", async () => {
  const engine = new RunEngine();
  const releases: (() => void)[] = [];
  const suspend = () => {
    const released = new Promise<void>((resolve) => releases.push(resolve));
    engine.requestSuspend(() => released);
  };
  const { commands } = record(engine);
  const run = engine.run([msg("checkpoint"), msg("sleep", null, [0.02]), msg("null")]);
  await message(engine, "sleep");
  suspend();
  await message(engine, "wait_for");
  const second = message(engine, "wait_for");
  suspend();
  await second;
  releases[1]?.();
  await after(40);
  expect(commands).not.toContain("_resume_from_suspender");
  expect(engine.suspensions).toHaveLength(1);
  releases[0]?.();
  await run;
  expect(commands.filter((command) => command === "_resume_from_suspender")).toHaveLength(2);
  expect(commands.slice(-2)).toEqual(["sleep", "null"]);
});

test("monitors go on through a suspension, without doubles after it", async () => {
  const engine = new RunEngine({ recordInterruptions: true });
  const { named } = record(engine);
  const beam = new Beam();
  let release = () => {};
  const run = engine.run([msg("open_run"), msg("monitor", beam), msg("sleep", null, [0.05]), msg("close_run")]);
  await message(engine, "sleep");
  engine.requestSuspend(
    () =>
      new Promise<void>((resolve) => {
        release = resolve;
      }),
    { justification: "shutter" },
  );
  await message(engine, "wait_for");
  await after(5);
  beam.put(1);
  release();
  await message(engine, "sleep");
  beam.put(2);
  await run;
  const values = named("event").map(({ data }) => data.beam ?? data.interruption);
  expect(values).toEqual([500, "shutter", 1, "resume", 2]);
  expect(named("stop")[0].num_events).toEqual({ interruptions: 2, beam_monitor: 3 });
  expect(beam.subscribers).toBe(0);
});

test("a pause during a suspension waits again after it is resumed", async () => {
  const engine = new RunEngine();
  const { commands } = record(engine);
  let release = () => {};
  const run = engine.run([msg("checkpoint"), msg("sleep", null, [0.02])]);
  await message(engine, "sleep");
  engine.requestSuspend(
    () =>
      new Promise<void>((resolve) => {
        release = resolve;
      }),
  );
  await message(engine, "wait_for");
  expect(await engine.pause()).toEqual({ paused: true });
  const again = message(engine, "wait_for");
  await engine.resume();
  await again;
  release();
  await run;
  expect(commands.filter((command) => command === "wait_for")).toHaveLength(2);
});

test("a suspension that begins while paused holds the engine after it is resumed", async () => {
  const engine = new RunEngine();
  const beam = new Beam();
  engine.installSuspender(new SuspendFloor(beam, 100));
  const { commands } = record(engine);
  const run = engine.run([msg("checkpoint"), msg("sleep", null, [0.02])]);
  await message(engine, "sleep");
  await engine.pause();
  beam.put(5);
  const held = message(engine, "wait_for");
  await engine.resume();
  await held;
  beam.put(500);
  await run;
  expect(commands).toContain("_start_suspender");
  engine.clearSuspenders();
  expect(beam.subscribers).toBe(0);
});

test("what holds at installation holds the next run back before its first message", async () => {
  const engine = new RunEngine();
  const beam = new Beam();
  beam.value = 5;
  engine.installSuspender(new SuspendFloor(beam, 100));
  const { commands } = record(engine);
  const run = engine.run([msg("null")]);
  await after(20);
  expect(commands).toEqual(["wait_for"]);
  beam.put(500);
  await run;
  expect(commands).toEqual(["wait_for", "null"]);
});

test("a held engine can be aborted", async () => {
  const engine = new RunEngine();
  engine.requestSuspend(() => new Promise(() => {}));
  const run = engine.run([msg("null")]);
  await message(engine, "wait_for");
  await Promise.all([expect(run).rejects.toBeInstanceOf(RunInterrupted), engine.abort()]);
});

test("a suspension after the checkpoint was cleared aborts the run", async () => {
  const engine = new RunEngine();
  const run = engine.run([msg("clear_checkpoint"), msg("sleep", null, [5])]);
  await message(engine, "sleep");
  engine.requestSuspend(async () => {});
  await expect(run).rejects.toThrow(/can't suspend here/);
});

test("a suspension whose release fails aborts the run", async () => {
  const engine = new RunEngine();
  record(engine);
  const run = engine.run([msg("sleep", null, [5])]);
  await message(engine, "sleep");
  engine.requestSuspend(() => Promise.reject(new Error("the gateway is gone")));
  await expect(run).rejects.toThrow(/the gateway is gone/);
});

test("a scan suspended again and again measures the same", async () => {
  const engine = new RunEngine();
  const { named } = record(engine);
  const beam = new Beam();
  engine.installSuspender(new SuspendFloor(beam, 100));
  let trips = 0;
  engine.messages$.subscribe(({ command }) => {
    if (command !== "read" || trips >= 6) return;
    trips++;
    beam.put(1);
    setTimeout(() => beam.put(500), 2);
  });
  const result = await engine.run(scan(new Detector(), new Motor(), [1, 2, 3]));
  expect(result.exitStatus).toBe("success");
  const byNumber = new Map(named("event").map(({ seq_num, data }) => [seq_num, data.motor]));
  expect([...byNumber]).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  expect(named("stop")[0].num_events).toEqual({ primary: 3 });
});

for (const [name, make, bad, good, text] of [
  ["SuspendBoolHigh", (signal: unknown) => new SuspendBoolHigh(signal), 1, 0, /Signal beam is high/],
  ["SuspendBoolLow", (signal: unknown) => new SuspendBoolLow(signal), 0, 1, /Signal beam is low/],
  ["SuspendFloor", (s: unknown) => new SuspendFloor(s, 10, { resumeThreshold: 20 }), 9, 20, /beam = 9 fell below 10/],
  ["SuspendCeil", (s: unknown) => new SuspendCeil(s, 10, { resumeThreshold: 5 }), 11, 5, /beam = 11 went above 10/],
  [
    "SuspendWhenOutsideBand",
    (s: unknown) => new SuspendWhenOutsideBand(s, 0, 5),
    5,
    4,
    /outside of the range \(0, 5\)/,
  ],
  [
    "SuspendWhenChanged",
    (s: unknown) => new SuspendWhenChanged(s, { expectedValue: 1, allowResume: true }),
    2,
    1,
    /got "2", expected "1"/,
  ],
] as const) {
  test(`${name} trips on a bad value and lets go on a good one`, async () => {
    const engine = new RunEngine();
    const beam = new Beam();
    beam.value = good;
    const suspender = make(beam);
    engine.installSuspender(suspender);
    expect(suspender.tripped).toBe(false);
    beam.put(bad);
    expect(engine.suspensions[0]?.justification).toMatch(text);
    beam.put(good);
    await vi.waitFor(() => expect(engine.suspensions).toEqual([]));
    expect(suspender.tripped).toBe(false);
  });
}

test("a signal that is disconnected or invalid trips, and only a fresh good value lets go", async () => {
  for (const alarmSeverity of [-1, 3]) {
    const engine = new RunEngine();
    const beam = new Beam();
    const suspender = new SuspendFloor(beam, 10);
    engine.installSuspender(suspender);
    const readings = beam.read.bind(beam);
    beam.read = () => ({ beam: { ...(readings().beam as any), alarmSeverity } });
    beam.put(500);
    expect(suspender.tripped).toBe(true);
    beam.read = readings;
    await after(10);
    expect(suspender.tripped).toBe(true);
    beam.put(500);
    await vi.waitFor(() => expect(suspender.tripped).toBe(false));
  }
});

test("a signal that was only away has not changed, and one that changed for good lets go no more", async () => {
  const beam = new Beam();
  const readings = beam.read.bind(beam);
  const away = () => ({ beam: { ...(readings().beam as any), alarmSeverity: -1 } });
  beam.read = away;
  const suspender = new SuspendWhenChanged(beam);
  new RunEngine().installSuspender(suspender);
  beam.put(1);
  expect(suspender.tripped).toBe(true);
  beam.read = readings;
  beam.put(1);
  await vi.waitFor(() => expect(suspender.tripped).toBe(false));
  beam.put(2);
  beam.put(1);
  await after(10);
  expect(suspender.tripped).toBe(true);
});

test("an Observable's value that is no number is not good", () => {
  for (const value of [Number.NaN, null, undefined]) {
    const values = new BehaviorSubject<unknown>(500);
    const suspender = new SuspendFloor(values, 100);
    new RunEngine().installSuspender(suspender);
    values.next(value);
    expect(suspender.tripped).toBe(true);
  }
});

test("a value that turns bad again while the suspender waits keeps the engine held", async () => {
  const engine = new RunEngine();
  const beam = new Beam();
  const suspender = new SuspendFloor(beam, 10, { sleep: 0.03, trippedMessage: "ring is down" });
  engine.installSuspender(suspender);
  beam.put(1);
  beam.put(500);
  await after(10);
  beam.put(1);
  await after(50);
  expect(engine.suspensions).toHaveLength(1);
  expect(engine.suspensions[0]?.justification).toMatch(/: ring is down$/);
  beam.put(500);
  await vi.waitFor(() => expect(engine.suspensions).toEqual([]));
});

test("a suspender takes any Observable, and one that fails or ends is not good", async () => {
  const engine = new RunEngine();
  const values = new BehaviorSubject(500);
  const suspender = new SuspendFloor(values, 100);
  engine.installSuspender(suspender);
  values.next(5);
  expect(suspender.tripped).toBe(true);
  values.next(500);
  await vi.waitFor(() => expect(suspender.tripped).toBe(false));
  values.complete();
  expect(suspender.tripped).toBe(true);
  engine.removeSuspender(suspender);
  expect(suspender.tripped).toBe(false);
  const failing = new Subject<number>();
  const other = new SuspendBoolHigh(failing);
  engine.installSuspender(other);
  failing.error(new Error("no gateway"));
  expect(other.tripped).toBe(true);
});

test("a suspender is installed and removed by messages too", async () => {
  const engine = new RunEngine();
  const beam = new Beam();
  const suspender = new SuspendFloor(beam, 10);
  async function* plan(): Plan {
    yield* msg("install_suspender", null, [suspender]);
    expect(beam.subscribers).toBe(1);
    yield* msg("remove_suspender", null, [suspender]);
  }
  await engine.run(plan());
  expect(beam.subscribers).toBe(0);
});

test("thresholds that make no sense are refused", () => {
  expect(() => new SuspendFloor(null, 10, { resumeThreshold: 5 })).toThrow(RangeError);
  expect(() => new SuspendCeil(null, 10, { resumeThreshold: 15 })).toThrow(RangeError);
  expect(() => new SuspendWhenOutsideBand(null, 5, 5)).toThrow(RangeError);
  expect(() => new RunEngine().installSuspender(new SuspendBoolHigh(5))).toThrow(/subscribe and clearSub/);
  expect(() => new RunEngine().installSuspender({})).toThrow(/install and remove/);
});
