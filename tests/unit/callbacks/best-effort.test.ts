import { describe, expect, it } from "vitest";
import { BestEffortCallback } from "../../../src/callbacks/index.ts";
import type { Document } from "../../../src/documents/document.ts";

const number = { source: "sim", dtype: "number" as const, shape: [] };

function document(name: string, doc: object): Document {
  return { name, doc } as Document;
}

/** The documents of a scan of `m` against `det`, with a baseline, as the engine emits them. */
function scanOf(hints: object): Document[] {
  const descriptor = (uid: string, name: string, fields: string[]): Document =>
    document("descriptor", {
      uid,
      run_start: "run",
      name,
      data_keys: Object.fromEntries(fields.map((field) => [field, number])),
      hints: Object.fromEntries(fields.map((field) => [field, { fields: [field] }])),
    });
  const event = (uid: string, seq_num: number, data: Record<string, number>): Document =>
    document("event", { descriptor: uid, seq_num, time: 1_700_000_000 + seq_num, data });
  return [
    document("start", { uid: "run", scan_id: 12, time: 1_700_000_000, plan_name: "scan", motors: ["m"], hints }),
    descriptor("b", "baseline", ["temperature"]),
    event("b", 1, { temperature: 4.2 }),
    descriptor("p", "primary", ["det", "m"]),
    ...[0, 1, 5, 1, 0].map((det, m) => event("p", m + 1, { det, m })),
    event("b", 2, { temperature: 4.5 }),
    document("stop", { run_start: "run", exit_status: "success" }),
  ];
}

function shown(documents: Document[], prepare: (callback: BestEffortCallback) => void = () => {}) {
  const lines: string[] = [];
  const callback = new BestEffortCallback({ out: (line) => lines.push(line) });
  prepare(callback);
  documents.forEach(callback);
  return { callback, text: lines.join("\n") };
}

const ALONG_M = { dimensions: [[["m"], "primary"]] };

describe("BestEffortCallback", () => {
  it("shows a heading, the table, the baseline at both ends, and each field's curve and peak", () => {
    const { text } = shown(scanOf(ALONG_M));
    expect(text).toMatch(/scan {3}scan 12 {3}/);
    expect(text).toMatch(/seq_num.*time.*m.*det/);
    expect(text).toMatch(/Start-of-run baseline readings:[\s\S]*temperature \| 4\.2/);
    expect(text).toMatch(/End-of-run baseline readings:[\s\S]*temperature \| 4\.5/);
    expect(text).toContain("det vs m");
    expect(text).toContain("m: centre 2, centre of mass 2, maximum 5 at 2, width 1.25");
  });

  it("keeps the peaks by what is told of them and then by field", () => {
    const { callback } = shown(scanOf(ALONG_M));
    expect(callback.peaks.com).toEqual({ det: 2 });
    expect(callback.peaks.max).toEqual({ det: [2, 5] });
    expect(callback.peaks.stats.det?.fwhm).toBe(1.25);
  });

  it("takes the motors for dimensions where the plan gives no hints", () => {
    expect(shown(scanOf({})).callback.peaks.cen).toEqual({ det: 2 });
  });

  it("draws no curve where several things are scanned", () => {
    const { text } = shown(
      scanOf({
        dimensions: [
          [["m"], "primary"],
          [["n"], "primary"],
        ],
      }),
    );
    expect(text).not.toContain(" vs ");
  });

  it("leaves out what is disabled", () => {
    const { text } = shown(scanOf(ALONG_M), (callback) => {
      callback.disableHeading();
      callback.disableTable();
      callback.disableBaseline();
      callback.disablePlots();
    });
    expect(text).toBe("");
  });
});
