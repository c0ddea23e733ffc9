import { describe, expect, it } from "vitest";
import { PeakStats, peakOf } from "../../../src/callbacks/index.ts";
import type { Document } from "../../../src/documents/document.ts";

const gaussian = (x: number): number => 100 * Math.exp(-((x - 1.5) ** 2) / (2 * 2 ** 2));
const FWHM = 2 * Math.sqrt(2 * Math.log(2)) * 2;

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

  it("takes a sloping background off when it is told how wide the edges are", () => {
    const peak = peakOf(
      curve((x) => gaussian(x) + 5 * x + 300),
      20,
    );
    expect(peak?.background?.slope).toBeCloseTo(5, 1);
    expect(peak?.cen).toBeCloseTo(1.5, 1);
    expect(peak?.max[1]).toBeCloseTo(100, 0);
  });

  it("gives a step no width, and a run without points no peak", () => {
    const step = peakOf(curve((x) => (x < 0 ? 0 : 1)));
    expect(step?.crossings).toHaveLength(1);
    expect(step?.fwhm).toBeUndefined();
    expect(step?.cen).toBeUndefined();
    expect(peakOf([])).toBeUndefined();
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
});
