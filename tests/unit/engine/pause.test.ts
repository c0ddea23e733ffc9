import { expect, test } from "vitest";
import { NoReplayAllowed, RunInterrupted, TransitionError } from "../../../src/engine/errors.ts";
import type { Plan } from "../../../src/engine/msg.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { Beam, Detector, Motor } from "./fixtures/devices.ts";
import { msg, scan } from "./fixtures/plans.ts";
import { after, message, record } from "./fixtures/record.ts";

const POINTS = [1, 2, 3];

/** What readers make of a run: the last event of each number. */
function data(events: any[]): unknown {
  const byNumber = new Map(events.map((event) => [event.seq_num, event.data]));
  return [...byNumber];
}

async function undisturbed(): Promise<{ commands: string[]; events: any[] }> {
  const engine = new RunEngine();
  const recording = record(engine);
  await engine.run(scan(new Detector(), new Motor(), POINTS));
  return { commands: recording.commands, events: recording.named("event") };
}

test("a scan paused at any of its messages, and resumed, measures the same", async () => {
  const { commands, events } = await undisturbed();
  for (let at = 0; at < commands.length; at++) {
    const engine = new RunEngine();
    const recording = record(engine);
    let paused: Promise<{ paused: boolean }> | undefined;
    let seen = 0;
    engine.messages$.subscribe(() => {
      if (seen++ === at) paused = engine.pause();
    });
    const run = engine.run(scan(new Detector(), new Motor(), POINTS));
    engine.state$.subscribe((state) => {
      if (state === "paused") setImmediate(() => void engine.resume());
    });
    const result = await run;
    expect(await paused, commands[at]).toEqual({ paused: false });
    expect(recording.states, commands[at]).toContain("paused");
    expect(result.exitStatus).toBe("success");
    expect(data(recording.named("event")), commands[at]).toEqual(data(events));
    expect(recording.named("stop")[0].num_events).toEqual({ primary: 3 });
  }
});

test("states of a pause and a resume are told in their order", async () => {
  const engine = new RunEngine();
  const { states } = record(engine);
  const run = engine.run([msg("sleep", null, [0.05])]);
  await message(engine, "sleep");
  expect(await engine.pause()).toEqual({ paused: true });
  expect(engine.state).toBe("paused");
  await engine.resume();
  expect(engine.state).toBe("running");
  await run;
  expect(states).toEqual(["idle", "running", "pausing", "paused", "running", "idle"]);
});

test("run stays pending while the engine is paused", async () => {
  const engine = new RunEngine();
  let settled = false;
  const run = engine.run([msg("sleep", null, [0.01])]).finally(() => {
    settled = true;
  });
  await engine.pause();
  await after(40);
  expect(settled).toBe(false);
  await engine.resume();
  await run;
});

test("the message in flight at a pause is answered with the result of its own replay", async () => {
  const engine = new RunEngine();
  const det = new Detector();
  let answered: any;
  async function* plan(): Plan {
    yield* msg("checkpoint");
    det.value = 1;
    answered = yield* msg("read", det);
  }
  const subscription = engine.messages$.subscribe(({ command }) => {
    if (command === "read") void engine.pause();
  });
  engine.state$.subscribe((state) => {
    if (state !== "paused") return;
    subscription.unsubscribe();
    det.value = 2;
    void engine.resume();
  });
  await engine.run(plan());
  expect(answered.det.value).toBe(2);
  expect(det.reads).toBe(2);
});

test("a pause stops what moves, and resuming sets it again without a failure reaching the plan", async () => {
  const engine = new RunEngine();
  const motor = new Motor("m1", 60);
  const run = engine.run(scan(new Detector(), motor, [5]));
  await message(engine, "wait");
  await engine.pause();
  expect(motor.calls).toEqual(["set 5", "stop"]);
  await engine.resume();
  expect((await run).exitStatus).toBe("success");
  expect(motor.calls).toEqual(["set 5", "stop", "set 5"]);
  expect(motor.position).toBe(5);
});

