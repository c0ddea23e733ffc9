import { describe, expect, it } from "vitest";
import { parseMetadata, parseRun, parseTime } from "../../../src/cli/catalog/arguments.ts";

describe("the arguments of cerulean catalog", () => {
  it("take a time as a date, as Unix seconds, or as so long ago", () => {
    expect(parseTime("2026-11-22T14:30:00Z")).toBe(Date.UTC(2026, 10, 22, 14, 30) / 1000);
    expect(parseTime("2026-11-22")).toBe(new Date(2026, 10, 22).getTime() / 1000);
    expect(parseTime("1700000000.5")).toBe(1_700_000_000.5);
    expect(parseTime("2d", 1_000_000)).toBe(1_000_000 - 2 * 86_400);
    expect(parseTime("1.5h", 10_000)).toBe(4_600);
    for (const text of ["yesterday", "2026", "5", "2026-13-45"]) expect(parseTime(text)).toBeUndefined();
  });

  it("take metadata as JSON where it is that, and else as text", () => {
    expect(parseMetadata("sample.name=Au")).toEqual({ "sample.name": "Au" });
    expect(parseMetadata("temperature=4.2")).toEqual({ temperature: 4.2 });
    expect(parseMetadata('ids=[1,"a=b"]')).toEqual({ ids: [1, "a=b"] });
    expect(() => parseMetadata("sample")).toThrow("--md sample is no key=value");
  });

  it("take a run as a scan number, a position from the end, or the beginning of a uid", () => {
    expect(["12", "-1", "12ab34cd", "123456789"].map(parseRun)).toEqual([12, -1, "12ab34cd", "123456789"]);
  });
});
