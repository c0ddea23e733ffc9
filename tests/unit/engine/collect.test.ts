import { expect, test } from "vitest";
import type { Plan } from "../../../src/engine/msg.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { EventFlyer, FileDetector, PageFlyer, page } from "./fixtures/flyers.ts";
import { msg } from "./fixtures/plans.ts";
import { record } from "./fixtures/record.ts";

test("a page keeps its own times and typed columns, and is numbered by the engine", async () => {
  const engine = new RunEngine();
  const { named, documents } = record(engine);
  const flyer = new PageFlyer("flyer", [page(0, 3), page(3, 2)]);
  let payload: any;
  async function* plan(): Plan {
    yield* msg("open_run");
    yield* msg("kickoff", flyer, [], { group: "k" });
    yield* msg("wait", null, [], { group: "k" });
    yield* msg("complete", flyer, [], { group: "c" });
    yield* msg("wait", null, [], { group: "c" });
    payload = yield* msg("collect", flyer);
    yield* msg("close_run");
  }
  await engine.run(plan());
  expect(documents.map(({ name }) => name)).toEqual(["start", "descriptor", "event_page", "event_page", "stop"]);
  const [first, second] = named("event_page");
  expect(first.data.y).toBe(payload[0].data.y);
  expect(first.data.y).toBeInstanceOf(Float64Array);
  expect([...first.time, ...second.time]).toEqual([1000, 1001, 1002, 1003, 1004]);
  expect([...first.seq_num, ...second.seq_num]).toEqual([1, 2, 3, 4, 5]);
  expect(named("stop")[0].num_events).toEqual({ fly: 5 });
  expect(flyer.collects).toBe(1);
});

test("events that a flyer hands out become one page for each of its streams", async () => {
  const engine = new RunEngine();
  const { named } = record(engine);
  const flyer = new EventFlyer();
  await engine.run([msg("open_run"), msg("kickoff", flyer), msg("collect", flyer), msg("close_run")]);
  expect(named("descriptor").map(({ name }) => name)).toEqual(["a", "b"]);
  expect(named("event_page").map(({ data }) => data)).toEqual([{ x: [1, 3] }, { y: [2] }]);
  expect(named("event_page")[0].time).toEqual([10, 12]);
  expect(named("stop")[0].num_events).toEqual({ a: 2, b: 1 });
});

test("all streams of a flyer are described before its first page, and its files come before the events that need them", async () => {
  const engine = new RunEngine();
  const { documents } = record(engine);
  const resource = { uid: "file", spec: "TIFF", root: "/", resource_path: "f", resource_kwargs: {} };
  const datum = { datum_id: "file/0", resource: "file", datum_kwargs: {} };
  const flyer = Object.assign(new EventFlyer(), {
    *collectAssetDocs() {
      yield { name: "resource", doc: resource };
      yield { name: "datum", doc: datum };
    },
    *collect() {
      yield { data: { y: 2 }, timestamps: { y: 11 }, time: 11 };
    },
  });
  await engine.run([msg("open_run"), msg("kickoff", flyer), msg("collect", flyer), msg("close_run")]);
  const names = documents.map(({ name }) => name);
  expect(names).toEqual(["start", "descriptor", "descriptor", "resource", "datum", "event_page", "stop"]);
  expect(documents.at(-1)?.doc).toMatchObject({ num_events: { a: 0, b: 1 } });
});

test("a flyer that was kicked off and not collected from is collected from before the run ends", async () => {
  const engine = new RunEngine();
  const { named, documents } = record(engine);
  const flyer = new PageFlyer("flyer", [page(0, 3)]);
  async function* plan(): Plan {
    yield* msg("open_run");
    yield* msg("kickoff", flyer);
    throw new Error("over");
  }
  await expect(engine.run(plan())).rejects.toThrow("over");
  expect(documents.map(({ name }) => name)).toEqual(["start", "descriptor", "event_page", "stop"]);
  expect(named("stop")[0]).toMatchObject({ exit_status: "fail", num_events: { fly: 3 } });
});

test("files of several detectors are collected up to what all have written", async () => {
  const engine = new RunEngine();
  const { named, documents } = record(engine);
  const [a, b] = [new FileDetector("a"), new FileDetector("b")];
  async function* plan(): Plan {
    yield* msg("open_run");
    yield* msg("declare_stream", null, [a, b], { name: "main", collect: true });
    a.written = 3;
    b.written = 2;
    yield* msg("collect", a, [b], { name: "main" });
    a.written = b.written = 5;
    yield* msg("collect", a, [b], { name: "main" });
    yield* msg("close_run");
  }
  await engine.run(plan());
  expect(documents.map(({ name }) => name)).toEqual([
    ...["start", "descriptor", "stream_resource", "stream_datum", "stream_resource", "stream_datum"],
    ...["stream_datum", "stream_datum", "stop"],
  ]);
  const data = named("stream_datum");
  expect(data.map(({ indices }) => indices.stop)).toEqual([2, 2, 5, 5]);
  expect(data.map(({ seq_nums }) => seq_nums)).toEqual([
    { start: 1, stop: 3 },
    { start: 1, stop: 3 },
    { start: 3, stop: 6 },
    { start: 3, stop: 6 },
  ]);
  expect(data[0].descriptor).toBe(named("descriptor")[0].uid);
  expect(named("stop")[0].num_events).toEqual({ main: 5 });
});

test("collect into a stream that was not declared is refused with its name", async () => {
  const engine = new RunEngine();
  await expect(
    engine.run([msg("open_run"), msg("collect", new PageFlyer("flyer", []), [], { name: "other" })]),
  ).rejects.toThrow(/"other".*flyer.*declare_stream/);
});
