import { describe, expect, test } from "vitest";
import {
  composeRun,
  type DataKey,
  type Document,
  DocumentError,
  MismatchedDataKeys,
  validate,
} from "../../../src/documents/index.ts";
import { createClock } from "../../../src/documents/wall-clock.ts";
import { events, newRun, newStream, number, point, thrownBy, waveform } from "./fixtures.ts";

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("a run", () => {
  test("begins with its metadata, a uid and the time", () => {
    const { start } = newRun({ metadata: { plan_name: "count", scan_id: 3 } });
    expect(start).toEqual({ uid: expect.stringMatching(uuid4), time: 1000, plan_name: "count", scan_id: 3 });
  });

  test("refuses metadata that would replace its uid or time", () => {
    expect(thrownBy(() => newRun({ metadata: { uid: "mine" } }))).toMatchObject({ code: "metadata", key: "uid" });
  });

  test("is validated from its start on, unless told otherwise", () => {
    expect(thrownBy(() => newRun({ metadata: { "a.b": 1 } })).code).toBe("key");
    expect(newRun({ metadata: { "a.b": 1 }, validate: false }).start["a.b"]).toBe(1);
  });

  test("ends with the number of events of each stream, those without events too", () => {
    const run = newRun();
    const primary = run.composeDescriptor({ name: "primary", dataKeys: { x: number } });
    run.composeDescriptor({ name: "baseline", dataKeys: { y: number } });
    events(3, primary);
    expect(run.composeStop({ exitStatus: "abort", reason: "beam lost" })).toMatchObject({
      run_start: run.start.uid,
      exit_status: "abort",
      reason: "beam lost",
      num_events: { primary: 3, baseline: 0 },
    });
  });

  test("makes only documents that validate", () => {
    const run = newRun();
    const stream = run.composeDescriptor({ name: "primary", dataKeys: { x: number, w: waveform } });
    const { streamResource } = run.composeStreamResource({ dataKey: "i", mimetype: "m", uri: "u", parameters: {} });
    const resource = run.composeResource({ spec: "s", root: "/", resourcePath: "p", resourceKwargs: {} });
    const documents: Document[] = [
      { name: "start", doc: run.start },
      { name: "descriptor", doc: stream.descriptor },
      { name: "event", doc: stream.composeEvent(point({ x: 1, w: Float64Array.of(1, 2, 3) })) },
      { name: "stream_resource", doc: streamResource },
      { name: "resource", doc: resource.resource },
      { name: "datum", doc: resource.composeDatum({ point: 1 }) },
      { name: "datum_page", doc: resource.composeDatumPage({ point: Int32Array.of(2, 3) }) },
      { name: "stop", doc: run.composeStop() },
    ];
    for (const document of documents) validate(document);
    const ids = documents.flatMap(({ doc }) => (doc as { datum_id?: string }).datum_id ?? []);
    expect(ids).toEqual([0, 1, 2].map((n) => `${resource.resource.uid}/${n}`));
  });
});

