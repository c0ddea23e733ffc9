import fc from "fast-check";
import { BSON } from "mongodb";
import { describe, expect, it } from "vitest";
import { convertersOf } from "../../../src/documents/sinks/mongo/bson.ts";
import { encode } from "../../../src/documents/sinks/mongo/encode.ts";
import { EventTemplate } from "../../../src/documents/sinks/mongo/event-template.ts";
import { NORMALIZED } from "../../../src/documents/sinks/mongo/rows.ts";

const KEYS = ["x", "motor x", "ü", "1", "n", "a-very-long-name-of-a-data-key"];
const UID = "0c8f1a3e-6d2b-4f57-9a61-7be2d40f9c35";
const SHAPE = { descriptor: "größer", data: ["x", "n"], timestamps: ["x", "n"] };

const converters = convertersOf({
  x: { dtype: "number", shape: [], source: "sim" },
  n: { dtype: "integer", shape: [], source: "sim" },
});

function template(): EventTemplate {
  const made = EventTemplate.of(SHAPE, converters, UID);
  if (made === undefined) throw new Error("no template");
  return made;
}

describe("the template of a stream's events", () => {
  it("makes the very bytes that the conversions and the driver make of an event", () => {
    const number = fc.oneof(
      fc.double({ min: -(2 ** 62), max: 2 ** 62, noDefaultInfinity: true }),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 63), 2 ** 31, -(2 ** 32) - 1),
    );
    const stream = fc.record({
      keys: fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom("number", "integer")), {
        selector: ([key]) => key,
      }),
      uid: fc.oneof(fc.uuid(), fc.constantFrom("", "u", "größer")),
      seqNum: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      time: fc.double(),
      numbers: fc.array(number, { minLength: 2 * KEYS.length, maxLength: 2 * KEYS.length }),
    });
    fc.assert(
      fc.property(stream, ({ keys, uid, seqNum, time, numbers }) => {
        const convert = convertersOf(
          Object.fromEntries(keys.map(([key, dtype]) => [key, { dtype: dtype as "number", shape: [], source: "sim" }])),
        );
        const of = (first: number) => Object.fromEntries(keys.map(([key], at) => [key, numbers[first + at]]));
        const [data, timestamps] = [of(0), of(keys.length) as Record<string, number>];
        const doc = { uid, time, descriptor: "d", seq_num: seqNum, data, timestamps, filled: {} };
        const names = Object.keys(data);
        const made = EventTemplate.of({ descriptor: "d", data: names, timestamps: names }, convert, uid);
        const values = [...Object.values(data), ...Object.values(timestamps)];
        const bytes = made?.fill(uid, time, seqNum, values, 0);
        const row = NORMALIZED.rows({ name: "event", doc }, () => convert).row(0) as Record<string, unknown>;
        expect(bytes).toEqual(uid === "größer" ? undefined : Buffer.from(encode(row)));
      }),
    );
  });

  it("can be filled again and again, the types of integers included", () => {
    const made = template();
    for (const [x, n] of [
      [1, 2],
      [0.5, 0.5],
      [Number.NaN, -7],
    ]) {
      const bytes = made.fill(UID, 1, 1, [x, n, 10, 20], 0) as Buffer;
      expect(BSON.deserialize(bytes)).toMatchObject({ data: { x, n }, timestamps: { x: 10, n: 20 } });
    }
  });

  it("leaves what doesn't fit to the others: other values, other lengths, numbers that need more room", () => {
    const made = template();
    const good = [1, 2, 3, 4];
    expect(made.fill(UID, 1, 1, good, 0)).toBeDefined();
    expect(made.fill("short", 1, 1, good, 0)).toBeUndefined();
    expect(made.fill(UID, undefined, 1, good, 0)).toBeUndefined();
    expect(made.fill(UID, 1, 2 ** 31, good, 0)).toBeUndefined();
    expect(made.fill(UID, 1, 1.5, good, 0)).toBeUndefined();
    for (const value of ["1", 1n, null, undefined, 2 ** 63]) {
      expect(made.fill(UID, 1, 1, [1, value, 3, 4], 0)).toBeUndefined();
    }
  });

  it("is not there for streams that have more than numbers, or whose descriptor nobody knows", () => {
    const more = convertersOf({ x: { dtype: "string", shape: [], source: "sim" } });
    for (const known of [more, new Map()]) expect(EventTemplate.of(SHAPE, known, UID)).toBeUndefined();
  });
});
