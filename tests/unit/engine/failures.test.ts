import { expect, test } from "vitest";
import {
  FailedStatus,
  InvalidCommand,
  isControlError,
  TransitionError,
  WaitForTimeoutError,
} from "../../../src/engine/errors.ts";
import { Msg, type Plan } from "../../../src/engine/msg.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { Detector, Motor } from "./fixtures/devices.ts";
import { count, msg, scan } from "./fixtures/plans.ts";
import { after, message, record } from "./fixtures/record.ts";

function broken(name: string, ms: number): Motor {
  const motor = new Motor(name, ms);
  motor.failure = new Error(`${name} is stuck`);
  return motor;
}

for (const [waiting, wait] of [
  ["a sleep", msg("sleep", null, [5])],
  ["a wait for another group", msg("wait", null, [], { group: "other" })],
  ["a wait_for", msg("wait_for", null, [[() => new Promise(() => {})]])],
] as const) {
  test(`a failed move interrupts ${waiting}`, async () => {
    const engine = new RunEngine();
    let caught: unknown;
    async function* plan(): Plan {
      yield* msg("set", new Motor("slow", 5000), [1], { group: "other" });
      yield* msg("set", broken("m1", 10), [1], { group: "a" });
      try {
        yield* wait;
      } catch (error) {
        caught = error;
      }
    }
    const begun = performance.now();
    await engine.run(plan());
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(caught).toBeInstanceOf(FailedStatus);
    expect((caught as FailedStatus).message).toBe("set of m1 failed: m1 is stuck");
    expect((caught as FailedStatus).cause).toBe((caught as FailedStatus).errors[0]);
  });
}

test("a move that fails at once fails at the message that set it", async () => {
  await expect(new RunEngine().run([msg("set", broken("m1", 0), [1]), msg("null")])).rejects.toThrow(/m1 is stuck/);
});

test("failures of one group that fall together are one error, and come once", async () => {
  const engine = new RunEngine();
  const caught: FailedStatus[] = [];
  async function* plan(): Plan {
    yield* msg("set", broken("m1", 10), [1], { group: "a" });
    yield* msg("set", broken("m2", 10), [1], { group: "a" });
    for (let i = 0; i < 3; i++) {
      try {
        yield* msg("wait", null, [], { group: "a" });
        yield* msg("sleep", null, [0.02]);
      } catch (error) {
        caught.push(error as FailedStatus);
      }
    }
  }
  await engine.run(plan());
  expect(caught).toHaveLength(1);
  expect(caught[0]?.errors.map((error) => error.message)).toEqual(["m1 is stuck", "m2 is stuck"]);
});

test("a failure while the plan is in an await of its own is thrown at its next message, which is not handled", async () => {
  const engine = new RunEngine();
  const other = new Motor("other");
  async function* plan(): Plan {
    yield* msg("set", broken("m1", 5), [1]);
    await after(30);
    yield* msg("set", other, [1]);
  }
  await expect(engine.run(plan())).rejects.toBeInstanceOf(FailedStatus);
  expect(other.calls).toEqual([]);
});

test("a plan that carries on after a failure and waits for a move that the engine stopped is told so", async () => {
  const engine = new RunEngine();
  const slow = new Motor("slow", 5000);
  async function* plan(): Plan {
    yield* msg("set", slow, [1], { group: "a" });
    try {
      yield* msg("read", { name: "bad", describe: () => ({}), read: () => Promise.reject(new Error("no light")) });
    } catch {}
    yield* msg("null");
    yield* msg("wait", null, [], { group: "a" });
  }
  await expect(engine.run(plan())).rejects.toThrow(/slow was stopped on its way .* no light/);
});

test("a wait that takes too long leaves the move alone, and the group can be waited for again", async () => {
  const engine = new RunEngine();
  const motor = new Motor("m1", 60);
  const results: unknown[] = [];
  async function* plan(): Plan {
    yield* msg("set", motor, [1], { group: "a" });
    try {
      yield* msg("wait", null, [], { group: "a", timeoutMs: 5 });
    } catch (error) {
      results.push(error);
    }
    results.push(yield* msg("wait", null, [], { group: "a", timeoutMs: 5, errorOnTimeout: false }));
    results.push(yield* msg("wait", null, [], { group: "a" }));
  }
  await engine.run(plan());
  expect(results).toEqual([expect.any(WaitForTimeoutError), false, true]);
  expect(motor.calls).toEqual(["set 1"]);
});

