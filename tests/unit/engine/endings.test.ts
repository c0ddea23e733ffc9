import { expect, test } from "vitest";
import { RequestAbort, RunInterrupted, type RunResult, TransitionError } from "../../../src/engine/errors.ts";
import type { Plan } from "../../../src/engine/msg.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { Detector, Motor } from "./fixtures/devices.ts";
import { msg, scan } from "./fixtures/plans.ts";
import { after, message, record } from "./fixtures/record.ts";

type End = "stop" | "abort" | "halt";
const EXIT_STATUS = { stop: "success", abort: "abort", halt: "abort" } as const;
const STATE = { stop: "stopping", abort: "aborting", halt: "halting" } as const;

async function interruption(run: Promise<unknown>): Promise<RunInterrupted> {
  const error = await run.then(
    () => expect.fail("the run was not interrupted"),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(RunInterrupted);
  return error as RunInterrupted;
}

for (const end of ["stop", "abort", "halt"] as const satisfies End[]) {
  test(`${end} ends a scan, closes its run and leaves the engine usable`, async () => {
    const engine = new RunEngine();
    const { named, states } = record(engine);
    const run = engine.run(scan(new Detector(), new Motor("m1", 50), [1, 2, 3]));
    await message(engine, "wait", 3);
    const [error, result] = await Promise.all([interruption(run), engine[end]()]);
    expect(error.result).toBe(result);
    expect(result).toMatchObject({ exitStatus: EXIT_STATUS[end], interrupted: true, planResult: undefined });
    expect(named("stop")[0].exit_status).toBe(EXIT_STATUS[end]);
    expect(states).toEqual(["idle", "running", STATE[end], "idle"]);
    expect((await engine.run([msg("null")])).exitStatus).toBe("success");
  });

  test(`${end} of a paused engine ends the run`, async () => {
    const engine = new RunEngine();
    const { states } = record(engine);
    const run = engine.run(scan(new Detector(), new Motor("m1", 50), [1, 2, 3]));
    await message(engine, "wait");
    await engine.pause();
    await Promise.all([interruption(run), engine[end]()]);
    expect(states).toEqual(["idle", "running", "pausing", "paused", STATE[end], "idle"]);
  });

  test(`${end} of an idle engine is refused with both states`, async () => {
    await expect(new RunEngine()[end]()).rejects.toThrow(new RegExp(`"idle".*"${STATE[end]}"`));
    await expect(new RunEngine()[end]()).rejects.toBeInstanceOf(TransitionError);
  });

  test(`${end} stops what moves at once, while the plan hangs in an await of its own`, async () => {
    const engine = new RunEngine({ planTimeoutMs: 60 });
    const motor = new Motor("m1", 5000);
    const { errors } = record(engine);
    async function* plan(): Plan {
      yield* msg("set", motor, [1]);
      await new Promise(() => {});
    }
    const run = engine.run(plan());
    await message(engine, "set");
    await after(5);
    const asked = performance.now();
    const ended = engine[end]();
    expect(motor.calls).toEqual(["set 1", "stop"]);
    await Promise.all([interruption(run), ended]);
    expect(performance.now() - asked).toBeLessThan(500);
    expect(errors[0]?.message).toMatch(/was given up/);
    expect(engine.state).toBe("idle");
  });

  test(`${end} acts while a sink holds the engine`, async () => {
    const engine = new RunEngine();
    const motor = new Motor("m1", 5000);
    let isFull = false;
    engine.subscribe({
      write: () => {
        isFull = true;
      },
      get ready() {
        return isFull ? new Promise<void>(() => {}) : undefined;
      },
      flush: async () => {},
      close: async () => {},
    });
    const run = engine.run([msg("set", motor, [1]), msg("open_run"), msg("null")]);
    await message(engine, "open_run");
    await after(5);
    const ended = engine[end]();
    expect(motor.calls).toEqual(["set 1", "stop"]);
    await Promise.all([interruption(run), ended]);
  });
}

test("motors are stopped before the plan's cleanup moves any", async () => {
  const order: string[] = [];
  const engine = new RunEngine();
  const [slow, other] = [new Motor("slow", 5000), new Motor("other")];
  slow.calls.push = (call: string) => order.push(`slow ${call}`);
  other.calls.push = (call: string) => order.push(`other ${call}`);
  async function* plan(): Plan {
    try {
      yield* msg("set", slow, [1], { group: "a" });
      yield* msg("wait", null, [], { group: "a" });
    } finally {
      yield* msg("set", other, [0]);
    }
  }
  const run = engine.run(plan());
  await message(engine, "wait");
  void engine.abort();
  await interruption(run);
  expect(order).toEqual(["slow set 1", "slow stop", "other set 0"]);
});

test("a failure stops what else moves before the plan's cleanup", async () => {
  const order: string[] = [];
  const engine = new RunEngine();
  const [slow, broken, other] = [new Motor("slow", 5000), new Motor("broken", 20), new Motor("other")];
  slow.calls.push = (call: string) => order.push(`slow ${call}`);
  other.calls.push = (call: string) => order.push(`other ${call}`);
  broken.failure = new Error("it is stuck");
  async function* plan(): Plan {
    try {
      yield* msg("set", slow, [1], { group: "a" });
      yield* msg("set", broken, [1], { group: "a" });
      yield* msg("wait", null, [], { group: "a" });
    } finally {
      yield* msg("set", other, [0]);
    }
  }
  await expect(engine.run(plan())).rejects.toThrow(/set of broken failed: it is stuck/);
  expect(order).toEqual(["slow set 1", "slow stop", "other set 0"]);
});

test("objects that have arrived are left alone at the end, those that have not are stopped", async () => {
  const engine = new RunEngine();
  const [fast, slow] = [new Motor("fast"), new Motor("slow", 5000)];
  const result = await engine.run([msg("set", fast, [1]), msg("set", slow, [1])]);
  expect(result.exitStatus).toBe("success");
  expect(fast.calls).toEqual(["set 1"]);
  expect(slow.calls).toEqual(["set 1", "stop"]);
});

test("the reason of an abort reaches the stop document, also through a plan that closes its run itself", async () => {
  for (const closes of [true, false]) {
    const engine = new RunEngine();
    const { named } = record(engine);
    async function* plan(): Plan {
      yield* msg("open_run");
      try {
        yield* msg("sleep", null, [5]);
      } catch (error) {
        if (closes) yield* msg("close_run", null, [], { exitStatus: (error as RequestAbort).exitStatus });
        throw error;
      }
    }
    const run = engine.run(plan());
    await message(engine, "sleep");
    void engine.abort("the beam is gone");
    expect((await interruption(run)).result.reason).toBe("the beam is gone");
    expect(named("stop")).toMatchObject([{ exit_status: "abort", reason: "the beam is gone" }]);
  }
});

test("a plan's own error fails the run, is what run rejects with, and is the reason in the stop document", async () => {
  const engine = new RunEngine();
  const { named } = record(engine);
  const mistake = new Error("no such crystal");
  async function* plan(): Plan {
    yield* msg("open_run");
    throw mistake;
  }
  await expect(engine.run(plan())).rejects.toBe(mistake);
  expect(named("stop")).toMatchObject([{ exit_status: "fail", reason: "no such crystal" }]);
  expect(engine.state).toBe("idle");
});

test("a halted plan's finally blocks run, but the messages in them are not handled", async () => {
  const engine = new RunEngine();
  const { commands } = record(engine);
  let wentThrough = 0;
  async function* plan(): Plan {
    try {
      yield* msg("sleep", null, [5]);
    } finally {
      yield* msg("null");
      wentThrough++;
      yield* msg("null");
      wentThrough++;
    }
  }
  const run = engine.run(plan());
  await message(engine, "sleep");
  void engine.halt();
  await interruption(run);
  expect(wentThrough).toBe(2);
  expect(commands).toEqual(["sleep"]);
});

test("a plan that goes on for ever after a halt is given up", async () => {
  const engine = new RunEngine();
  const { errors } = record(engine);
  function* plan(): Generator<any, void, never> {
    try {
      yield msg("sleep", null, [5]);
    } finally {
      for (;;) yield msg("null");
    }
  }
  const run = engine.run(plan());
  await message(engine, "sleep");
  void engine.halt();
  await interruption(run);
  expect(errors[0]?.message).toMatch(/was given up/);
});

test("what an abandoned plan yields later is not handled, in the next run neither", async () => {
  const engine = new RunEngine({ planTimeoutMs: 20 });
  const { commands } = record(engine);
  const motor = new Motor();
  async function* plan(): Plan {
    yield* msg("null");
    await after(80);
    yield* msg("set", motor, [1]);
  }
  const run = engine.run(plan());
  await message(engine, "null");
  await after(5);
  void engine.abort();
  await interruption(run);
  await engine.run([msg("sleep", null, [0.15])]);
  expect(motor.calls).toEqual([]);
  expect(commands).toEqual(["null", "sleep"]);
});

test("a harder ending may follow a softer one whose cleanup hangs", async () => {
  const engine = new RunEngine();
  const { states } = record(engine);
  async function* plan(): Plan {
    try {
      try {
        yield* msg("sleep", null, [5]);
      } finally {
        yield* msg("sleep", null, [5]);
      }
    } finally {
      yield* msg("sleep", null, [5]);
    }
  }
  const run = engine.run(plan());
  await message(engine, "sleep");
  void engine.stop();
  await message(engine, "sleep");
  void engine.abort();
  await message(engine, "sleep");
  void engine.halt();
  await interruption(run);
  expect(states).toEqual(["idle", "running", "stopping", "aborting", "halting", "idle"]);
});

test("an ending that is asked for twice comes once, for both", async () => {
  const engine = new RunEngine();
  const run = engine.run([msg("sleep", null, [5])]);
  await message(engine, "sleep");
  const [error, first, second] = await Promise.all([interruption(run), engine.abort("one"), engine.abort("two")]);
  expect(first).toBe(second);
  expect(error.result.reason).toBe("one");
});

test("an ending asked for from within is only asked for, and comes", async () => {
  for (const end of ["stop", "abort", "halt"] as const) {
    const engine = new RunEngine();
    let asked: Promise<RunResult | undefined> | undefined;
    engine.subscribe(() => {
      asked ??= engine[end]();
    }, "start");
    await interruption(engine.run(scan(new Detector(), new Motor(), [1, 2])));
    expect(await asked).toBe(undefined);
  }
});

test("a plan that awaits its own abort is given up after the plan's time", async () => {
  const engine = new RunEngine({ planTimeoutMs: 30 });
  async function* plan(): Plan {
    yield* msg("null");
    await engine.abort("enough");
    yield* msg("null");
  }
  const { commands } = record(engine);
  expect((await interruption(engine.run(plan()))).result.reason).toBe("enough");
  expect(commands).toEqual(["null"]);
});

test("aborting the signal aborts the run with its reason, and leaves no listener behind", async () => {
  const engine = new RunEngine();
  const controller = new AbortController();
  const run = engine.run([msg("sleep", null, [5])], { signal: controller.signal });
  await message(engine, "sleep");
  controller.abort(new Error("the shift is over"));
  expect((await interruption(run)).result.reason).toBe("the shift is over");
  await interruption(engine.run([msg("null")], { signal: controller.signal }));
});

test("a plan that raises a control error of its own ends as that says", async () => {
  async function* plan(): Plan {
    yield* msg("open_run");
    throw new RequestAbort("nothing to see");
  }
  const engine = new RunEngine();
  expect((await interruption(engine.run(plan()))).result).toMatchObject({
    exitStatus: "abort",
    reason: "nothing to see",
  });
});

test("cleanup goes on when a part of it fails, and what failed is reported", async () => {
  const engine = new RunEngine();
  const { named, errors } = record(engine);
  const unstaged: string[] = [];
  const device = (name: string, fails: boolean) => ({
    name,
    stage: () => [],
    unstage: async () => {
      await after(5);
      if (fails) throw new Error(`${name} is jammed`);
      unstaged.push(name);
    },
  });
  async function* plan(): Plan {
    yield* msg("open_run");
    yield* msg("stage", device("first", false));
    yield* msg("stage", device("second", true));
    yield* msg("stage", device("third", false));
    throw new Error("over");
  }
  await expect(engine.run(plan())).rejects.toThrow("over");
  expect(unstaged).toEqual(["third", "first"]);
  expect(errors.map((error) => error.message)).toEqual([expect.stringMatching(/unstage.*second is jammed/)]);
  expect(named("stop")).toHaveLength(1);
});
