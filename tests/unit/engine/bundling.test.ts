import { expect, test } from "vitest";
import { IllegalMessageSequence } from "../../../src/engine/errors.ts";
import { Msg, type Plan } from "../../../src/engine/msg.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { triggerAndRead } from "../../../src/plans/stubs/index.ts";
import { Beam, Detector, Motor } from "./fixtures/devices.ts";
import { EventFlyer } from "./fixtures/flyers.ts";
import { count, msg, scan } from "./fixtures/plans.ts";
import { after, message, record } from "./fixtures/record.ts";

const event = (...devices: unknown[]) => [
  msg("create", null, [], { name: "primary" }),
  ...devices.map((device) => msg("read", device)),
  msg("save"),
];

test("a device is described once in a run, and its descriptor has everything that readers need", async () => {
  const engine = new RunEngine();
  const { named } = record(engine);
  const det = Object.assign(new Detector(), {
    hints: { fields: ["det"] },
    readConfiguration: async () => ({ gain: { value: 3, timestamp: 7 } }),
    describeConfiguration: () => ({ gain: { source: "test", dtype: "integer", shape: [] } }),
  });
  await engine.run(count(det, 5));
  expect(det.describes).toBe(1);
  expect(named("descriptor")).toMatchObject([
    {
      name: "primary",
      run_start: named("start")[0].uid,
      data_keys: { det: { dtype: "number", object_name: "det" } },
      object_keys: { det: ["det"] },
      hints: { det: { fields: ["det"] } },
      configuration: { det: { data: { gain: 3 }, timestamps: { gain: 7 }, data_keys: { gain: { dtype: "integer" } } } },
    },
  ]);
  expect(named("event").map(({ seq_num }) => seq_num)).toEqual([1, 2, 3, 4, 5]);
  expect(named("stop")[0].num_events).toEqual({ primary: 5 });
});