test("a failure after the end of the run is nobody's", async () => {
  const engine = new RunEngine();
  const motor = broken("m1", 20);
  await engine.run([msg("set", motor, [1])]);
  await engine.run([msg("sleep", null, [0.05])]);
});

test("a handler's error is thrown into the plan, which can catch it and go on", async () => {
  const engine = new RunEngine();
  const caught: unknown[] = [];
  async function* plan(): Plan {
    for (const command of ["save", "no_such_command"]) {
      try {
        yield* msg(command);
      } catch (error) {
        caught.push(error);
      }
    }
    yield* msg("null");
  }
  expect((await engine.run(plan())).exitStatus).toBe("success");
  expect(caught[1]).toBeInstanceOf(InvalidCommand);
  expect((caught[1] as Error).message).toMatch(/"no_such_command"/);
});

test("a device without the protocol is refused by its name, the command and what it lacks", async () => {
  const engine = new RunEngine();
  await expect(engine.run([msg("set", new Detector("det1"), [1])])).rejects.toThrow(/"set".*det1 lacks set/);
  await expect(engine.run([msg("read", { name: "half", read() {} })])).rejects.toThrow(/"read".*half lacks describe/);
});

test.each([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["undefined", undefined],
  ["null", null],
  ["NaN", [1, Number.NaN]],
  ["undefined", { x: 1, y: undefined }],
  ["nothing", []],
])(
  "a move to no place, %s, is refused before the device hears of it, and the plan can catch that",
  async (what, target) => {
    const engine = new RunEngine();
    const motor = new Motor("m1");
    const caught: unknown[] = [];
    async function* plan(): Plan {
      try {
        yield* msg("set", motor, target === undefined ? [] : [target]);
      } catch (error) {
        caught.push((error as Error).message);
      }
      yield* msg("set", motor, [1]);
    }
    await engine.run(plan());
    expect(caught).toEqual([`"set" of m1 to ${what} is refused, because that is no place to move to`]);
    expect(motor.calls).toEqual(["set 1"]);
  },
);

test("what is set and does not move takes any value", async () => {
  const values: unknown[] = [];
  const signal = { name: "threshold", set: async (value: unknown) => values.push(value) };
  await new RunEngine().run([msg("set", signal, [Number.NaN]), msg("set", signal, [undefined])]);
  expect(values).toEqual([Number.NaN, undefined]);
});

test("a plan that yields something else than a message is told what it was", async () => {
  const engine = new RunEngine();
  async function* numbers(): AsyncGenerator<any, void, never> {
    yield 42;
  }
  await expect(engine.run(numbers())).rejects.toThrow(/yielded number 42/);
  async function* forgot(): AsyncGenerator<any, void, never> {
    yield count(new Detector(), 1);
  }
  await expect(engine.run(forgot())).rejects.toThrow(/yielded a generator.*yield\*/);
  const inAList = [msg("null"), count(new Detector(), 1)] as unknown as Msg[];
  await expect(engine.run(inAList)).rejects.toThrow(/yielded a generator.*yield\*/);
});

