import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bulkDatumToDatumPage,
  bulkEventsToEventPages,
  deepFreeze,
  type Event,
  type EventPage,
  mergeDatumPages,
  mergeEventPages,
  packDatumPage,
  packEventPage,
  rechunkDatumPages,
  rechunkEventPages,
  UnfilledData,
  unpackDatumPage,
  unpackEventPage,
  validate,
  verifyFilled,
} from "../../../src/documents/index.ts";
import { events, thrownBy } from "./fixtures.ts";

const value = fc.oneof(fc.double(), fc.bigInt(), fc.string(), fc.boolean(), fc.array(fc.integer()), fc.constant(null));
const keys = fc.uniqueArray(
  fc.string({ minLength: 1 }).filter((key) => key !== "__proto__"),
  { maxLength: 5 },
);

/** Events of one stream, with whatever values. */
const streamOfEvents: fc.Arbitrary<Event[]> = keys.chain((names) =>
  fc.array(
    fc.record({
      uid: fc.uuid({ version: 4 }),
      time: fc.double({ noNaN: true, noDefaultInfinity: true }),
      descriptor: fc.constant("d"),
      seq_num: fc.nat(),
      data: fc.record(Object.fromEntries(names.map((name) => [name, value])), { noNullPrototype: true }),
      timestamps: fc.record(Object.fromEntries(names.map((name) => [name, fc.double()])), { noNullPrototype: true }),
      filled: fc.record(Object.fromEntries(names.slice(0, 1).map((name) => [name, fc.boolean()])), {
        noNullPrototype: true,
      }),
    }),
    { minLength: 1, maxLength: 40 },
  ),
);

describe("packing", () => {
  test("and unpacking gives the events that were packed", () => {
    fc.assert(
      fc.property(streamOfEvents, (rows) => {
        expect(Array.from(unpackEventPage(packEventPage(deepFreeze(rows))))).toEqual(rows);
      }),
    );
  });

  test("gives a page that validates", () => {
    const page = packEventPage(events(3));
    validate("event_page", page);
    expect(page).toMatchObject({ seq_num: [1, 2, 3], data: { x: [0, 0.5, 1] }, filled: {} });
  });

  test("of ragged events is refused, where upstream gives the values of one event to another", () => {
    const [first, second] = events(2) as [Event, Event];
    const wider = { ...second, data: { ...second.data, y: 5 } };
    expect(thrownBy(() => packEventPage([first, wider]))).toMatchObject({ code: "ragged", key: "y" });
    expect(thrownBy(() => packEventPage([wider, first])).message).toContain('data of document 1 lacks "y"');
    expect(thrownBy(() => packEventPage([first, { ...second, timestamps: {} }])).message).toContain("timestamps");
  });

  test("of events of two descriptors is refused, where upstream takes the last one's", () => {
    const [first, second] = events(2) as [Event, Event];
    const error = thrownBy(() => packEventPage([first, { ...second, descriptor: "other" }]));
    expect(error).toMatchObject({ code: "mixed-streams", key: "descriptor" });
  });

  test("of nothing is refused", () => {
    expect(thrownBy(() => packEventPage([])).message).toContain("at least one document is needed");
  });

  test("of data of a resource and unpacking gives them back", () => {
    const data = [1, 2].map((point) => ({ datum_id: `r/${point}`, resource: "r", datum_kwargs: { point } }));
    const page = packDatumPage(data);
    expect(page).toEqual({ datum_id: ["r/1", "r/2"], resource: "r", datum_kwargs: { point: [1, 2] } });
    expect(Array.from(unpackDatumPage(page))).toEqual(data);
  });
});

describe("unpacking", () => {
  const page: EventPage = {
    uid: ["a", "b"],
    time: Float64Array.of(1, 2),
    descriptor: "d",
    seq_num: Int32Array.of(4, 5),
    data: { x: BigInt64Array.of(7n, 8n) },
    timestamps: { x: Float64Array.of(1, 2) },
  };

  test("typed columns gives plain values, and filled even when the page has none", () => {
    expect(Array.from(unpackEventPage(page))[1]).toEqual({
      uid: "b",
      time: 2,
      descriptor: "d",
      seq_num: 5,
      data: { x: 8n },
      timestamps: { x: 2 },
      filled: {},
    });
  });

  test("a page without data gives events without data", () => {
    const rows = Array.from(unpackEventPage({ ...page, data: {}, timestamps: {} }));
    expect(rows.map(({ uid, data }) => [uid, data])).toEqual([
      ["a", {}],
      ["b", {}],
    ]);
  });

  test("a ragged page is refused", () => {
    const ragged = { ...page, data: { x: [1, 2], y: [1, 2, 3] } };
    expect(thrownBy(() => Array.from(unpackEventPage(ragged)))).toMatchObject({ code: "ragged", key: "y" });
    const datum = { datum_id: ["a"], resource: "r", datum_kwargs: { point: [] } };
    expect(thrownBy(() => Array.from(unpackDatumPage(datum)))).toMatchObject({ code: "ragged", key: "point" });
  });
});

