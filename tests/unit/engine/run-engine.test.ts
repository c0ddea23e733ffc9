import { expect, test, vi } from "vitest";
import { RunInterrupted } from "../../../src/engine/errors.ts";
import { Msg, type Plan } from "../../../src/engine/msg.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { Detector, Motor } from "./fixtures/devices.ts";
import { count, msg } from "./fixtures/plans.ts";
import { after, message, record } from "./fixtures/record.ts";

test("a plan's result, its run and its exit status are what run resolves to", async () => {
  const engine = new RunEngine();
  const { named } = record(engine);
  const result = await engine.run(count(new Detector(), 2));
  const { uid } = named("start")[0];
  expect(result).toEqual({
    runUids: [uid],
    planResult: uid,
    exitStatus: "success",
    reason: "",
    interrupted: false,
  });
});

test("metadata of the call go before the message's, and those before the engine's", async () => {
  const engine = new RunEngine({ md: { user: "ann", sample: "Si", beamline: "7" } });
  const { named } = record(engine);
  function mine(): Plan<void> {
    return (async function* () {
      yield* msg("open_run", null, [], { user: "bob", sample: "Ge" });
      yield* msg("close_run");
    })();
  }
  await engine.run(mine, { md: { sample: "Ga" } });
  expect(named("start")[0]).toMatchObject({
    user: "bob",
    sample: "Ga",
    beamline: "7",
    scan_id: 1,
    plan_name: "mine",
    plan_type: "generator",
    versions: { cerulean: expect.any(String), node: process.versions.node },
  });
  expect(engine.md.sample).toBe("Si");
});

test("scans are numbered, by a source of your own if you like", async () => {
  const engine = new RunEngine({ md: { scan_id: 41 } });
  const { named } = record(engine);
  await engine.run([msg("open_run"), msg("close_run"), msg("open_run"), msg("close_run")]);
  expect(named("start").map(({ scan_id }) => scan_id)).toEqual([42, 43]);
  expect(engine.md.scan_id).toBe(43);
  const other = new RunEngine({ scanIdSource: async () => 7 });
  const recording = record(other);
  await other.run([msg("open_run")]);
  expect(recording.named("start")[0].scan_id).toBe(7);
});

test("metadata are validated and normalized, and what is refused opens no run", async () => {
  const engine = new RunEngine({
    mdValidator: ({ proposal }) => {
      if (proposal === undefined) throw new Error("a proposal is needed");
    },
    mdNormalizer: (md) => ({ ...md, proposal: String(md.proposal) }),
  });
  const { named } = record(engine);
  await expect(engine.run([msg("open_run")])).rejects.toThrow("a proposal is needed");
  await engine.run([msg("open_run")], { md: { proposal: 12 } });
  expect(named("start")).toMatchObject([{ proposal: "12" }]);
  await expect(new RunEngine({ md: { sample: 5 } }).run([msg("open_run")])).rejects.toThrow(/"sample"/);
});

test("metadata that can't be written are refused by their key, and keys without a value are left out", async () => {
  const engine = new RunEngine();
  const { named } = record(engine);
  await expect(engine.run([msg("open_run", null, [], { sample_changer: () => {} })])).rejects.toThrow(
    /"sample_changer"/,
  );
  await engine.run([msg("open_run", null, [], { purpose: undefined })]);
  expect(named("start")[0]).not.toHaveProperty("purpose");
});

test("preprocessors are put around every plan, the last outermost", async () => {
  const around = (name: string) => (plan: any) =>
    (async function* () {
      yield new Msg("null", null, [name]);
      return yield* plan;
    })() as any;
  const engine = new RunEngine({ preprocessors: [around("inner"), around("outer")] });
  const seen: unknown[] = [];
  engine.messages$.subscribe(({ args }) => seen.push(args[0]));
  await engine.run([msg("null", null, ["plan"])]);
  expect(seen).toEqual(["outer", "inner", "plan"]);
});

