import { describe, expect, it } from "vitest";
import { type NdArray, SignalRW, SoftBackend, softSignalRW, t } from "../../../src/devices/index.ts";
import { describeMismatch } from "../../../src/documents/index.ts";
import { toWireValue } from "../../../src/documents/to-wire.ts";

const TABLE = t.table({ x: t.array.f64, ok: t.array.bool, mode: t.enum(["Off", "On"]) });
const rows = { x: Float64Array.of(1, Number.NaN), ok: [true, false], mode: ["Off", "On"] as const };

const frame: NdArray = {
  data: Uint16Array.of(1, 2, 3, 4, 5, 6),
  shape: [2, 3],
  dtype: "<u2",
  uniqueId: 1,
  dataTimestamp: null,
  codec: "",
  dimensions: [],
  attributes: {},
};

describe("the type of a table", () => {
  it("has empty columns at first, and is equal column by column", () => {
    expect(TABLE.initial).toEqual({ x: new Float64Array(0), ok: [], mode: [] });
    expect(TABLE.equals(rows, { ...rows, x: Float64Array.of(1, Number.NaN) })).toBe(true);
    expect(TABLE.equals(rows, { ...rows, ok: [true, true] })).toBe(false);
  });

  it.each([
    ["no object", [1], "is not an object of columns"],
    ["a column too many", { ...rows, y: [] }, "there is no column y in t.table({ x: t.array.f64"],
    ["a column too few", { x: rows.x, ok: rows.ok }, "the column mode is missing"],
    ["another array", { ...rows, x: Float32Array.of(1, 2) }, "column x: [1, 2] is not a Float64Array"],
    ["another label", { ...rows, mode: ["Off", "Up"] }, 'column mode: "Up" is not a valid choice'],
    ["no labels", { ...rows, mode: "Off" }, 'column mode: "Off" is not an array of labels'],
    [
      "columns of several lengths",
      { ...rows, ok: [true] },
      "Columns should be same length, got lengths={x: 2, ok: 1, mode: 2}",
    ],
  ])("refuses %s", (_what, value, message) => {
    expect(() => TABLE.check(value)).toThrow(message);
  });

  it("is not made without columns, or with one that is no array", () => {
    expect(() => t.table({})).toThrow("at least one column");
    expect(() => t.table({ x: t.float })).toThrow("which x is not");
  });

  it("reaches documents as its columns, which are checked against the data key and stored as plain arrays", async () => {
    const signal = softSignalRW(TABLE, rows, { name: "tab" });
    await signal.connect();
    const key = (await signal.describe()).tab;
    expect(key).toMatchObject({
      dtype: "array",
      shape: [2],
      dtype_numpy: [
        ["x", "<f8"],
        ["ok", "|b1"],
        ["mode", "|S40"],
      ],
    });
    const value = (await signal.read()).tab?.value;
    expect(describeMismatch(value, key as never)).toBeUndefined();
    expect(toWireValue(value)).toEqual({ x: [1, Number.NaN], ok: [true, false], mode: ["Off", "On"] });
    expect(describeMismatch({ ...rows, x: Float64Array.of(1) }, key as never)).toContain(
      "has a column x that has 1 elements",
    );
    expect(describeMismatch({ x: rows.x }, key as never)).toContain("has a column ok that is undefined");
  });
});

describe("the type of a frame", () => {
  it("reaches documents as its rows, views of its own memory", async () => {
    const signal = new SignalRW(new SoftBackend(t.ndarray, frame), { name: "im" });
    await signal.connect();
    const value = (await signal.read()).im?.value as Uint16Array[];
    expect(value).toEqual([Uint16Array.of(1, 2, 3), Uint16Array.of(4, 5, 6)]);
    expect(value[1]?.buffer).toBe(frame.data.buffer);
    const key = (await signal.describe()).im;
    expect(key).toMatchObject({ dtype: "array", shape: [2, 3], dtype_numpy: "<u2" });
    expect(describeMismatch(value, key as never)).toBeUndefined();
    expect(toWireValue(value)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(await signal.get()).toBe(frame);
    const updates: unknown[] = [];
    signal.subscribe(({ im }) => updates.push(im?.value));
    expect(updates).toEqual([value]);
  });

  it("refuses what is no frame, and a shape that its data have not", () => {
    expect(() => t.ndarray.check(Uint8Array.of(1))).toThrow("is not a frame with data and shape");
    expect(() => t.ndarray.check({ ...frame, shape: [2, 2] })).toThrow("a frame of shape [2, 2] has 4 elements, not 6");
    expect(t.ndarray.equals(frame, { ...frame, uniqueId: 9 })).toBe(true);
    expect(t.ndarray.equals(frame, { ...frame, shape: [3, 2] })).toBe(false);
  });
});