describe("a descriptor", () => {
  test("has all members that readers require, though the schema calls them optional", () => {
    const { descriptor } = newRun().composeDescriptor({
      name: "primary",
      dataKeys: { x: number },
      configuration: { det: { data: { gain: 1 } } },
    });
    expect(descriptor).toMatchObject({
      name: "primary",
      object_keys: {},
      hints: {},
      configuration: { det: { data: { gain: 1 }, timestamps: {}, data_keys: {} } },
    });
  });

  test("puts scalars before arrays, because databroker pairs a subset of keys with the shapes of all", () => {
    const dataKeys = { w: waveform, x: number, v: waveform, y: number };
    expect(Object.keys(newStream(dataKeys).descriptor.data_keys)).toEqual(["x", "y", "w", "v"]);
  });

  test("names numpy's type of scalars, and never the width of strings, which databroker would cut them to", () => {
    const key = (dtype: DataKey["dtype"]): DataKey => ({ source: "s", dtype, shape: [] });
    const { data_keys } = newStream({
      f: key("number"),
      i: key("integer"),
      b: key("boolean"),
      s: key("string"),
      e: { ...key("integer"), dtype_numpy: "<i2" },
    }).descriptor;
    expect(Object.entries(data_keys).map(([name, dataKey]) => [name, dataKey.dtype_numpy])).toEqual([
      ["f", "<f8"],
      ["i", "<i8"],
      ["b", "|b1"],
      ["s", undefined],
      ["e", "<i2"],
    ]);
  });

  test("that isn't one is refused by what is wrong with it", () => {
    const error = thrownBy(() => newStream({ x: undefined as unknown as DataKey }));
    expect(error).toMatchObject({ name: "InvalidDocument", stream: "primary" });
    expect(error.message).toContain("data_keys.x");
  });

  test("of the same stream continues its numbers after a configure", () => {
    const run = newRun();
    const first = run.composeDescriptor({ name: "primary", dataKeys: { x: number } });
    events(2, first);
    const second = run.composeDescriptor({ name: "primary", dataKeys: { x: { ...number, units: "mm" } } });
    expect(events(1, second)[0]).toMatchObject({ seq_num: 3, descriptor: second.descriptor.uid });
    expect(events(1, first)[0]).toMatchObject({ seq_num: 4, descriptor: first.descriptor.uid });
  });

  test("of the same stream with other keys is refused, and the key named", () => {
    const run = newRun();
    run.composeDescriptor({ name: "primary", dataKeys: { x: number } });
    const added = thrownBy(() => run.composeDescriptor({ name: "primary", dataKeys: { x: number, y: number } }));
    expect(added).toBeInstanceOf(MismatchedDataKeys);
    expect(added.message).toContain('stream "primary" was described with other keys in this run: "y" is new');
    expect(thrownBy(() => run.composeDescriptor({ name: "primary", dataKeys: {} })).message).toContain("missing now");
  });
});

describe("an event", () => {
  test("is numbered from 1, stamped with the run's clock, and always has filled", () => {
    const [first, second] = events(2);
    expect(first).toEqual({
      uid: expect.stringMatching(uuid4),
      time: 1002,
      descriptor: expect.stringMatching(uuid4),
      seq_num: 1,
      data: { x: 0 },
      timestamps: { x: 999 },
      filled: {},
    });
    expect(second).toMatchObject({ seq_num: 2, time: 1003 });
  });

  test("has external keys unfilled, and lacks those that a stream resource holds", () => {
    const stream = newStream({
      x: number,
      image: { ...waveform, external: "FILESTORE:" },
      frames: { ...waveform, external: "STREAM:" },
    });
    expect(stream.composeEvent(point({ x: 1, image: "id/0" })).filled).toEqual({ image: false });
    const error = thrownBy(() => stream.composeEvent(point({ x: 1, image: "id/1", frames: [1] })));
    expect(error.message).toContain('have "frames"');
    expect(error.message).toContain("what a stream resource holds is not put into events");
  });

  test("with an unknown key is refused with a message, where upstream has a bare KeyError", () => {
    const error = thrownBy(() => newStream().composeEvent(point({ x: 1, z: 2 })));
    expect(error).toBeInstanceOf(MismatchedDataKeys);
    expect(error).toMatchObject({ stream: "primary", key: "z", code: "mismatched-keys" });
    expect(error.message).toBe(
      'the data of an event of stream "primary" have "z", which the descriptor doesn\'t know: read must answer with the keys of describe',
    );
  });

  test("whose keys aren't the descriptor's fails when it is made, not when it is read years later", () => {
    const stream = newStream({ x: number, y: number });
    expect(thrownBy(() => stream.composeEvent(point({ x: 1 }))).message).toContain('lack "y"');
    const { data, timestamps } = point({ x: 1, y: 2 });
    expect(thrownBy(() => stream.composeEvent({ data, timestamps: { x: 1 } })).message).toContain(
      'timestamps of an event of stream "primary" lack "y"',
    );
    expect(thrownBy(() => stream.composeEvent({ data: { ...data, y: undefined }, timestamps })).key).toBe("y");
    expect(thrownBy(() => stream.composeEvent({ data, timestamps, filled: { z: true } })).key).toBe("z");
  });

  test("takes no number while it is refused", () => {
    const stream = newStream();
    thrownBy(() => stream.composeEvent({ ...point({ x: 1 }), time: Number.NaN }));
    expect(events(1, stream)[0]?.seq_num).toBe(1);
  });

  test("can't lower its stream's numbers, as upstream's can", () => {
    const stream = newStream();
    expect(stream.composeEvent({ ...point({ x: 1 }), seqNum: 11 }).seq_num).toBe(11);
    const error = thrownBy(() => stream.composeEvent({ ...point({ x: 1 }), seqNum: 2 }));
    expect(error).toBeInstanceOf(DocumentError);
    expect(error.message).toContain('seq_num 2 of stream "primary" is out of order: the next is 12');
  });

  test("reports once for each key that a value doesn't fit its shape or type", () => {
    const warnings: string[] = [];
    const run = newRun({ onMismatch: (warning) => warnings.push(warning) });
    const stream = run.composeDescriptor({ name: "primary", dataKeys: { x: number, w: waveform } });
    for (let i = 0; i < 3; i++) stream.composeEvent(point({ x: "far", w: [1, 2] }));
    expect(warnings).toEqual([
      expect.stringContaining('"x" of stream "primary" is a string, not a number'),
      expect.stringContaining('"w" of stream "primary" has 2 elements on axis 0 where its shape [3] says 3'),
    ]);
  });
});

