import { BSON } from "mongodb";
import { describe, expect, it } from "vitest";
import type { DataKey, Document } from "../../../src/documents/document.ts";
import { converterOf, convertersOf, toBson } from "../../../src/documents/sinks/mongo/bson.ts";
import { parseUri, resolveOptions } from "../../../src/documents/sinks/mongo/options.ts";
import { COLUMNS } from "../../../src/documents/sinks/mongo/page-parts.ts";
import { NORMALIZED } from "../../../src/documents/sinks/mongo/rows.ts";
import { completeRun, eventOf, pageOf } from "../../suites/sample-run.ts";

const NONE = () => undefined;

/** The BSON types of a value, after a round trip. */
function typesOf(value: unknown): unknown {
  const { v } = BSON.deserialize(BSON.serialize({ v: value }), { promoteValues: false });
  const nameOf = (item: unknown): unknown =>
    Array.isArray(item) ? item.map(nameOf) : ((item as { _bsontype?: string } | null)?._bsontype ?? typeof item);
  return nameOf(v);
}

function bytesOf(row: Record<string, unknown> | Uint8Array): Uint8Array {
  return row instanceof Uint8Array ? row : BSON.serialize(row);
}

function convert(key: Partial<DataKey>, value: unknown): unknown {
  return converterOf({ source: "s", shape: [], dtype: "number", ...key } as DataKey)(value, "x");
}

describe("BSON by the descriptor's dtype", () => {
  it("stores numbers as doubles whatever they are, and integers as 64-bit ones", () => {
    expect([1, 1.5, 2 ** 31, -0, Number.NaN].map((value) => typesOf(convert({ dtype: "number" }, value)))).toEqual(
      Array(5).fill("Double"),
    );
    expect([1, -7, 2 ** 31, 2 ** 53, 5n].map((value) => typesOf(convert({ dtype: "integer" }, value)))).toEqual(
      Array(5).fill("Long"),
    );
  });

  it("keeps every digit of a 64-bit integer and refuses what needs more", () => {
    const { v } = BSON.deserialize(BSON.serialize({ v: convert({ dtype: "integer" }, 9007199254740993n) }), {
      useBigInt64: true,
    });
    expect(v).toBe(9007199254740993n);
    expect(() => convert({ dtype: "integer" }, 2n ** 63n)).toThrow(
      /x is 9223372036854775808, which needs more than 64 bits/,
    );
  });

  it("makes arrays of typed arrays, by dtype_numpy or by their own type", () => {
    expect(typesOf(convert({ dtype: "array", dtype_numpy: "<f8" }, [1, 2.5]))).toEqual(["Double", "Double"]);
    expect(typesOf(convert({ dtype: "array", dtype_numpy: "<i4" }, Float64Array.of(1, 2)))).toEqual(["Long", "Long"]);
    expect(typesOf(convert({ dtype: "array" }, Float32Array.of(1)))).toEqual(["Double"]);
    expect(typesOf(convert({ dtype: "array" }, Int16Array.of(1)))).toEqual(["Long"]);
    expect(typesOf(convert({ dtype: "array" }, [[1], [2]]))).toEqual([["Double"], ["Double"]]);
    expect(convert({ dtype: "array", dtype_numpy: "|b1" }, Uint8Array.of(0, 1))).toEqual([false, true]);
    expect(convert({ dtype: "array" }, ["a", "b"])).toEqual(["a", "b"]);
  });

  it("keeps whole numbers of metadata whole beyond 32 bits", () => {
    expect([1, 2 ** 40, -(2 ** 40), 1.5, 3n].map((value) => typesOf(toBson(value, "md")))).toEqual([
      "Int32",
      "Long",
      "Long",
      "Double",
      "Long",
    ]);
  });

  it("names the place of a value that can't be stored", () => {
    for (const [value, what] of [
      [undefined, "undefined"],
      [() => 1, "function"],
      [new Map(), "Map"],
    ] as const) {
      expect(() => toBson({ a: { b: value === undefined ? [() => 1] : value } }, "start")).toThrow(/^start\.a\.b is a/);
      expect(() => toBson(value, "x")).toThrow(what);
    }
  });

  it("makes one document a row of a page, without touching the page", () => {
    const page = pageOf("d", 3);
    const converters = convertersOf({
      x: { dtype: "number", shape: [], source: "s" },
      n: { dtype: "integer", shape: [], source: "s" },
    });
    const rows = NORMALIZED.rows({ name: "event_page", doc: page }, () => converters);
    expect(rows).toMatchObject({ collection: "event", count: 3 });
    const row = BSON.deserialize(bytesOf(rows.row(2)));
    expect(row).toEqual(rows.original(2).doc);
    expect(row).toEqual({
      uid: page.uid[2],
      time: page.time[2],
      descriptor: "d",
      seq_num: 3,
      data: { x: 1, n: 6 },
      timestamps: { x: page.time[2], n: page.time[2] },
      filled: {},
    });
  });

  it("never stores an event without filled, nor a page as a page in the normalized layout", () => {
    const event = eventOf("d", 1, { x: 1 });
    delete (event.doc as { filled?: unknown }).filled;
    expect(NORMALIZED.rows(event, NONE).row(0)).toMatchObject({ filled: {} });
    const collections = completeRun().documents.map((document) => NORMALIZED.rows(document, NONE).collection as string);
    expect(collections).not.toContain("event_page");
  });

  it("splits a page that MongoDB would not take as a whole into parts, the same each time", () => {
    const large = { ...pageOf("d", 200_000), uid: Array<string>(200_000).fill("u") };
    const page: Document = { name: "event_page", doc: large };
    const rows = COLUMNS.rows(page, NONE);
    expect(rows.count).toBeGreaterThan(1);
    expect(COLUMNS.count(page)).toBe(rows.count);
    for (let at = 0; at < rows.count; at++) {
      expect(bytesOf(rows.row(at)).length).toBeLessThan(16 * 1024 * 1024);
    }
  });
});

describe("the URI and the options of MongoWriter", () => {
  it("are shown without the password", () => {
    expect(parseUri("mongodb://me:secret@h1:1,h2:2/db?replicaSet=r").shownUri).toBe(
      "mongodb://me:***@h1:1,h2:2/db?replicaSet=r",
    );
    expect(parseUri("mongodb://h/db")).toMatchObject({ hosts: "h", database: "db" });
  });

  it("name what is wrong with them", () => {
    expect(() => parseUri("http://h/db")).toThrow(/"http:\/\/h\/db" is no MongoDB URI/);
    expect(() => parseUri("mongodb://h")).toThrow(/mongodb:\/\/h names no database/);
    expect(() => resolveOptions("mongodb://h/db", { batchSize: 0 })).toThrow(
      /batchSize is 0; it must be a number above 0/,
    );
    expect(() => resolveOptions("mongodb://h/db", { layout: "rows" as never })).toThrow(/layout is "rows"; use one of/);
  });
});
