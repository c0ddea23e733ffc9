import { afterEach, describe, expect, it, vi } from "vitest";
import { Xspress3Flyer } from "../../../../src/devices/epics/index.ts";
import type { PartialEventPage } from "../../../../src/devices/index.ts";
import { FakeIoc } from "./fake-channel.ts";

afterEach(() => vi.restoreAllMocks());

const WAVES: Readonly<Record<string, Float64Array | Int32Array>> = {
  "X:Pos": Float64Array.of(0, 1, 2),
  "X:MCA1ROI:1:TSTotal": Float64Array.of(10, 20, 30),
  "X:MCA2ROI:1:TSTotal": Int32Array.of(1, 2, 3),
  "X:MCA1ROI:7:TSTotal": Float64Array.of(5, 5, 5),
  "X:MCA2ROI:7:TSTotal": Float64Array.of(6, 6, 6),
  "X:C1SCA:9:TSArrayValue": Float64Array.of(1, 1.5, 2),
  "X:C2SCA:9:TSArrayValue": Float64Array.of(1, 1, 1),
};

async function make(waves: Readonly<Record<string, ArrayLike<number>>> = WAVES) {
  const ioc = new FakeIoc();
  ioc.add("X:det1:Acquire", { kind: "enum", value: 0, choices: ["Done", "Acquire"] });
  ioc.add("X:det1:NumImages", { kind: "int32", value: 3 });
  ioc.add("X:det1:AcquireTime", { kind: "float64", value: 0.1 });
  for (const channel of [1, 2]) {
    for (const pv of [`MCA${channel}ROI:TSNumPoints`, `C${channel}SCA:TS:TSNumPoints`, `C${channel}SCA:TS:TSAcquire`]) {
      ioc.add(`X:${pv}`, { kind: "int32", value: 0 });
    }
    ioc.add(`X:MCA${channel}ROI:TSControl`, { kind: "enum", value: 2, choices: ["Erase/Start", "Start", "Stop"] });
  }
  const reads: (readonly string[])[] = [];
  const io = {
    bulkGet: async (names: readonly string[]) => {
      reads.push(names);
      return new Map(names.map((name) => [name, { value: waves[name], timestamp: 1 }]));
    },
    bulkConnect: async (names: readonly string[]) => new Map(names.map((name) => [name, { connected: true as const }])),
  };
  const flyer = new Xspress3Flyer("X:", {
    name: "xs3",
    channels: 2,
    rois: { Fe: 1, Cu: 7 },
    waveforms: { x: { pv: "X:Pos", units: "mm" } },
    context: Object.assign(ioc, io),
  });
  await flyer.connect();
  const fly = async (): Promise<PartialEventPage> => {
    await flyer.prepare({ numPoints: 3, dwell: 0.1 }).wait();
    await flyer.kickoff().wait();
    await flyer.complete().wait();
    const pages: PartialEventPage[] = [];
    for await (const page of flyer.collectPages()) pages.push(page);
    return pages[0] as PartialEventPage;
  };
  return { flyer, ioc, reads, fly };
}

describe("an Xspress3", () => {
  it("gives each region of each channel, corrected by the factor of its point, and their sums", async () => {
    const { flyer, fly, reads } = await make();
    const { data } = await fly();
    expect(reads).toHaveLength(1);
    expect(Object.fromEntries(Object.entries(data).map(([key, column]) => [key, Array.from(column)]))).toEqual({
      x: [0, 1, 2],
      Fe_1: [10, 30, 60],
      Fe_2: [1, 2, 3],
      Cu_1: [5, 7.5, 10],
      Cu_2: [6, 6, 6],
      factor_1: [1, 1.5, 2],
      factor_2: [1, 1, 1],
      Fe: [11, 32, 63],
      Cu: [11, 13.5, 16],
    });
    const { xs3 } = flyer.describeCollect();
    expect(Object.keys(xs3 ?? {})).toEqual(Object.keys(data));
    expect(xs3?.Fe).toMatchObject({ source: "sum://Fe_1+Fe_2", dtype: "number", units: "counts" });
    expect((data.Fe as Float64Array).buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it("begins its time series anew with each flight, as long as the flight", async () => {
    const { ioc, fly } = await make();
    await fly();
    expect(ioc.record("X:MCA2ROI:TSNumPoints").puts).toEqual([3]);
    expect(ioc.record("X:MCA1ROI:TSControl").puts).toEqual([0]);
    expect(ioc.record("X:C1SCA:TS:TSNumPoints").puts).toEqual([3]);
    expect(ioc.record("X:C1SCA:TS:TSAcquire").puts).toEqual([1]);
  });

  it("reports a channel that is short, and points that are saturated", async () => {
    const short = await make({ ...WAVES, "X:MCA2ROI:7:TSTotal": Float64Array.of(6, 6) });
    await expect(short.fly()).rejects.toThrow("xs3 was asked for 3 points, but Cu_2 has 2");
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const saturated = await make({
      ...WAVES,
      "X:C1SCA:9:TSArrayValue": Float64Array.of(1, Number.POSITIVE_INFINITY, 0),
    });
    expect(Array.from((await saturated.fly()).data.Fe as Float64Array)).toEqual([11, Number.NaN, Number.NaN]);
    expect(String(warn.mock.calls[0]?.[0])).toBe("xs3: 4 points are saturated and became NaN");
  });
});