test("in a region that is not rewindable a move that was stopped by a pause is set again too, and its wait is waited", async () => {
  const engine = new RunEngine();
  const motor = new Motor("m1", 60);
  async function* plan(): Plan {
    yield* msg("rewindable", null, [false]);
    yield* msg("null");
    yield* msg("set", motor, [7], { group: "a" });
    yield* msg("wait", null, [], { group: "a" });
    expect(motor.position).toBe(7);
    yield* msg("rewindable", null, [true]);
  }
  const { commands } = record(engine);
  const run = engine.run(plan());
  await message(engine, "wait");
  await engine.pause();
  await engine.resume();
  await run;
  expect(commands).toEqual(["rewindable", "null", "set", "wait", "set", "wait", "rewindable"]);
});

test("an open reading survives a pause where nothing is repeated", async () => {
  const engine = new RunEngine();
  const det = new Detector();
  const { named } = record(engine);
  async function* plan(): Plan {
    yield* msg("rewindable", null, [false]);
    yield* msg("open_run");
    yield* msg("create", null, [], { name: "primary" });
    yield* msg("read", det);
    yield* msg("sleep", null, [0.02]);
    yield* msg("save");
    yield* msg("close_run");
  }
  const run = engine.run(plan());
  await message(engine, "sleep");
  await engine.pause();
  await engine.resume();
  await run;
  expect(named("event")).toHaveLength(1);
});

test("a pause takes effect while the plan is in an await of its own; its next message waits for resume", async () => {
  const engine = new RunEngine();
  const { commands } = record(engine);
  async function* plan(): Plan {
    yield* msg("checkpoint");
    await after(40);
    yield* msg("null");
  }
  const run = engine.run(plan());
  await message(engine, "checkpoint");
  await after(5);
  expect(await engine.pause()).toEqual({ paused: true });
  await after(60);
  expect(commands).toEqual(["checkpoint"]);
  await engine.resume();
  await run;
  expect(commands).toEqual(["checkpoint", "null"]);
});

test("a deferred pause waits for the next checkpoint", async () => {
  const engine = new RunEngine();
  const { commands } = record(engine);
  const run = engine.run([msg("null"), msg("sleep", null, [0.02]), msg("null"), msg("checkpoint"), msg("null")]);
  await message(engine, "sleep");
  expect(await engine.pause({ defer: true })).toEqual({ paused: true });
  expect(commands).toEqual(["null", "sleep", "null", "checkpoint"]);
  await engine.resume();
  await run;
});

test("a deferred pause that finds no checkpoint says so at the end", async () => {
  const engine = new RunEngine();
  const run = engine.run([msg("sleep", null, [0.01])]);
  const paused = engine.pause({ defer: true });
  expect((await run).exitStatus).toBe("success");
  expect(await paused).toEqual({ paused: false });
});

test("a pause after the checkpoint was cleared aborts the run", async () => {
  const engine = new RunEngine();
  const { named, states } = record(engine);
  async function* plan(): Plan {
    yield* msg("open_run");
    yield* msg("clear_checkpoint");
    yield* msg("sleep", null, [5]);
  }
  const run = engine.run(plan());
  await message(engine, "sleep");
  const paused = engine.pause();
  await expect(run).rejects.toBeInstanceOf(RunInterrupted);
  expect(await paused).toEqual({ paused: false });
  expect(named("stop")[0].exit_status).toBe("abort");
  expect(named("stop")[0].reason).toMatch(/cleared its checkpoint/);
  expect(states).toEqual(["idle", "running", "pausing", "aborting", "idle"]);
});

test("a device that refuses a replay makes a checkpoint of the place", async () => {
  const engine = new RunEngine();
  const told: string[] = [];
  const camera = Object.assign(new Detector("camera"), {
    pause: () => {
      told.push("pause");
      throw new NoReplayAllowed("frames are numbered");
    },
    resume: () => void told.push("resume"),
  });
  const { commands } = record(engine);
  const run = engine.run([msg("trigger", camera), msg("sleep", null, [0.02]), msg("null")]);
  await message(engine, "sleep");
  await engine.pause();
  await engine.resume();
  await run;
  expect(told).toEqual(["pause", "resume"]);
  expect(commands).toEqual(["trigger", "sleep", "sleep", "null"]);
});