test("a plan that yields nonsense for ever can be aborted", async () => {
  const engine = new RunEngine();
  function* plan(): Generator<any, void, never> {
    for (;;) {
      try {
        yield 42;
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
    }
  }
  const run = engine.run(plan());
  setTimeout(() => void engine.abort(), 10);
  await expect(run).rejects.toThrow(/aborted/);
});

test("a generator that was run is refused, a function that makes one is not", async () => {
  const engine = new RunEngine();
  const plan = count(new Detector(), 1);
  await engine.run(plan);
  await expect(engine.run(plan)).rejects.toThrow(/run before/);
  const make = () => count(new Detector(), 1);
  await engine.run(make);
  await engine.run(make);
});

test("what is no plan is refused and leaves the engine idle", async () => {
  const engine = new RunEngine();
  for (const nonsense of [42, undefined, {}, async () => {}, Promise.resolve()]) {
    await expect(engine.run(nonsense as any)).rejects.toThrow(/run takes a plan/);
  }
  expect(engine.state).toBe("idle");
});

test("a second run is refused while one is going on, and harms it not", async () => {
  const engine = new RunEngine();
  const run = engine.run([msg("sleep", null, [0.02])]);
  await expect(engine.run([msg("null")])).rejects.toBeInstanceOf(TransitionError);
  await expect(engine.run([msg("null")])).rejects.toThrow(/"running"/);
  await run;
});

test("what a subscriber throws fails the run, after all others have had the document", async () => {
  const engine = new RunEngine();
  const seen: string[] = [];
  engine.subscribe(({ name }) => {
    if (name === "event") throw new Error("disk full");
  });
  engine.subscribe(({ name }) => seen.push(name));
  await expect(engine.run(scan(new Detector(), new Motor(), [1, 2]))).rejects.toThrow("disk full");
  expect(seen).toEqual(["start", "descriptor", "event", "stop"]);
});

test("what an onlooker throws is reported and ends nothing", async () => {
  const engine = new RunEngine();
  const { errors, named } = record(engine);
  engine.documents$.subscribe(() => {
    throw new Error("no screen");
  });
  engine.messages$.subscribe(() => {
    throw new Error("no log");
  });
  expect((await engine.run(count(new Detector(), 1))).exitStatus).toBe("success");
  expect(new Set(errors.map((error) => error.message))).toEqual(new Set(["no screen", "no log"]));
  expect(named("stop")).toHaveLength(1);
});

test("a stop document is made also after a close_run with an exit status that there is none of", async () => {
  const engine = new RunEngine();
  const { named } = record(engine);
  await expect(engine.run([msg("open_run"), new Msg("close_run", null, [], { exitStatus: "fine" })])).rejects.toThrow(
    /"fine" is no exit status/,
  );
  expect(named("stop")).toMatchObject([{ exit_status: "fail" }]);
});

test("a create without a name leaves no reading open", async () => {
  const engine = new RunEngine();
  async function* plan(): Plan {
    yield* msg("open_run");
    try {
      yield* msg("create");
    } catch {}
    yield* msg("checkpoint");
    yield* msg("close_run");
  }
  await engine.run(plan());
});

test("a failed move while paused reaches the plan after it resumes", async () => {
  const engine = new RunEngine();
  const trigger = { name: "det", trigger: () => after(30).then(() => Promise.reject(new Error("no frames"))) };
  const run = engine.run([msg("trigger", trigger), msg("checkpoint"), msg("sleep", null, [5])]);
  const failed = expect(run).rejects.toThrow(/trigger of det failed: no frames/);
  await message(engine, "sleep");
  await engine.pause();
  await after(60);
  expect(engine.state).toBe("paused");
  await engine.resume();
  await failed;
});

for (const [what, broken] of [
  [
    "the handler that it found at work fails",
    msg("configure", { name: "det", configure: () => after(10).then(fails) }),
  ],
  [
    "an action fails at the same moment",
    msg("trigger", { name: "det", trigger: () => Promise.reject(new Error("no light")) }),
  ],
] as const) {
  test(`an abort is not lost to a plan that catches all errors when ${what}`, async () => {
    const engine = new RunEngine();
    const { commands } = record(engine);
    const caught: unknown[] = [];
    async function* plan(): Plan {
      for (let i = 0; i < 100; i++) {
        try {
          yield* msg("null");
          yield* broken;
          yield* msg("sleep", null, [0.001]);
        } catch (error) {
          if (isControlError(error)) throw error;
          caught.push(error);
        }
      }
    }
    const run = engine.run(plan());
    await message(engine, broken.command);
    void engine.abort("no beam");
    await expect(run).rejects.toThrow(/no beam/);
    expect(commands).toEqual(["null", broken.command]);
  });
}

function fails(): never {
  throw new Error("no light");
}