test("subscribers of a call are gone after it, by name or for all", async () => {
  const engine = new RunEngine();
  const seen: string[] = [];
  const see = ({ name }: { name: string }) => void seen.push(name);
  await engine.run(count(new Detector(), 1), { subs: { start: see, stop: [see, see] } });
  await engine.run(count(new Detector(), 1), { subs: see });
  await engine.run(count(new Detector(), 1));
  expect(seen).toEqual(["start", "stop", "stop", "start", "descriptor", "event", "stop"]);
  await expect(engine.run([msg("null")], { subs: { bogus: see } as any })).rejects.toThrow(/"bogus"/);
});

test("a plan's own subscription ends with its call", async () => {
  const engine = new RunEngine();
  const seen: string[] = [];
  await engine.run([msg("subscribe", null, [({ name }: any) => seen.push(name), "start"]), msg("open_run")]);
  await engine.run([msg("open_run")]);
  expect(seen).toEqual(["start"]);
});

test("a command of your own is handled with the engine at hand, and its result reaches the plan", async () => {
  const engine = new RunEngine();
  engine.registerCommand("double", async ({ args }, context) => [args[0] * 2, context.engine === engine]);
  let answer: unknown;
  async function* plan(): Plan {
    answer = yield* msg("double", null, [21]);
  }
  await engine.run(plan());
  expect(answer).toEqual([42, true]);
  expect(engine.commands).toContain("double");
  engine.unregisterCommand("double");
  await expect(engine.run([msg("double")])).rejects.toThrow(/"double" is not a command/);
});

test("a promise that a device answers with is a status, and two moves overlap", async () => {
  const engine = new RunEngine();
  const order: string[] = [];
  const mover = (name: string) => ({
    name,
    set: async () => {
      order.push(`${name} begins`);
      await after(10);
      order.push(`${name} ends`);
    },
  });
  let status: any;
  async function* plan(): Plan {
    status = yield* msg("set", mover("a"), [1], { group: "g" });
    yield* msg("set", mover("b"), [1], { group: "g" });
    expect(status.done).toBe(false);
    yield* msg("wait", null, [], { group: "g" });
    expect(status.success).toBe(true);
  }
  await engine.run(plan());
  expect(order).toEqual(["a begins", "b begins", "a ends", "b ends"]);
});

test("the waiting hook is told what is waited for, and when it is over", async () => {
  const engine = new RunEngine();
  const told: (number | null)[] = [];
  engine.waitingHook = (statuses) => void told.push(statuses?.size ?? null);
  const [a, b] = [new Motor("a", 10), new Motor("b", 10)];
  await engine.run([
    msg("set", a, [1], { group: "g" }),
    msg("set", b, [1], { group: "g" }),
    msg("wait", null, [], { group: "g" }),
    msg("wait", null, [], { group: "none" }),
  ]);
  expect(told).toEqual([2, null]);
});

test("wait_for tells of each promise how it ended, and gives up after its timeout", async () => {
  const engine = new RunEngine();
  let answer: unknown;
  async function* plan(): Plan {
    answer = yield* msg("wait_for", null, [[async () => 1, () => Promise.reject(new Error("no"))]]);
  }
  await engine.run(plan());
  expect(answer).toEqual([
    { status: "fulfilled", value: 1 },
    { status: "rejected", reason: expect.any(Error) },
  ]);
  await expect(engine.run([msg("wait_for", null, [[() => new Promise(() => {})]], { timeoutMs: 5 })])).rejects.toThrow(
    /within 5 ms/,
  );
  await expect(engine.run([msg("wait_for", null, [[]])])).rejects.toThrow(/at least one/);
});

test("iterate hands the documents on and ends with the result", async () => {
  const engine = new RunEngine();
  const names: string[] = [];
  const documents = engine.iterate(count(new Detector(), 2));
  let step = await documents.next();
  for (; !step.done; step = await documents.next()) names.push(step.value.name);
  expect(names).toEqual(["start", "descriptor", "event", "event", "stop"]);
  expect(step.value.exitStatus).toBe("success");
});

