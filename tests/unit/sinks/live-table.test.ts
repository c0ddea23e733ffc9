import { describe, expect, it } from "vitest";
import type { DataKey, Document } from "../../../src/documents/document.ts";
import { LiveTable } from "../../../src/documents/sinks/live-table.ts";
import { descriptorOf, eventOf, pageOf, simpleRun, startOf, stopOf } from "../../suites/sample-run.ts";

function print(table: (out: (line: string) => void) => LiveTable, documents: readonly Document[]): string[] {
  const lines: string[] = [];
  const sink = table((line) => lines.push(line));
  for (const document of documents) sink.write(document);
  return lines;
}

describe("LiveTable", () => {
  it("prints the hinted fields of each point between a header and a last line that names the run", () => {
    const { documents, uid } = simpleRun(2);
    const lines = print((out) => new LiveTable({ out }), documents);
    expect(lines).toHaveLength(7);
    expect(lines[0]).toBe("+-----------+------------+------------+------------+");
    expect(lines[1]).toBe("|   seq_num |       time |          x |          n |");
    expect(lines[3]).toMatch(/^\| {9}1 \| \d\d:\d\d:\d\d\.\d \| {6}0\.000 \| {10}0 \|$/);
    expect(lines[4]).toMatch(/0\.500 \| {10}1 \|$/);
    expect(lines[6]).toBe(`generator count ['${uid.slice(0, 8)}'] (scan num: 7)`);
  });

  it("prints the given fields only, to the precision of the descriptor", () => {
    const keys: Record<string, DataKey> = {
      x: { dtype: "number", shape: [], source: "s", precision: 5 },
      y: { dtype: "number", shape: [], source: "s" },
    };
    const run = [startOf("r"), descriptorOf("r", "d", "primary", keys), eventOf("d", 1, { x: 1.23456789, y: 2 })];
    const lines = print((out) => new LiveTable(["x"], { out }), run);
    expect(lines[1]).not.toContain("y");
    expect(lines[3]).toContain("1.23457");
    const both = print((out) => new LiveTable([{ name: "y" }, "x"], { out, defaultPrec: 1 }), run);
    expect(both[3]).toMatch(/2\.0 \| {4}1\.23457 \|$/);
  });

  it("shows very large and very small numbers, NaN and missing values legibly", () => {
    const run = [startOf("r"), descriptorOf("r", "d")];
    const values = [1e12, 1e-9, Number.NaN, null, -0.25];
    const events = values.map((x, at) => eventOf("d", at + 1, { x, n: 1 }));
    const lines = print((out) => new LiveTable(["x"], { out }), [...run, ...events]).slice(3);
    expect(lines.map((line) => line.split("|")[3]?.trim())).toEqual(["1.000e+12", "1.000e-9", "NaN", "", "-0.250"]);
  });

  it("leaves other streams and array keys out", () => {
    const keys: Record<string, DataKey> = {
      x: { dtype: "number", shape: [], source: "s" },
      w: { dtype: "array", shape: [3], source: "s" },
    };
    const run = [
      startOf("r"),
      descriptorOf("r", "b", "baseline"),
      eventOf("b", 1, { x: 1, n: 1 }),
      descriptorOf("r", "d", "primary", keys),
      eventOf("d", 1, { x: 1, w: [1, 2, 3] }),
    ];
    const lines = print((out) => new LiveTable({ out }), run);
    expect(lines).toHaveLength(4);
    expect(lines[1]).not.toContain("w");
  });

  it("abridges a long page and repeats the header of a long table", () => {
    const run = [startOf("r"), descriptorOf("r", "d"), { name: "event_page", doc: pageOf("d", 2_000) } as Document];
    const lines = print((out) => new LiveTable({ out }), run);
    expect(lines).toHaveLength(3 + 5 + 1 + 5);
    expect(lines[8]).toContain("1990 more rows");
    const many = print((out) => new LiveTable({ out, printHeaderInterval: 10 }), simpleRun(25).documents);
    expect(many.filter((line) => line.includes("seq_num"))).toHaveLength(3);
  });

  it("never throws into the scan when its output is gone", () => {
    const table = new LiveTable({
      out: () => {
        throw new Error("EPIPE");
      },
    });
    for (const document of [...simpleRun(2).documents, stopOf("other")])
      expect(() => table.write(document)).not.toThrow();
  });
});
