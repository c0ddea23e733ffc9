import { describe, expect, test } from "vitest";
import { type DocumentName, InvalidDocument, validate } from "../../../src/documents/index.ts";
import { thrownBy } from "./fixtures.ts";

const start = { uid: "u", time: 1 };
const descriptor = { uid: "d", time: 1, run_start: "u", name: "primary", data_keys: {} };
const event = { uid: "e", time: 1, descriptor: "d", seq_num: 1, data: { x: 1 }, timestamps: { x: 1 }, filled: {} };
const page = {
  uid: ["a", "b"],
  time: Float64Array.of(1, 2),
  descriptor: "d",
  seq_num: Int32Array.of(1, 2),
  data: { x: BigInt64Array.of(1n, 2n), y: [["a"], ["b"]] },
  timestamps: { x: Float64Array.of(1, 2), y: [1, 2] },
  filled: {},
};

function fault(name: DocumentName, doc: unknown): InvalidDocument {
  const error = thrownBy(() => validate(name, doc as never));
  expect(error).toBeInstanceOf(InvalidDocument);
  return error;
}

describe("the schema", () => {
  test("accepts a document whole or as name and content", () => {
    validate({ name: "event", doc: event });
    validate("event", event);
    validate("start", { ...start, sample: { name: "Cu", thickness: 0.1 }, anything: [1, "two", null] });
  });

  test("refuses a name that is no document's, names of object members included", () => {
    expect(fault("evnt" as DocumentName, event).message).toContain('no document called "evnt"');
    expect(fault("toString" as DocumentName, event).message).toContain("no document");
  });

  test("names the unknown member of an event", () => {
    expect(fault("event", { ...event, seqnum: 1 })).toMatchObject({
      message: 'event e: has no member "seqnum"',
      code: "schema",
      documentName: "event",
      key: "seqnum",
    });
  });

  test("names what is missing and where", () => {
    const error = fault("descriptor", { ...descriptor, data_keys: { x: { dtype: "number", shape: [] } } });
    expect(error.message).toBe('descriptor of stream "primary": "source" is missing in data_keys.x');
    expect(error.stream).toBe("primary");
  });

  test("says which values there are", () => {
    const error = fault("stop", { uid: "s", time: 1, run_start: "u", exit_status: "done" });
    expect(error.message).toContain("exit_status must be equal to one of the allowed values: success, abort, fail");
  });

  test("says which types there may be, and what is wrong inside the alternative that is meant", () => {
    const withKey = (member: object) => {
      const x = { source: "s", dtype: "number", shape: [], ...member };
      return fault("descriptor", { ...descriptor, data_keys: { x } }).message.replace(/^.*: data_keys/, "data_keys");
    };
    expect(withKey({ units: 1 })).toBe("data_keys.x.units must be string or null");
    expect(withKey({ limits: { control: { low: 1 } } })).toContain('"high" is missing in data_keys.x.limits.control');
    expect(withKey({ dtype_numpy: "f8" })).toContain("data_keys.x.dtype_numpy must match pattern");
    expect(fault("event", { ...event, filled: { x: 1 } }).message).toContain("filled.x must be boolean or string");
  });

  test("refuses keys with dots and slashes in metadata and says what to name them", () => {
    expect(fault("start", { ...start, "a.b": 1 })).toMatchObject({ code: "key", key: "a.b" });
    expect(fault("start", { ...start, md: { "a/b": 1 } }).message).toContain(
      'key "a/b" in md has a dot or a slash, and readers can\'t address it: name it "a_b"',
    );
    expect(fault("start", { ...start, "": 1 }).message).toContain("every key needs a name");
  });
});