test("documents come in their order, stamped with times that never go back", async () => {
  const engine = new RunEngine();
  const { documents } = record(engine);
  await engine.run(scan(new Detector(), new Motor(), [1, 2]));
  expect(documents.map(({ name }) => name)).toEqual(["start", "descriptor", "event", "event", "stop"]);
  const times = documents.map(({ doc }) => (doc as { time: number }).time);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test("devices of one point are read at once, and stand in the event in the plan's order", async () => {
  const engine = new RunEngine();
  const { named } = record(engine);
  let [inFlight, most] = [0, 0];
  const slow = (name: string, ms: number) => {
    const det = new Detector(name);
    const read = det.read.bind(det);
    return Object.assign(det, {
      read: async () => {
        most = Math.max(most, ++inFlight);
        await after(ms);
        inFlight--;
        return read();
      },
    });
  };
  const devices = [slow("a", 20), slow("b", 5), slow("c", 10)];
  async function* plan(): Plan {
    yield* msg("open_run");
    yield* triggerAndRead(devices);
    yield* msg("close_run");
  }
  await engine.run(plan());
  expect(most).toBe(3);
  expect(Object.keys(named("event")[0].data)).toEqual(["a", "b", "c"]);
  expect(devices.map(({ describes }) => describes)).toEqual([1, 1, 1]);
});

test("of devices that are read at once, one that fails drops the event with its own error", async () => {
  const engine = new RunEngine();
  const { named } = record(engine);
  const broken = (name: string) =>
    Object.assign(new Detector(name), { read: () => Promise.reject(new Error(`${name} is dark`)) });
  async function* plan(): Plan {
    yield* msg("open_run");
    yield* triggerAndRead([new Detector("a"), broken("b"), broken("c")]);
  }
  await expect(engine.run(plan())).rejects.toThrow("b is dark");
  expect(named("event")).toEqual([]);
});

test("a bundle in which nothing was read makes no document", async () => {
  const engine = new RunEngine();
  const { documents } = record(engine);
  await engine.run([msg("open_run"), ...event(), msg("close_run")]);
  expect(documents.map(({ name }) => name)).toEqual(["start", "stop"]);
});

test("a dropped bundle makes no event", async () => {
  const engine = new RunEngine();
  const { named } = record(engine);
  const [create, read] = event(new Detector());
  await engine.run([msg("open_run"), create as Msg, read as Msg, msg("drop"), msg("close_run")]);
  expect(named("event")).toEqual([]);
});

test("other devices in a stream that has begun are refused by name", async () => {
  const engine = new RunEngine();
  await expect(engine.run([msg("open_run"), ...event(new Detector("a")), ...event(new Detector("b"))])).rejects.toThrow(
    /stream "primary" are b, but it was begun with a/,
  );
});

test("two devices with one key are refused by name", async () => {
  const engine = new RunEngine();
  await expect(engine.run([msg("open_run"), ...event(new Detector("a"), new Detector("a"))])).rejects.toThrow(
    /"a" of a was read before/,
  );
});

test("messages out of their order are refused", async () => {
  for (const [messages, error] of [
    [[msg("create", null, [], { name: "primary" })], /needs an open run/],
    [[msg("close_run")], /needs an open run/],
    [[msg("open_run"), msg("open_run")], /while a run is open/],
    [[msg("open_run"), msg("save")], /save without create/],
    [[msg("open_run"), msg("create", null, [], { name: "a" }), msg("create", null, [], { name: "b" })], /"a" is open/],
    [[msg("open_run"), msg("create", null, [], { name: "a" }), msg("checkpoint")], /between create and save/],
    [[msg("kickoff", new EventFlyer())], /needs an open run/],
    [[msg("open_run"), msg("unmonitor", new Beam())], /is not monitored/],
  ] as const) {
    const run = new RunEngine().run(messages as readonly Msg[]);
    await expect(run).rejects.toThrow(error);
    await expect(run).rejects.toBeInstanceOf(IllegalMessageSequence);
  }
});

test("runs with different keys are open at once, each with its own documents", async () => {
  const engine = new RunEngine();
  const { named } = record(engine);
  const of = (run: unknown, messages: readonly Msg[]) =>
    messages.map(({ command, obj, args, kwargs }) => new Msg(command, obj, args, kwargs, run));
  const det = new Detector();
  const result = await engine.run([
    ...of("a", [msg("open_run")]),
    ...of("b", [msg("open_run")]),
    ...of("a", event(det)),
    ...of("b", event(det)),
    ...of("a", event(det)),
    ...of("a", [msg("close_run")]),
    ...of("b", [msg("close_run")]),
  ]);
  expect(result.runUids).toHaveLength(2);
  expect(named("stop").map(({ num_events }) => num_events)).toEqual([{ primary: 2 }, { primary: 1 }]);
});

test("configuring a device describes its streams anew, and their numbers go on", async () => {
  const engine = new RunEngine();
  const { named } = record(engine);
  let gain = 1;
  const det = Object.assign(new Detector(), {
    readConfiguration: () => ({ gain: { value: gain, timestamp: 0 } }),
    describeConfiguration: () => ({ gain: { source: "test", dtype: "number", shape: [] } }),
    configure: (value: number) => {
      const old = gain;
      gain = value;
      return [old, value];
    },
  });
  let answer: unknown;
  async function* plan(): Plan {
    yield* msg("open_run");
    yield* event(det);
    answer = yield* msg("configure", det, [5]);
    yield* event(det);
    yield* msg("close_run");
  }
  await engine.run(plan());
  expect(answer).toEqual([1, 5]);
  expect(named("descriptor").map(({ configuration }) => configuration.det.data.gain)).toEqual([1, 5]);
  expect(named("event").map(({ seq_num }) => seq_num)).toEqual([1, 2]);
  expect(named("event")[1].descriptor).toBe(named("descriptor")[1].uid);
});

test("a declared stream keeps the order of its devices and is not described again after a rewind", async () => {
  const engine = new RunEngine();
  const { named } = record(engine);
  const [a, b] = [new Detector("zeta"), new Detector("alpha")];
  const run = engine.run([
    msg("open_run"),
    msg("declare_stream", null, [a, b], { name: "primary" }),
    msg("sleep", null, [0.02]),
    ...event(b, a),
    msg("close_run"),
  ]);
  await message(engine, "sleep");
  await engine.pause();
  await engine.resume();
  await run;
  expect(named("descriptor")).toHaveLength(1);
  expect(Object.keys(named("descriptor")[0].object_keys)).toEqual(["zeta", "alpha"]);
  expect(named("stop")[0].num_events).toEqual({ primary: 1 });
});

test("updates of a monitor are never between create and save, and none is lost", async () => {
  const engine = new RunEngine();
  const { documents } = record(engine);
  const beam = new Beam();
  const slow = new Detector("slow");
  const read = slow.read.bind(slow);
  Object.assign(slow, {
    read: async () => {
      beam.put(1);
      await after(5);
      beam.put(2);
      return read();
    },
  });
  await engine.run([
    msg("open_run"),
    msg("monitor", beam, [], { name: "beam" }),
    ...event(new Detector("first"), slow),
    msg("close_run"),
  ]);
  const order = documents.map(({ name, doc }) => (name === "event" ? Object.keys((doc as any).data).join() : name));
  expect(order).toEqual(["start", "descriptor", "beam", "descriptor", "first,slow", "beam", "beam", "stop"]);
});

test("updates of a monitor are told while the plan sleeps", async () => {
  const engine = new RunEngine();
  const { named } = record(engine);
  const beam = new Beam();
  const run = engine.run([msg("open_run"), msg("monitor", beam), msg("sleep", null, [0.1]), msg("close_run")]);
  await message(engine, "sleep");
  beam.put(7);
  await after(20);
  expect(named("event").map(({ data }) => data.beam)).toEqual([500, 7]);
  await run;
  expect(named("descriptor")[0].name).toBe("beam_monitor");
  expect(beam.subscribers).toBe(0);
});

test("a monitor queue that is full fails the run", async () => {
  const engine = new RunEngine({ monitorQueueSize: 10 });
  const { named } = record(engine);
  const beam = new Beam();
  const flood = Object.assign(new Detector(), {
    read: async () => {
      for (let i = 0; i < 20; i++) beam.put(i);
      return { det: { value: 1, timestamp: 0 } };
    },
  });
  await expect(
    engine.run([msg("open_run"), msg("monitor", beam), ...event(flood), msg("null"), msg("close_run")]),
  ).rejects.toThrow(/monitor of beam fails the run/);
  expect(named("stop")[0].exit_status).toBe("fail");
  expect(named("event").filter(({ data }) => "beam" in data)).toHaveLength(11);
});