test("iterate goes on only as fast as it is consumed", async () => {
  const engine = new RunEngine();
  let handled = 0;
  engine.messages$.subscribe(() => handled++);
  for await (const document of engine.iterate(count(new Detector(), 3))) {
    const before = handled;
    await after(5);
    expect(handled, document.name).toBe(before);
  }
  expect(engine.state).toBe("idle");
});

test("leaving the loop over iterate aborts the run", async () => {
  const engine = new RunEngine();
  const { named } = record(engine);
  for await (const { name } of engine.iterate(count(new Detector(), 1000))) if (name === "event") break;
  expect(engine.state).toBe("idle");
  expect(named("stop")).toMatchObject([{ exit_status: "abort", reason: expect.stringMatching(/loop/) }]);
});

test("iterate throws what the plan raises, after all its documents", async () => {
  const engine = new RunEngine();
  const names: string[] = [];
  async function* plan(): Plan {
    yield* msg("open_run");
    throw new Error("over");
  }
  await expect(async () => {
    for await (const { name } of engine.iterate(plan())) names.push(name);
  }).rejects.toThrow("over");
  expect(names).toEqual(["start", "stop"]);
});

test("a sink that is full is awaited before the next message, and not at the end", async () => {
  const engine = new RunEngine();
  const order: string[] = [];
  let ready: Promise<void> | undefined;
  engine.subscribe({
    write: ({ name }) => {
      order.push(name);
      ready = after(10).then(() => {
        order.push("caught up");
        ready = undefined;
      });
    },
    get ready() {
      return ready;
    },
    flush: async () => {},
    close: async () => {},
  });
  engine.messages$.subscribe(({ command }) => order.push(command));
  await engine.run([msg("open_run"), msg("null"), msg("close_run")]);
  expect(order).toEqual(["open_run", "start", "caught up", "null", "close_run", "stop"]);
});

test("timers have their turn while a plan with no latency runs, and stop it", async () => {
  const engine = new RunEngine();
  const run = engine.run(count(new Detector(), 1e9));
  for (let i = 0; i < 10; i++) await Promise.all([after(1), message(engine, "trigger")]);
  await Promise.all([expect(run).rejects.toBeInstanceOf(RunInterrupted), engine.abort()]);
});

test("nothing is left on the process after a run, whatever was pressed during it", async () => {
  const names = ["SIGINT", "SIGTERM", "SIGHUP", "uncaughtException"] as const;
  const count = () => names.map((name) => process.listenerCount(name));
  const before = count();
  const engine = new RunEngine({ handleSignals: true });
  const { states } = record(engine);
  const run = engine.run([msg("checkpoint"), msg("sleep", null, [5])]);
  await message(engine, "sleep");
  expect(count()).toEqual(before.map((number) => number + 1));
  process.emit("SIGINT");
  expect(engine.state).toBe("running");
  process.emit("SIGINT");
  await vi.waitFor(() => expect(engine.state).toBe("paused"));
  process.emit("SIGINT");
  await expect(run).rejects.toThrow(/Ctrl-C was pressed three times/);
  expect(states).toEqual(["idle", "running", "pausing", "paused", "aborting", "idle"]);
  expect(count()).toEqual(before);
});

test("SIGTERM stops what moves and aborts", async () => {
  const engine = new RunEngine({ handleSignals: true });
  const motor = new Motor("m1", 5000);
  const run = engine.run([msg("set", motor, [1]), msg("sleep", null, [5])]);
  await message(engine, "sleep");
  process.emit("SIGTERM", "SIGTERM");
  expect(motor.calls).toEqual(["set 1", "stop"]);
  await expect(run).rejects.toThrow(/SIGTERM/);
});