describe("beyond the schema", () => {
  test("refuses keys that begin with $, which Mongo stores and databroker can't read", () => {
    expect(fault("start", { ...start, md: { $set: 1 } })).toMatchObject({ code: "key", key: "$set" });
    expect(fault("event", { ...event, data: { $x: 1 } }).message).toContain("MongoDB takes for an operator");
    expect(fault("event_page", { ...page, data: { $x: [1, 2] } }).code).toBe("key");
    const dataKeys = { $x: { source: "s", dtype: "number", shape: [] } };
    expect(fault("descriptor", { ...descriptor, data_keys: dataKeys })).toMatchObject({ stream: "primary", key: "$x" });
  });

  test("refuses dots in objects inside arrays, which the upstream schema doesn't look into", () => {
    expect(fault("start", { ...start, md: [{ a: { "b.c": 1 } }] }).message).toContain('key "b.c" in md[0].a');
  });

  test("refuses NaN as a time, and in metadata, but not in data", () => {
    expect(fault("start", { ...start, time: Number.NaN }).code).toBe("time");
    expect(fault("event", { ...event, time: Number.POSITIVE_INFINITY }).code).toBe("time");
    expect(fault("start", { ...start, md: { energy: [Number.NaN] } })).toMatchObject({
      code: "metadata",
      key: "md.energy[0]",
    });
    validate("event", { ...event, data: { x: Number.NaN } });
    validate("descriptor", { ...descriptor, configuration: { det: { data: { x: Number.NaN } } } });
  });

  test("refuses a number beyond 2**53 where event-model takes any integer, because a double can't hold it", () => {
    expect(fault("start", { ...start, scan_id: 9007199254740993n }).key).toBe("scan_id");
    expect(fault("event", { ...event, seq_num: Number.POSITIVE_INFINITY }).key).toBe("seq_num");
  });

  test("refuses ranges of a stream datum that run backwards", () => {
    const datum = {
      uid: "u",
      descriptor: "d",
      stream_resource: "r",
      indices: { start: 0, stop: 1 },
      seq_nums: { start: 2, stop: 1 },
    };
    expect(fault("stream_datum", datum)).toMatchObject({ code: "sequence", key: "seq_nums" });
  });
});

describe("an event page", () => {
  test("has typed arrays, 64-bit integers included, and plain arrays as columns", () => {
    validate("event_page", page);
    validate("event_page", { ...page, time: [1, 2], seq_num: [1, 2], data: { x: [1, 2], y: [1, 2] } });
    validate("event_page", { ...page, uid: [], time: [], seq_num: [], data: {}, timestamps: {} });
  });

  test("may lie over shared memory", () => {
    const time = new Float64Array(new SharedArrayBuffer(16));
    validate("event_page", { ...page, time });
  });

  test("is refused when ragged, and the error names the column", () => {
    const error = fault("event_page", { ...page, data: { ...page.data, z: new Float64Array(3) } });
    expect(error).toMatchObject({ code: "ragged", key: "z" });
    expect(error.message).toContain('data of "z" has 3 rows where the page has 2');
    expect(fault("event_page", { ...page, timestamps: { x: [1] } }).message).toContain('timestamps of "x" has 1 rows');
    expect(fault("event_page", { ...page, time: [1] })).toMatchObject({ code: "ragged", key: "time" });
    expect(fault("event_page", { ...page, filled: { x: [false] } }).code).toBe("ragged");
  });

  test.each([
    ["a row without a time", { time: [1, Number.NaN] }, "time"],
    ["times as integers of 64 bits", { time: BigInt64Array.of(1n, 2n) }, "time"],
    ["a number that isn't whole", { seq_num: Float64Array.of(1, 1.5) }, "column"],
    ["a name that is no string", { uid: ["a", 2] }, "column"],
    ["names in one string", { uid: "ab" }, "column"],
    ["a number in place of a column", { data: { x: 1 } }, "column"],
    ["a DataView in place of a column", { data: { x: new DataView(new ArrayBuffer(2)) } }, "column"],
    ["numbers for filled", { filled: { x: Uint8Array.of(0, 1) } }, "column"],
    ["a null for filled", { filled: { x: [null, false] } }, "column"],
  ])("is refused with %s", (_, change, code) => {
    expect(fault("event_page", { ...page, ...change }).code).toBe(code);
  });
});

test("a datum page is refused when ragged", () => {
  const doc = { datum_id: ["a", "b"], resource: "r", datum_kwargs: { point: [1, 2], frame: Int32Array.of(1) } };
  expect(fault("datum_page", doc)).toMatchObject({ code: "ragged", key: "frame" });
});