test("a stream reports the keys that databroker can't read, whatever their values", () => {
  const warnings: string[] = [];
  const run = newRun({ onMismatch: (warning) => warnings.push(warning) });
  const open = { ...waveform, shape: [null] };
  run.composeDescriptor({ name: "primary", dataKeys: { x: number, time: number, w: open } });
  expect(warnings).toEqual([
    expect.stringContaining('"time" of stream "primary" hides behind the events\' own times'),
    expect.stringContaining('"w" of stream "primary" has a shape without a length, [null]'),
  ]);
});

describe("an event page", () => {
  const columns = (x: ArrayLike<unknown>) => ({ data: { x }, timestamps: { x: new Float64Array(x.length) } });

  test("keeps its columns and its rows' own times, and is numbered on", () => {
    const stream = newStream();
    events(1, stream);
    const x = Float64Array.of(1, 2, 3);
    const time = Float64Array.of(5, 6, 7);
    const page = stream.composeEventPage({ ...columns(x), time });
    expect(page.data.x).toBe(x);
    expect(page.time).toBe(time);
    expect(Array.from(page.seq_num)).toEqual([2, 3, 4]);
    expect(new Set(page.uid).size).toBe(3);
    for (const uid of page.uid) expect(uid).toMatch(uuid4);
    expect(page.filled).toEqual({});
    expect(events(1, stream)[0]?.seq_num).toBe(5);
  });

  test("with columns of different lengths is refused with a message, where upstream has an AssertionError", () => {
    const error = thrownBy(() => newStream().composeEventPage({ ...columns([1, 2]), time: [1, 2, 3] }));
    expect(error).toMatchObject({ name: "InvalidDocument", code: "ragged", key: "x" });
  });

  test("with its own numbers moves the stream to the last of them, not by how many there are", () => {
    const stream = newStream();
    stream.composeEventPage({ ...columns([1]), time: [1], seqNum: [100] });
    expect(events(1, stream)[0]?.seq_num).toBe(101);
    const falling = () => stream.composeEventPage({ ...columns([1, 2]), time: [1, 2], seqNum: [103, 102] });
    expect(thrownBy(falling).code).toBe("sequence");
  });

  test("has a row of false for each external key", () => {
    const stream = newStream({ image: { ...waveform, external: "FILESTORE:" } });
    const page = stream.composeEventPage({ data: { image: ["a", "b"] }, timestamps: { image: [1, 2] }, time: [1, 2] });
    expect(page.filled).toEqual({ image: [false, false] });
  });

  test("reports a column whose values don't fit its data key", () => {
    const warnings: string[] = [];
    const run = newRun({ onMismatch: (warning) => warnings.push(warning) });
    const stream = run.composeDescriptor({ name: "fly", dataKeys: { x: number } });
    stream.composeEventPage({ ...columns(Float64Array.of(1)), time: [1] });
    expect(warnings).toEqual([]);
    stream.composeEventPage({ ...columns([["a"]]), time: [1] });
    expect(warnings).toEqual([expect.stringContaining('"x" of stream "fly" is an Array, not a number')]);
  });

  test("without rows takes no number", () => {
    const stream = newStream();
    expect(stream.composeEventPage({ ...columns([]), time: [] }).uid).toEqual([]);
    expect(events(1, stream)[0]?.seq_num).toBe(1);
  });
});