test("a device whose pause fails ends the run with that error", async () => {
  const engine = new RunEngine();
  const { named, states } = record(engine);
  const camera = Object.assign(new Detector("camera"), {
    pause: () => Promise.reject(new Error("the shutter is stuck")),
    resume: () => {},
  });
  const run = engine.run([msg("open_run"), msg("trigger", camera), msg("sleep", null, [5])]);
  await message(engine, "sleep");
  const paused = engine.pause();
  await expect(run).rejects.toThrow("the shutter is stuck");
  expect(await paused).toEqual({ paused: false });
  expect(named("stop")).toMatchObject([{ exit_status: "fail", reason: "the shutter is stuck" }]);
  expect(states).toEqual(["idle", "running", "pausing", "idle"]);
});

test("a pause stops what moves at once, and waits for a handler that changes things", async () => {
  const engine = new RunEngine();
  const motor = new Motor("m1", 5000);
  let finished = false;
  const camera = Object.assign(new Detector("camera"), {
    configure: async () => {
      await after(30);
      finished = true;
      return [1, 2];
    },
  });
  const run = engine.run([msg("set", motor, [1]), msg("configure", camera), msg("sleep", null, [5])]);
  await message(engine, "configure");
  await after(5);
  const paused = engine.pause();
  await after(5);
  expect(motor.calls).toEqual(["set 1", "stop"]);
  expect([engine.state, finished]).toEqual(["pausing", false]);
  expect(await paused).toEqual({ paused: true });
  expect(finished).toBe(true);
  await Promise.all([expect(run).rejects.toBeInstanceOf(RunInterrupted), engine.abort()]);
});

test("a pause is asked for in vain while a device hangs in its own pause, and an abort ends it", async () => {
  const engine = new RunEngine();
  const camera = Object.assign(new Detector("camera"), { pause: () => new Promise(() => {}), resume: () => {} });
  const run = engine.run([msg("trigger", camera), msg("sleep", null, [5])]);
  await message(engine, "sleep");
  const paused = engine.pause();
  await after(5);
  await Promise.all([expect(run).rejects.toBeInstanceOf(RunInterrupted), engine.abort()]);
  expect(await paused).toEqual({ paused: false });
});

test("a pause asked for by the plan's own message resumes after it", async () => {
  const engine = new RunEngine();
  const { commands } = record(engine);
  const run = engine.run([msg("checkpoint"), msg("null"), msg("pause"), msg("null")]);
  await new Promise<void>((resolve) => engine.state$.subscribe((state) => state === "paused" && resolve()));
  await engine.resume();
  await run;
  expect(commands).toEqual(["checkpoint", "null", "pause", "null", "null"]);
});

test("monitors are silent while paused, and their numbers and those of interruptions are not led back", async () => {
  const engine = new RunEngine({ recordInterruptions: true });
  const recording = record(engine);
  const beam = new Beam();
  async function* plan(): Plan {
    yield* msg("open_run");
    yield* msg("monitor", beam, [], { name: "beam" });
    yield* msg("checkpoint");
    yield* msg("create", null, [], { name: "primary" });
    yield* msg("read", new Detector());
    yield* msg("save");
    yield* msg("sleep", null, [0.03]);
    yield* msg("close_run");
  }
  const run = engine.run(plan());
  await message(engine, "sleep");
  await engine.pause();
  expect(beam.subscribers).toBe(0);
  beam.put(1);
  await engine.resume();
  expect(beam.subscribers).toBe(1);
  await run;
  expect(beam.subscribers).toBe(0);
  const [stop] = recording.named("stop");
  expect(stop.num_events).toEqual({ interruptions: 2, beam: 2, primary: 1 });
});

test("a resume of an engine that is not paused is refused with both states", async () => {
  const engine = new RunEngine();
  await expect(engine.resume()).rejects.toThrow(TransitionError);
  await expect(engine.resume()).rejects.toThrow(/"idle".*"running"/);
});

test("what makes no sense in a closed run is not repeated after it", async () => {
  const engine = new RunEngine();
  const { commands } = record(engine);
  async function* plan(): Plan {
    yield* msg("open_run");
    yield* msg("create", null, [], { name: "primary" });
    yield* msg("read", new Detector());
    yield* msg("save");
    yield* msg("null");
    yield* msg("close_run");
    yield* msg("sleep", null, [0.02]);
  }
  const run = engine.run(plan());
  await message(engine, "sleep");
  await engine.pause();
  commands.length = 0;
  await engine.resume();
  await run;
  expect(commands).toEqual(["read", "null", "sleep"]);
});
