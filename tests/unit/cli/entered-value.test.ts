import { describe, expect, it } from "vitest";
import { type EnteredOptions, EnteredValueError, enteredValue } from "../../../src/cli/pv/entered-value.ts";
import type { ChannelKind, ChannelMetadata } from "../../../src/devices/epics/index.ts";

const OPTIONS: EnteredOptions = { numeric: false, longString: false, counted: false };

interface Entry extends Partial<EnteredOptions> {
  readonly isArray?: boolean;
  readonly count?: number;
  readonly choices?: readonly string[];
}

function entered(kind: ChannelKind, words: string | readonly string[], entry: Entry = {}): unknown {
  const { isArray = false, count = 0, choices = null, ...options } = entry;
  const none = { units: null, precision: null, description: null, columns: null };
  const limits = { display: null, control: null, warning: null, alarm: null };
  const info = { protocol: "ca", kind, isArray, count, writable: true, host: null, typeId: null } as const;
  const metadata: ChannelMetadata = { info, ...none, limits, choices };
  return enteredValue("x", typeof words === "string" ? [words] : words, metadata, { ...OPTIONS, ...options });
}

describe("what was typed", () => {
  it("is a float in all the ways that people write one", () => {
    for (const [word, value] of [
      ["1.5", 1.5],
      ["-2e3", -2000],
      ["nan", Number.NaN],
      ["-inf", Number.NEGATIVE_INFINITY],
      ["Infinity", Number.POSITIVE_INFINITY],
    ] as const) {
      expect(entered("float64", word)).toBe(value);
    }
    expect(() => entered("float64", "1,5")).toThrow('x takes numbers, not "1,5"');
    expect(() => entered("float64", "")).toThrow(EnteredValueError);
  });

  it("is an integer of any size, in decimal or hexadecimal, and never a fraction", () => {
    expect(entered("int64", "9007199254740993")).toBe(9007199254740993n);
    expect(entered("int32", "-0x10")).toBe(-16n);
    expect(entered("int16", "1e3")).toBe(1000n);
    expect(() => entered("int32", "1.5")).toThrow('x takes whole numbers, not "1.5"');
    expect(() => entered("int32", "two")).toThrow(EnteredValueError);
  });

  it("is an enum's label, also where it looks like a number, or its index", () => {
    const choices = ["Off", "2", "1"];
    expect(entered("enum", "Off", { choices })).toBe(0);
    expect(entered("enum", "2", { choices })).toBe(1);
    expect(entered("enum", "2", { choices, numeric: true })).toBe(2);
    expect(entered("enum", "0", { choices })).toBe(0);
    expect(() => entered("enum", "3", { choices })).toThrow('x has no choice "3"; it has 0 "Off", 1 "2", 2 "1"');
    expect(() => entered("enum", "off", { choices })).toThrow(EnteredValueError);
  });

  it("is true or false in words", () => {
    expect([entered("bool", "TRUE"), entered("bool", "1"), entered("bool", "off")]).toEqual([true, true, false]);
    expect(() => entered("bool", "maybe")).toThrow(EnteredValueError);
  });

  it("is one value for a scalar, and says what to do with more", () => {
    expect(() => entered("string", ["two", "words"])).toThrow("x takes one value, not 2; quote text that has spaces");
    expect(() => entered("float64", ["1", "5"], { counted: true })).toThrow("x takes one value, not an array");
  });

  it("is an array as words, in brackets, or with its count first", () => {
    const array = { isArray: true };
    expect(entered("float64", ["1", "2"], array)).toEqual([1, 2]);
    expect(entered("float64", "[1, 2.5,nan]", array)).toEqual([1, 2.5, Number.NaN]);
    expect(entered("float64", "[]", array)).toEqual([]);
    expect(entered("string", '["a b", c]', array)).toEqual(["a b", "c"]);
    expect(entered("float64", ["2", "7", "8"], { ...array, counted: true })).toEqual([7, 8]);
    expect(entered("float64", ["0"], { ...array, counted: true })).toEqual([]);
    expect(() => entered("float64", ["3", "7"], { ...array, counted: true })).toThrow("it says 3, and 1 follow");
  });

  it("is text for an array of bytes, ended with a zero where there is room", () => {
    expect(entered("uint8", "hä", { isArray: true, count: 10, longString: true })).toEqual(
      Uint8Array.of(104, 195, 164, 0),
    );
    expect(entered("uint8", "hi", { isArray: true, count: 2, longString: true })).toEqual(Uint8Array.of(104, 105));
    expect(() => entered("float64", "hi", { longString: true })).toThrow("x holds no bytes for -S, but float64");
  });

  it("is JSON for a structure", () => {
    expect(entered("table", '{"a": [1, 2]}')).toEqual({ a: [1, 2] });
    expect(() => entered("structure", "1 2")).toThrow("x is a structure: give its fields as JSON");
  });
});