describe("a rewind", () => {
  test("repeats the numbers of the streams that are named and leaves the others alone", () => {
    const run = newRun();
    const primary = run.composeDescriptor({ name: "primary", dataKeys: { x: number } });
    const monitor = run.composeDescriptor({ name: "monitor", dataKeys: { x: number } });
    events(1, primary);
    const checkpoint = run.eventCounters;
    events(1, primary);
    events(2, monitor);
    run.rewind([["primary", checkpoint.get("primary") ?? 1]]);
    expect(events(2, primary).map((event) => event.seq_num)).toEqual([2, 3]);
    expect(events(1, monitor)[0]?.seq_num).toBe(3);
    expect(run.composeStop().num_events).toEqual({ primary: 3, monitor: 3 });
  });

  test("that ends in an abort still counts the events that are stored", () => {
    const run = newRun();
    const stream = run.composeDescriptor({ name: "primary", dataKeys: { x: number } });
    events(3, stream);
    run.rewind([["primary", 1]]);
    expect(run.composeStop({ exitStatus: "abort" }).num_events).toEqual({ primary: 3 });
  });

  test("can't go forward, nor to a stream that doesn't exist", () => {
    const run = newRun();
    run.composeDescriptor({ name: "primary", dataKeys: { x: number } });
    expect(thrownBy(() => run.rewind([["primary", 2]])).code).toBe("sequence");
    expect(thrownBy(() => run.rewind([["other", 1]])).stream).toBe("other");
  });
});

test("nothing can be composed after the stop, as upstream lets one", () => {
  const run = newRun();
  const stream = run.composeDescriptor({ name: "primary", dataKeys: { x: number } });
  const resource = run.composeResource({ spec: "s", root: "/", resourcePath: "p", resourceKwargs: {} });
  const streamResource = run.composeStreamResource({ dataKey: "i", mimetype: "m", uri: "u", parameters: {} });
  run.composeStop();
  const late = [
    () => events(1, stream),
    () => stream.composeEventPage({ data: { x: [1] }, timestamps: { x: [1] }, time: [1] }),
    () => stream.takeSeqNums(1),
    () => run.composeDescriptor({ name: "primary", dataKeys: { x: number } }),
    () => run.composeResource({ spec: "s", root: "/", resourcePath: "p", resourceKwargs: {} }),
    () => resource.composeDatum({}),
    () => resource.composeDatumPage({ x: [1] }),
    () => streamResource.composeStreamDatum({ indices: { start: 0, stop: 1 } }),
    () => run.composeStop(),
  ];
  for (const action of late) expect(thrownBy(action)).toMatchObject({ code: "closed" });
});

test("a stop that is refused leaves the run open", () => {
  const run = newRun();
  expect(thrownBy(() => run.composeStop({ exitStatus: "done" as "success" })).code).toBe("schema");
  expect(run.isClosed).toBe(false);
  run.composeStop();
  expect(run.isClosed).toBe(true);
});

test("stream data get the numbers of their events from the stream, ranges the right way round", () => {
  const run = newRun();
  const stream = run.composeDescriptor({ name: "primary", dataKeys: { i: { ...waveform, external: "STREAM:" } } });
  const images = run.composeStreamResource({ dataKey: "i", mimetype: "m", uri: "u", parameters: {} });
  expect(images.composeStreamDatum({ indices: { start: 5, stop: 9 } })).toMatchObject({
    uid: `${images.streamResource.uid}/0`,
    indices: { start: 5, stop: 9 },
    seq_nums: { start: 0, stop: 0 },
    descriptor: "",
  });
  expect(stream.takeSeqNums(3)).toEqual({ start: 1, stop: 4 });
  expect(stream.takeSeqNums(0)).toEqual({ start: 4, stop: 4 });
  expect(run.composeStop().num_events).toEqual({ primary: 3 });
});

describe("the clock of a run", () => {
  test("is the wall clock, in seconds", () => {
    const before = Date.now() / 1000;
    const { time } = composeRun().start;
    expect(time).toBeGreaterThan(before - 0.01);
    expect(time).toBeLessThan(Date.now() / 1000 + 0.01);
  });

  test("stands still while the wall clock is set back, and follows it forward", () => {
    let wall = 1_000_000;
    const clock = createClock(() => wall);
    const first = clock();
    wall -= 3_600_000;
    const second = clock();
    expect(second).toBeGreaterThanOrEqual(first);
    expect(second).toBeLessThan(first + 1);
    wall += 7_200_000;
    expect(clock()).toBeCloseTo(wall / 1000, 1);
  });
});
