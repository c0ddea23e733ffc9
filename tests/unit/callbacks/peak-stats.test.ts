import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Peak, PeakStats, peakOf } from "../../../src/callbacks/index.ts";
import type { Document } from "../../../src/documents/document.ts";

const gaussian = (x: number): number => 100 * Math.exp(-((x - 1.5) ** 2) / (2 * 2 ** 2));
const FWHM = 2 * Math.sqrt(2 * Math.log(2)) * 2;

/** What bluesky 1.15.1 makes of the same points; golden/record.py made it. */
const golden: Record<string, { x: number[]; y: number[]; edgeCount: number | null; stats: Record<string, unknown> }> =
  JSON.parse(readFileSync(new URL("./golden/peaks.json", import.meta.url), "utf8"));

function rounded(_key: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(9)) : value;
}

function curve(y: (x: number) => number): [number, number][] {
  return Array.from({ length: 401 }, (_, at) => [-20 + at / 10, y(-20 + at / 10)]);
}

function document(name: string, doc: object): Document {
  return { name, doc } as Document;
}

describe("peakOf", () => {
  it("finds centre, maximum and width of a gaussian", () => {
    const peak = peakOf(curve(gaussian));
    expect(peak?.cen).toBeCloseTo(1.5, 2);
    expect(peak?.com).toBeCloseTo(1.5, 2);
    expect(peak?.max[0]).toBeCloseTo(1.5, 6);
    expect(peak?.max[1]).toBeCloseTo(100, 6);
    expect(peak?.fwhm).toBeCloseTo(FWHM, 2);
  });

  it("finds the same peak when the scan went downwards", () => {
    const peak = peakOf(curve(gaussian).reverse());
    expect(peak?.cen).toBeCloseTo(1.5, 2);
    expect(peak?.fwhm).toBeCloseTo(FWHM, 2);
  });

  it("takes a sloping background off when it is told how wide the edges are, but not from the extremes", () => {
    const sloped = (x: number): number => gaussian(x) + 5 * x + 300;
    const peak = peakOf(curve(sloped), 20);
    expect(peak?.linBkg?.m).toBeCloseTo(5, 1);
    expect(peak?.cen).toBeCloseTo(1.5, 1);
    expect(peak?.max[1]).toBeCloseTo(sloped(1.5), 0);
  });

  it("gives a step a centre and no width, and a run without points no peak", () => {
    const step = peakOf(curve((x) => (x < 0 ? 0 : 1)));
    expect(step?.crossings).toHaveLength(1);
    expect(step?.cen).toBeCloseTo(-0.05);
    expect(step?.fwhm).toBeUndefined();
    expect(peakOf([])).toBeUndefined();
  });

  it.each(Object.entries(golden))("agrees with bluesky on %s", (_name, { x, y, edgeCount, stats }) => {
    const points = x.map((each, i): [number, number] => [each, y[i] ?? 0]);
    const peak = peakOf(points, edgeCount ?? 0);
    const near = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null), rounded);
    for (const [what, value] of Object.entries(stats))
      expect([what, near(peak?.[what as keyof Peak])]).toEqual([what, near(value)]);
  });
});

describe("PeakStats", () => {
  it("takes events and event pages of its stream and no other", () => {
    const stats = new PeakStats("m", "d");
    stats.write(document("start", { uid: "run" }));
    stats.write(document("descriptor", { uid: "primary-1", run_start: "run", name: "primary" }));
    stats.write(document("descriptor", { uid: "monitor-1", run_start: "run", name: "i_monitor" }));
    stats.write(document("event", { descriptor: "primary-1", data: { m: 0, d: 1 } }));
    stats.write(document("event", { descriptor: "monitor-1", data: { m: 9, d: 9 } }));
    stats.write(
      document("event_page", {
        descriptor: "primary-1",
        seq_num: [2, 3],
        data: { m: [1, 2], d: new Float64Array([5, 1]) },
      }),
    );
    expect(stats.peak).toBeUndefined();
    stats.write(document("stop", { run_start: "run" }));
    expect(stats.points).toEqual([
      [0, 1],
      [1, 5],
      [2, 1],
    ]);
    expect(stats.peak).toMatchObject({ cen: 1, max: [1, 5], fwhm: 1 });
  });

  it("starts afresh with the next run", () => {
    const stats = new PeakStats("m", "d");
    for (const run of ["a", "b"]) {
      stats.write(document("start", { uid: run }));
      stats.write(document("descriptor", { uid: `${run}-1`, run_start: run, name: "primary" }));
      stats.write(document("event", { descriptor: `${run}-1`, data: { m: 0, d: 1 } }));
      stats.write(document("stop", { run_start: run }));
    }
    expect(stats.points).toEqual([[0, 1]]);
  });

  it("can be called like a function, as subscribers are, and tells each figure by its name", () => {
    const stats = new PeakStats("m", "d");
    const documents: Document[] = [
      document("start", { uid: "run" }),
      document("descriptor", { uid: "d1", run_start: "run", name: "primary" }),
      ...[0, 1, 5, 1, 0].map((d, m) => document("event", { descriptor: "d1", data: { m, d } })),
      document("event", { descriptor: "d1", data: { m: 5, d: Number.NaN } }),
      document("stop", { run_start: "run" }),
    ];
    documents.forEach(stats);
    const { x, y, com, cen, max, min, fwhm, crossings } = stats;
    expect({ x, y, com, cen, max, min, fwhm }).toEqual({
      x: "m",
      y: "d",
      com: 2,
      cen: 2,
      max: [2, 5],
      min: [0, 0],
      fwhm: 1.25,
    });
    expect(crossings).toEqual([1.375, 2.625]);
  });

  it("looks at the derivative when it is asked to", () => {
    const stats = new PeakStats("m", "d", { calcDerivativeAndStats: true });
    stats(document("start", { uid: "run" }));
    stats(document("descriptor", { uid: "d1", run_start: "run", name: "primary" }));
    for (const [m, d] of [0, 0, 1, 4, 5, 5].entries()) stats(document("event", { descriptor: "d1", data: { m, d } }));
    stats(document("stop", { run_start: "run" }));
    expect(stats.derivativeStats).toMatchObject({ max: [3, 3], cen: 3 });
  });
});
