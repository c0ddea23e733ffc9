import { expect, test } from "vitest";
import { type Document, deepFreeze, toWire } from "../../../src/documents/index.ts";
import { events, thrownBy } from "./fixtures.ts";

test("columns become plain arrays, with integers of 64 bits and NaN as they are", () => {
  const document: Document = {
    name: "event_page",
    doc: {
      uid: ["a", "b"],
      time: Float64Array.of(1, 2),
      descriptor: "d",
      seq_num: Int32Array.of(1, 2),
      data: { x: BigInt64Array.of(1n, 2n ** 60n), w: [Float32Array.of(0.5), Float32Array.of(Number.NaN)] },
      timestamps: { x: Float64Array.of(1, 2), w: [1, 2] },
    },
  };
  expect(toWire(deepFreeze(document)).doc).toEqual({
    uid: ["a", "b"],
    time: [1, 2],
    descriptor: "d",
    seq_num: [1, 2],
    data: { x: [1n, 2n ** 60n], w: [[0.5], [Number.NaN]] },
    timestamps: { x: [1, 2], w: [1, 2] },
  });
});

test("columns over shared memory become plain arrays too", () => {
  const shared = new Float64Array(new SharedArrayBuffer(16));
  expect(toWire({ name: "start", doc: { uid: "u", time: 1, shared } }).doc.shared).toEqual([0, 0]);
});

test("a document that is plain already is passed on, not copied", () => {
  const [doc] = events(1);
  const document = { name: "event", doc } as Document;
  expect(toWire(document)).toBe(document);
});

test("only what changes is copied", () => {
  const doc = deepFreeze({ uid: "u", time: 1, kept: { a: [1] }, changed: { gone: undefined, b: Uint8Array.of(1) } });
  const wire = toWire({ name: "start", doc }).doc;
  expect(wire).toStrictEqual({ uid: "u", time: 1, kept: { a: [1] }, changed: { b: [1] } });
  expect(wire.kept).toBe(doc.kept);
});

test.each([
  ["a Date", new Date(0), "start.md.x is a Date"],
  ["a Map", new Map(), "start.md.x is a Map"],
  ["a function", () => 1, "start.md.x is a function"],
  ["an ArrayBuffer", new ArrayBuffer(1), "start.md.x is an ArrayBuffer"],
])("%s is refused and its place named, where JSON and BSON would quietly change it", (_, x, message) => {
  const error = thrownBy(() => toWire({ name: "start", doc: { uid: "u", time: 1, md: { x } } }));
  expect(error).toMatchObject({ code: "unencodable", key: "start.md.x" });
  expect(error.message).toContain(message);
});

test("an object that holds itself is refused", () => {
  const loop: Record<string, unknown> = {};
  loop.loop = loop;
  expect(thrownBy(() => toWire({ name: "start", doc: { uid: "u", time: 1, loop } })).code).toBe("unencodable");
});
