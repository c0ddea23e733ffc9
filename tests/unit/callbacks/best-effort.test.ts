import { describe, expect, it } from "vitest";
import { BestEffortCallback } from "../../../src/callbacks/index.ts";
import type { Document } from "../../../src/documents/document.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { count, gridScan, spiral } from "../../../src/plans/index.ts";
import * as bpp from "../../../src/plans/preprocessors/index.ts";
import { hw } from "../../../src/sim/index.ts";

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
  const warnings: string[] = [];
  const callback = new BestEffortCallback({ out: (line) => lines.push(line), warn: (text) => warnings.push(text) });
  prepare(callback);
  documents.forEach(callback);
  return { callback, text: lines.join("\n"), warnings };
}

/** A run of rows of one stream; each number of `axes` is a field beside `det`. */
function runOf(start: object, rows: readonly Record<string, unknown>[], { page = false, dtype = "number" } = {}) {
  const fields = Object.keys(rows[0] ?? {});
  const keys = Object.fromEntries(fields.map((field) => [field, field === "det" ? { ...number, dtype } : number]));
  const hints = Object.fromEntries(fields.map((field) => [field, { fields: [field] }]));
  const times = rows.map((_, at) => 1_700_000_000 + at);
  const columns = Object.fromEntries(fields.map((field) => [field, rows.map((row) => row[field])]));
  const events = rows.map((data, at) => document("event", { descriptor: "p", seq_num: at + 1, time: times[at], data }));
  return [
    document("start", { uid: "run", time: 1_700_000_000, plan_name: "grid_scan", ...start }),
    document("descriptor", { uid: "p", run_start: "run", name: "primary", data_keys: keys, hints }),
    ...(page
      ? [document("event_page", { descriptor: "p", seq_num: times.map((_, at) => at + 1), time: times, data: columns })]
      : events),
    document("stop", { run_start: "run", exit_status: "success" }),
  ];
}

const OVER_M_AND_N = {
  dimensions: [
    [["m"], "primary"],
    [["n"], "primary"],
  ],
};

