import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Datum,
  type Event,
  packDatumPage,
  packEventPage,
  toWire,
  unpackDatumPage,
  unpackEventPage,
} from "../../../src/documents/index.ts";
import { askPython } from "./oracle.ts";

const value = fc.oneof(fc.double(), fc.integer(), fc.string(), fc.boolean(), fc.array(fc.double()), fc.constant(null));

const streams = fc.sample(
  fc.uniqueArray(fc.constantFrom("x", "y", "det image", "motor"), { maxLength: 3 }).chain((keys) =>
    fc.array(
      fc.record({
        uid: fc.uuid({ version: 4 }),
        time: fc.double({ min: 0, max: 2e9, noNaN: true }),
        descriptor: fc.constant("d"),
        seq_num: fc.nat(),
        data: fc.record(Object.fromEntries(keys.map((key) => [key, value])), { noNullPrototype: true }),
        timestamps: fc.record(Object.fromEntries(keys.map((key) => [key, fc.double({ noNaN: true })])), {
          noNullPrototype: true,
        }),
        filled: fc.record(Object.fromEntries(keys.slice(1).map((key) => [key, fc.boolean()])), {
          noNullPrototype: true,
        }),
      }),
      { minLength: 1, maxLength: 10 },
    ),
  ),
  { numRuns: 500, seed: 20261122 },
) as Event[][];

test("pages packed here are unpacked by event-model to the same events", async () => {
  const unpacked = await askPython("unpack", streams.map(packEventPage));
  expect(unpacked).toEqual(streams);
});

test("pages packed by event-model are the pages packed here, and are unpacked here to the same events", async () => {
  const packed = await askPython("pack", streams);
  expect(packed).toEqual(streams.map(packEventPage));
  expect(packed.map((page) => Array.from(unpackEventPage(page)))).toEqual(streams);
});

const resources = fc.sample(
  fc.uniqueArray(fc.constantFrom("point", "frame", "x y"), { maxLength: 3 }).chain((keys) =>
    fc.array(
      fc.record({
        datum_id: fc.uuid({ version: 4 }),
        datum_kwargs: fc.record(Object.fromEntries(keys.map((key) => [key, value])), { noNullPrototype: true }),
        resource: fc.constant("r"),
      }),
      { minLength: 1, maxLength: 10 },
    ),
  ),
  { numRuns: 500, seed: 20261122 },
) as Datum[][];

test("pages of datum documents go both ways too", async () => {
  const packed = resources.map(packDatumPage);
  expect(await askPython("unpack_datum", packed)).toEqual(resources);
  expect(await askPython("pack_datum", resources)).toEqual(packed);
  expect(packed.map((page) => Array.from(unpackDatumPage(page)))).toEqual(resources);
});

test("a page of typed columns is unpacked by event-model from its plain form", async () => {
  const doc = {
    uid: ["a", "b"],
    time: Float64Array.of(1, 2),
    descriptor: "d",
    seq_num: Int32Array.of(1, 2),
    data: { x: Float64Array.of(0.5, Number.NaN), n: BigInt64Array.of(2n ** 62n, -1n) },
    timestamps: { x: Float64Array.of(1, 2), n: Float64Array.of(1, 2) },
    filled: {},
  };
  const [rows] = await askPython("unpack", [toWire({ name: "event_page", doc }).doc]);
  expect(rows.map(({ data }: Event) => data)).toEqual([
    { x: 0.5, n: 2n ** 62n },
    { x: Number.NaN, n: -1 },
  ]);
});
