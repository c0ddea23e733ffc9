import { describe, expect, it } from "vitest";
import { firstElements, type ValueStyle, valueText } from "../../../src/cli/pv/value-text.ts";
import type { ChannelKind, ChannelMetadata } from "../../../src/devices/epics/index.ts";

const STYLE: ValueStyle = { numeric: false, longString: false, separator: " " };

function metadata(kind: ChannelKind, choices: readonly string[] | null = null): ChannelMetadata {
  const none = { units: null, precision: null, description: null, columns: null };
  const limits = { display: null, control: null, warning: null, alarm: null };
  const info = { protocol: "pva", kind, isArray: false, count: 0, writable: true, host: null, typeId: null } as const;
  return { info, ...none, limits, choices };
}

const text = (
  value: unknown,
  kind: ChannelKind,
  style: Partial<ValueStyle> = {},
  choices?: readonly string[],
): string => valueText(value, metadata(kind, choices), { ...STYLE, ...style });

describe("the text of a value", () => {
  it("has as many digits as tell it from all others, for doubles and for single floats", () => {
    expect(text(0.1, "float64")).toBe("0.1");
    expect(text(Math.fround(0.1), "float32")).toBe("0.1");
    expect(text(Math.fround(16777217), "float32")).toBe("16777216");
    expect(text(Math.fround(1 / 3), "float32")).toBe("0.33333334");
    expect(text(Float32Array.of(0.1, 3.4e38), "float32")).toBe("2 0.1 3.4e+38");
    expect(text(9007199254740993n, "int64")).toBe("9007199254740993");
    expect(text(-0, "float64")).toBe("-0");
  });

  it("says nan and inf, as C programs do", () => {
    expect(text(Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY), "float64")).toBe(
      "3 nan inf -inf",
    );
  });

  it("takes the digits that were asked for, and leaves integers alone", () => {
    const asked = (format: "e" | "f" | "g"): Partial<ValueStyle> => ({ digits: { format, count: 2 } });
    expect(text(1234.5678, "float64", asked("e"))).toBe("1.23e+3");
    expect(text(1234.5678, "float64", asked("f"))).toBe("1234.57");
    expect(text(1234.5678, "float64", asked("g"))).toBe("1200");
    expect(text(1234, "int32", asked("f"))).toBe("1234");
    expect(text(Int16Array.of(5), "int16", asked("e"))).toBe("1 5");
    expect(text(Number.NaN, "float64", asked("f"))).toBe("nan");
  });

  it("is an enum's label, or its index where it has none or the index was asked for", () => {
    expect(text(1, "enum", {}, ["Off", "On"])).toBe("On");
    expect(text(1, "enum", { numeric: true }, ["Off", "On"])).toBe("1");
    expect(text(7, "enum", {}, ["Off", "On"])).toBe("7");
  });

  it("has the count of an array first, and the separator that was asked for", () => {
    expect(text(Float64Array.of(), "float64")).toBe("0");
    expect(text(Float64Array.of(1.5), "float64")).toBe("1 1.5");
    expect(text(Int32Array.of(1, 2, 3), "int32", { separator: "," })).toBe("3,1,2,3");
    expect(text(Int32Array.of(1, 2, 3), "int32", { elements: 2 })).toBe("2 1 2");
    expect(text(BigInt64Array.of(-1n), "int64")).toBe("1 -1");
  });

  it("quotes text elements that could not be told apart otherwise", () => {
    expect(text(["one", "two words", "", 'a"b'], "string")).toBe('4 one "two words" "" "a\\"b"');
  });

  it("is the text in an array of bytes up to its end, when asked for", () => {
    expect(text(Uint8Array.of(104, 195, 164, 0, 120), "uint8", { longString: true })).toBe("hä");
    expect(text(Int8Array.of(104, 105), "int8", { longString: true })).toBe("hi");
    expect(text(Float64Array.of(1), "float64", { longString: true })).toBe("1 1");
  });

  it("never steers the terminal", () => {
    expect(text("a\u001b[31mb\nc\u0085", "string")).toBe("a\\x1b[31mb\\x0ac\\x85");
  });

  it("has a line for each field of a structure", () => {
    const table = { labels: ["a", "b"], value: { a: Float64Array.of(1, 2), b: ["x", "y"] } };
    expect(text(table, "structure")).toBe("\n    labels 2 a b\n    value \n        a 2 1 2\n        b 2 x y");
    expect(text([{ n: 1 }, null], "unknown")).toBe("2\n    [0] \n        n 1\n    [1] (none)");
  });
});

it("takes the first elements of arrays of every kind, and leaves what is none", () => {
  expect(firstElements(Float64Array.of(1, 2, 3), 2)).toEqual(Float64Array.of(1, 2));
  expect(firstElements(["a", "b"], 1)).toEqual(["a"]);
  expect(firstElements("text", 1)).toBe("text");
  expect(firstElements([1, 2], undefined)).toEqual([1, 2]);
});