/** A snaked grid of two rows and three columns, the slow axis downwards; its last point was not measured. */
const SNAKED = [
  { m: 10, n: 0, det: 0 },
  { m: 10, n: 1, det: 1 },
  { m: 10, n: 2, det: 2 },
  { m: 0, n: 2, det: 8 },
  { m: 0, n: 1, det: 4 },
];

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

  it("leaves out what is disabled", () => {
    const { text } = shown(scanOf(ALONG_M), (callback) => {
      callback.disableHeading();
      callback.disableTable();
      callback.disableBaseline();
      callback.disablePlots();
    });
    expect(text).toBe("");
  });

  it.each([{ page: false }, { page: true }])("draws a snaked grid of events or pages as a map ($page)", ({ page }) => {
    const grid = {
      shape: [2, 3],
      extents: [
        [10, 0],
        [0, 2],
      ],
    };
    const { text, warnings } = shown(
      runOf({ ...grid, hints: { ...OVER_M_AND_N, gridding: "rectilinear" } }, SNAKED, { page }),
    );
    expect(text).toContain("det over n (across) and m (up): . is 0, @ is 8");
    expect(text).toContain("10 |....::::----|\n 0 |    ++++@@@@|\n    0          2");
    expect(warnings).toEqual([]);
  });

  it("draws points of no grid over the first dimension across and the second up", () => {
    const { text } = shown(runOf({ hints: OVER_M_AND_N }, SNAKED));
    expect(text).toContain("det over m (across) and n (up)");
  });

  it("draws a grid from its points, and says so, where the plan does not tell its shape", () => {
    const { text, warnings } = shown(runOf({ hints: { ...OVER_M_AND_N, gridding: "rectilinear" } }, SNAKED));
    expect(text).toContain("det over n (across) and m (up)");
    expect(warnings).toEqual([expect.stringContaining("no shape and extents")]);
  });

  it("draws a count against the seconds since the start, and tells no peak of it", () => {
    const { text, callback } = shown(runOf({}, [{ det: 1 }, { det: 3 }, { det: 2 }]));
    expect(text).toContain("det vs seconds since the start");
    expect(text).not.toContain("centre");
    expect(callback.peaks.cen).toEqual({});
  });

  it("draws a monitor's stream against time beside the scan's own curve", () => {
    const documents = scanOf(ALONG_M);
    const ring = (seq_num: number): Document =>
      document("event", { descriptor: "r", seq_num, time: 1_700_000_000 + seq_num, data: { ring: 500 - seq_num } });
    documents.splice(
      4,
      0,
      document("descriptor", {
        uid: "r",
        run_start: "run",
        name: "ring_monitor",
        data_keys: { ring: number },
        hints: { ring: { fields: ["ring"] } },
      }),
      ring(1),
      ring(2),
    );
    const { text } = shown(documents);
    expect(text).toContain("ring vs seconds since the start");
    expect(text).toContain("det vs m");
  });

  it("keeps a narrow peak among very many points", () => {
    const rows = Array.from({ length: 20_000 }, (_, m) => ({ m, det: m === 7_777 ? 1_000 : m % 2 }));
    const { text } = shown(runOf({ hints: ALONG_M }, rows, { page: true }), (callback) => callback.disableTable());
    expect(text).toContain("1000┤");
  });

  it("draws no picture of a single point", () => {
    const { text } = shown(runOf({ num_points: 1 }, [{ det: 1 }]));
    expect(text).not.toContain(" vs ");
  });

  it("warns that three dimensions are too many, and how to choose", () => {
    const dimensions = ["m", "n", "o"].map((field) => [[field], "primary"]);
    const rows = SNAKED.map((row) => ({ ...row, o: 1 }));
    const { text, warnings } = shown(runOf({ hints: { dimensions } }, rows));
    expect(text).not.toContain("over");
    expect(warnings).toEqual([expect.stringMatching(/3 dimensions.*hints\.dimensions/)]);
  });

  it("warns of a stream whose devices hint at nothing to draw", () => {
    const { warnings } = shown(runOf({ hints: ALONG_M }, [{ m: 1 }, { m: 2 }]));
    expect(warnings).toEqual([expect.stringMatching(/stream primary.*hints at a number.*hinted/)]);
  });

  it("warns of a hinted field that is no number", () => {
    const rows = [{ det: "in" }, { det: "out" }];
    const { warnings } = shown(runOf({}, rows, { dtype: "string" }));
    expect(warnings[0]).toMatch(/^det is not drawn, because it is of dtype string/);
  });

  it("warns of dimensions in two streams, and draws against the motors", () => {
    const dimensions = [
      [["m"], "primary"],
      [["n"], "other"],
    ];
    const { text, warnings } = shown(runOf({ motors: ["m"], hints: { dimensions } }, SNAKED));
    expect(text).toContain("det vs m");
    expect(warnings).toEqual([expect.stringContaining("several streams (primary, other)")]);
  });

  it("warns of an axis that the stream does not have", () => {
    const { warnings } = shown(runOf({ hints: { dimensions: [[["elsewhere"], "primary"]] } }, SNAKED));
    expect(warnings).toEqual([expect.stringContaining("no number elsewhere to draw against")]);
  });

  it("reports what it can't show and lets the scan go on", () => {
    const { warnings } = shown(runOf({ hints: { dimensions: [[]] } }, SNAKED));
    expect(warnings[0]).toMatch(/^the start document can't be shown: /);
  });

  it("shows what the engine emits: a grid, a spiral, and a count with a monitor", async () => {
    const { motor1, motor2, det1, det } = hw();
    const lines: string[] = [];
    const warnings: string[] = [];
    const engine = new RunEngine();
    engine.subscribe(new BestEffortCallback({ out: (line) => lines.push(line), warn: (text) => warnings.push(text) }));
    await engine.run(gridScan([det1], motor1, -1, 1, 3, motor2, -1, 1, 4, { snakeAxes: true }));
    await engine.run(spiral([det1], motor1, motor2, 0, 0, 2, 2, 0.5, 8));
    await engine.run(bpp.monitorDuringWrapper(count([det], 3), [motor1]));
    const text = lines.join("\n");
    expect(text).toContain("det1 over motor2 (across) and motor1 (up)");
    expect(text).toContain("det1 over motor1 (across) and motor2 (up)");
    expect(text).toContain("det vs seconds since the start");
    expect(warnings).toEqual([]);
  });
});