describe("merging", () => {
  test("joins typed columns of one kind in a typed array and others in a plain one", () => {
    const [one] = events(1) as [Event];
    const typed = (x: ArrayLike<number>): EventPage => ({
      ...packEventPage([one]),
      data: { x },
      time: Float64Array.of(1),
    });
    const merged = mergeEventPages([typed(Int16Array.of(1)), typed(Int16Array.of(2))]);
    expect(merged.data.x).toEqual(Int16Array.of(1, 2));
    expect(merged.time).toEqual(Float64Array.of(1, 1));
    expect(mergeEventPages([typed(Int16Array.of(1)), typed([2])]).data.x).toEqual([1, 2]);
  });

  test("works on pages without filled, where upstream has a KeyError", () => {
    const { filled: _, ...page } = packEventPage(events(2));
    expect(mergeEventPages([page, page]).uid).toHaveLength(4);
    expect(Array.from(rechunkEventPages([page], 1))).toHaveLength(2);
    verifyFilled(page);
  });

  test("pages of two descriptors or with other keys is refused", () => {
    const page = packEventPage(events(1));
    expect(thrownBy(() => mergeEventPages([page, { ...page, descriptor: "other" }])).code).toBe("mixed-streams");
    expect(thrownBy(() => mergeEventPages([page, { ...page, data: {} }]))).toMatchObject({ code: "ragged", key: "x" });
  });
});

describe("rechunking", () => {
  test("keeps each row and its order, and fills all pages but the last", () => {
    const split = fc.tuple(streamOfEvents, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }));
    fc.assert(
      fc.property(split, ([rows, before, after]) => {
        const pages = Array.from(rechunkEventPages([packEventPage(rows)], before));
        const chunks = Array.from(rechunkEventPages(pages, after));
        expect(chunks.slice(0, -1).every((chunk) => chunk.uid.length === after)).toBe(true);
        expect(chunks.at(-1)?.uid.length).toBeLessThanOrEqual(after);
        expect(chunks.flatMap((chunk) => Array.from(unpackEventPage(chunk)))).toEqual(rows);
      }),
    );
  });

  test("by bytes makes pages no larger than that, but for single rows that are", () => {
    const text = (row: number) => "x".repeat(row === 3 ? 5000 : 100);
    const rows = events(10).map((event, row) => ({ ...event, data: { x: text(row) } }));
    const chunks = Array.from(rechunkEventPages([packEventPage(rows)], { bytes: 500 }));
    expect(chunks.map((chunk) => chunk.uid.length)).toEqual([3, 1, 3, 3]);
    expect(chunks.flatMap((chunk) => Array.from(unpackEventPage(chunk)))).toEqual(rows);
  });

  test("gives views of typed columns, not copies", () => {
    const [first, second] = events(2) as [Event, Event];
    const x = Float64Array.of(1, 2);
    const chunks = Array.from(rechunkEventPages([{ ...packEventPage([first, second]), data: { x } }], 1));
    expect(chunks.map(({ data }) => data.x)).toEqual([Float64Array.of(1), Float64Array.of(2)]);
    expect(chunks.every(({ data }) => ArrayBuffer.isView(data.x) && data.x.buffer === x.buffer)).toBe(true);
  });

  test("never mixes descriptors, and begins a page at each change", () => {
    const page = packEventPage(events(3));
    const chunks = Array.from(rechunkEventPages([page, { ...page, descriptor: "other" }], 2));
    expect(chunks.map(({ descriptor, uid }) => [descriptor, uid.length])).toEqual([
      [page.descriptor, 2],
      [page.descriptor, 1],
      ["other", 2],
      ["other", 1],
    ]);
  });

  test("to a size of nothing is refused", () => {
    expect(thrownBy(() => Array.from(rechunkEventPages([], 0)))).toBeInstanceOf(RangeError);
    expect(thrownBy(() => Array.from(rechunkEventPages([], { bytes: 0 })))).toBeInstanceOf(RangeError);
  });

  test("works on data of resources too", () => {
    const page = { datum_id: ["a", "b", "c"], resource: "r", datum_kwargs: { point: Int32Array.of(1, 2, 3) } };
    const chunks = Array.from(rechunkDatumPages([page, page], 4));
    expect(chunks.map(({ datum_id }) => datum_id.join(""))).toEqual(["abca", "bc"]);
    expect(mergeDatumPages(chunks).datum_kwargs.point).toEqual(Int32Array.of(1, 2, 3, 1, 2, 3));
  });
});

test("unfilled data is reported with all keys, where upstream names the first", () => {
  const [event] = events(1) as [Event];
  verifyFilled({ ...event, filled: { x: "datum/1" } });
  const error = thrownBy(() => verifyFilled({ ...event, filled: { x: false, y: true, z: false } }));
  expect(error).toBeInstanceOf(UnfilledData);
  expect(error.message).toContain('"x", "z"');
  expect(thrownBy(() => verifyFilled({ ...packEventPage([event]), filled: { x: [false] } })).key).toBe("x");
});

test("old bulk documents become pages", () => {
  const rows = events(2);
  const pages = bulkEventsToEventPages({ a: rows, empty: [], b: rows });
  expect(pages).toEqual([packEventPage(rows), packEventPage(rows)]);
  const bulk = { datum_ids: ["a", "b"], datum_kwarg_list: [{ point: 1 }, { point: 2 }], resource: "r" };
  expect(bulkDatumToDatumPage(bulk)).toEqual({ datum_id: ["a", "b"], resource: "r", datum_kwargs: { point: [1, 2] } });
  expect(bulkDatumToDatumPage({ ...bulk, datum_ids: [] })).toBeUndefined();
});
