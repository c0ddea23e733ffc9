import { afterEach, describe, expect, it, vi } from "vitest";
import { BulkFlyer } from "../../../../src/devices/epics/bulk-flyer.ts";
import { deadTimeCorrection, deadTimeFactors } from "../../../../src/devices/epics/dead-time.ts";
import type { BulkFlyerOptions, BulkIo } from "../../../../src/devices/epics/fly-options.ts";
import { EpicsMotor } from "../../../../src/devices/epics/motor.ts";
import type { PartialEventPage, Status } from "../../../../src/devices/index.ts";
import { RunEngine } from "../../../../src/engine/run-engine.ts";
import * as bps from "../../../../src/plans/stubs/index.ts";
import { SynAxis } from "../../../../src/sim/index.ts";
import { FakeIoc } from "./fake-channel.ts";

afterEach(() => vi.restoreAllMocks());

async function make(options: Partial<BulkFlyerOptions> = {}, waves: Record<string, any> = {}) {
  const ioc = new FakeIoc();
  const acquire = ioc.add("F:Acquire", { kind: "enum", value: 0, choices: ["Done", "Acquire"] });
  ioc.add("F:NumPoints", { kind: "int32", value: 3 });
  ioc.add("F:Dwell", { kind: "float64", value: 0.5 });
  ioc.add("F:Motor", { kind: "enum", value: 0, choices: ["a", "b"] });
  const values: Record<string, any> = { "F:I0": Float64Array.of(1, 2, 3), "F:Ch1": Int32Array.of(4, 5, 6), ...waves };
  const reads: (readonly string[])[] = [];
  const io: BulkIo = {
    async bulkGet(names: readonly string[]) {
      reads.push(names);
      const answer = (name: string) =>
        name in values ? { value: values[name], timestamp: 1 } : { error: new Error("it is not connected") };
      return new Map(names.map((name) => [name, answer(name)]));
    },
    async bulkConnect(names: readonly string[]) {
      return new Map(names.map((name) => [name, name in values ? { connected: true } : { error: new Error("gone") }]));
    },
  };
  const flyer = new BulkFlyer({
    name: "fly",
    waveforms: { i0: "F:I0", ch1: { pv: "F:Ch1", units: "counts" } },
    acquire: "F:Acquire",
    numPoints: "F:NumPoints",
    dwell: "F:Dwell",
    context: Object.assign(ioc, io),
    ...options,
  });
  return { flyer, ioc, acquire, reads, values };
}

async function collect(flyer: BulkFlyer): Promise<PartialEventPage> {
  const pages: PartialEventPage[] = [];
  for await (const page of flyer.collectPages()) pages.push(page);
  expect(pages).toHaveLength(1);
  return pages[0] as PartialEventPage;
}

async function fly(flyer: BulkFlyer): Promise<PartialEventPage> {
  await flyer.connect();
  await flyer.kickoff().wait();
  await flyer.complete().wait();
  return collect(flyer);
}

describe("a BulkFlyer", () => {
  it("acquires, reads all waveforms at once and gives one page with the rows' own times", async () => {
    const { flyer, acquire, reads } = await make();
    const before = Date.now() / 1000;
    const page = await fly(flyer);
    expect(acquire.puts).toEqual([1]);
    expect(reads).toEqual([["F:I0", "F:Ch1"]]);
    expect(page.data).toEqual({ i0: Float64Array.of(1, 2, 3), ch1: Float64Array.of(4, 5, 6) });
    expect(page.time[0]).toBeGreaterThanOrEqual(before + 0.5);
    expect((page.time[2] as number) - (page.time[0] as number)).toBeCloseTo(1, 6);
    expect(page.timestamps).toEqual({ i0: page.time, ch1: page.time });
  });

  it("puts its columns into shared memory, so that a worker reads them without a copy", async () => {
    const { flyer } = await make();
    const page = await fly(flyer);
    for (const column of Object.values(page.data)) {
      expect((column as Float64Array).buffer).toBeInstanceOf(SharedArrayBuffer);
    }
  });

  it("describes one stream of scalars, with what it was told about each", async () => {
    const { flyer } = await make({ streamName: "primary" });
    expect(flyer.describeCollect()).toEqual({
      primary: {
        i0: { source: "ca://F:I0", dtype: "number", shape: [], dtype_numpy: "<f8" },
        ch1: { source: "ca://F:Ch1", dtype: "number", shape: [], dtype_numpy: "<f8", units: "counts" },
      },
    });
  });

  it("writes its settings, points and dwell when it is prepared", async () => {
    const { flyer, ioc } = await make({ settings: { "F:Motor": "b" } });
    await flyer.connect();
    await flyer.prepare({ numPoints: 7, dwell: 0.25 }).wait();
    expect(ioc.record("F:Motor").puts).toEqual([1]);
    expect(ioc.record("F:NumPoints").puts).toEqual([7]);
    expect(ioc.record("F:Dwell").puts).toEqual([0.25]);
    expect(await flyer.readConfiguration()).toMatchObject({
      "fly-numPoints": { value: 7 },
      "fly-dwell": { value: 0.25 },
    });
  });

  it("is complete only when the put is", async () => {
    const { flyer, acquire } = await make();
    let finish = (): void => {};
    acquire.onPut = () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      });
    await flyer.connect();
    await flyer.kickoff().wait();
    const complete = flyer.complete();
    await vi.waitFor(() => expect(acquire.puts).toHaveLength(1));
    expect(complete.done).toBe(false);
    expect(() => flyer.kickoff()).toThrow("fly is flying already");
    finish();
    await complete.wait();
  });

  it("takes the device's own clock", async () => {
    const { flyer } = await make(
      { clock: { start: "F:Start", times: "F:Time" } },
      { "F:Start": 1000, "F:Time": Float64Array.of(0.25, 0.75, 1.5) },
    );
    const page = await fly(flyer);
    expect(Array.from(page.time)).toEqual([1000.25, 1000.75, 1001.5]);
    expect(Object.keys(page.data)).toEqual(["i0", "ch1"]);
  });

  it("refuses a clock that stands still", async () => {
    const { flyer } = await make(
      { clock: { start: "F:Start", times: "F:Time" } },
      { "F:Start": 1000, "F:Time": Float64Array.of(0.25, 0.25, 1.5) },
    );
    await expect(fly(flyer)).rejects.toThrow("the time of row 1 is not after that of the row before it");
  });

  it("corrects the columns, and tells how long read, correction and page took", async () => {
    const { flyer } = await make({ correct: deadTimeCorrection({ deadTime: { ch1: 0.05 } }) });
    const page = await fly(flyer);
    expect(page.data.i0).toEqual(Float64Array.of(1, 2, 3));
    expect(Array.from(page.data.ch1 as Float64Array)).toEqual([4, 5, 6].map((m) => m / (1 - (m * 0.05) / 0.5)));
    expect(Object.values(flyer.timings ?? {}).every((ms) => ms >= 0 && ms < 1000)).toBe(true);
  });

  it("turns a saturated point into NaN and says so", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const { flyer } = await make({ correct: deadTimeCorrection({ deadTime: 0.1, keys: ["ch1"] }) });
    const page = await fly(flyer);
    expect(page.data.ch1?.[1]).toBeNaN();
    expect(String(warn.mock.calls[0]?.[0])).toBe("fly: 2 points are saturated and became NaN");
  });

  it("reports short and ragged waveforms instead of padding them", async () => {
    const { flyer } = await make({}, { "F:Ch1": Int32Array.of(4) });
    await expect(fly(flyer)).rejects.toThrow("fly was asked for 3 points, but ch1 has 1");
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const lenient = await make({ ragged: "truncate" }, { "F:Ch1": Int32Array.of(4) });
    const page = await fly(lenient.flyer);
    expect(page.data).toEqual({ i0: Float64Array.of(1), ch1: Float64Array.of(4) });
    expect(String(warn.mock.calls[0]?.[0])).toContain("the page has 1 rows");
  });

  it("names every waveform that is missing, at connect and at the read", async () => {
    const { flyer } = await make({ waveforms: { i0: "F:I0", x: "F:Nope" } });
    await expect(flyer.connect()).rejects.toThrow("F:Nope: Error: gone");
    const late = await make({ waveforms: { i0: "F:I0", x: "F:Nope" } });
    await late.flyer.connect().catch(() => {});
    await late.flyer.kickoff().wait();
    await late.flyer.complete().wait();
    await expect(collect(late.flyer)).rejects.toThrow("fly could not be read: F:Nope: it is not connected");
  });

  it("wants a kickoff before anything else", async () => {
    const { flyer } = await make();
    expect(() => flyer.complete()).toThrow("fly: kickoff() must be called before complete()");
    await expect(collect(flyer)).rejects.toThrow("fly: kickoff() must be called before collectPages()");
  });
});

describe("a mocked BulkFlyer", () => {
  it("flies at once, and gives rows without a question to any server", async () => {
    const { flyer, reads } = await make({
      clock: { start: "F:Start", times: "F:Time" },
      correct: deadTimeFactors({ i0: "ch1" }),
      sums: { sum: ["i0", "ch1"] },
    });
    await flyer.connect({ mock: true });
    await flyer.prepare({ numPoints: 3, dwell: 0.5 }).wait();
    const begun = Date.now() / 1000;
    await flyer.kickoff().wait();
    await flyer.complete().wait();
    const page = await collect(flyer);
    expect(page.data.sum).toEqual(Float64Array.of(2, 2, 2));
    expect((page.time[0] as number) - begun).toBeGreaterThanOrEqual(0.5);
    expect((page.time[2] as number) - (page.time[0] as number)).toBeCloseTo(1, 6);
    expect(reads).toEqual([]);
  });
});

describe("a BulkFlyer with a sweep", () => {
  it("starts from the sweep's beginning and is complete when the motor has arrived too", async () => {
    const motor = new SynAxis({ name: "m", velocity: 100, value: 9 });
    const { flyer } = await make({ sweep: { motor, start: -1, stop: 3 } });
    await flyer.connect();
    await flyer.prepare().wait();
    expect(motor.position).toBe(-1);
    await flyer.kickoff().wait();
    await flyer.complete().wait();
    expect(motor.position).toBe(3);
  });

  it("stops the motor and the acquisition, and fails what is pending", async () => {
    const motor = new SynAxis({ name: "m", velocity: 1, value: 0 });
    const { flyer, acquire } = await make({ sweep: { motor, start: 0, stop: 100 } });
    acquire.onPut = (value) => (value === 1 ? new Promise(() => {}) : undefined);
    await flyer.connect();
    await flyer.kickoff().wait();
    const complete: Status = flyer.complete();
    await flyer.stop();
    await expect(complete.wait()).rejects.toThrow("was stopped.");
    expect(motor.moving).toBe(false);
    expect(acquire.puts).toEqual([1, 0]);
  });

  it("begins nothing any more when it is stopped before", async () => {
    const motor = new SynAxis({ name: "m", velocity: 1000, value: 9 });
    const { flyer, ioc, acquire } = await make({ sweep: { motor, start: -1, stop: 3 }, settings: { "F:Motor": "b" } });
    await flyer.connect();
    let written = (): void => {};
    ioc.record("F:Motor").onPut = () => new Promise((resolve) => (written = resolve));
    for (const step of ["prepare", "kickoff"] as const) {
      const puts = ioc.record("F:Motor").puts.length;
      const begun = flyer[step]();
      await vi.waitFor(() => expect(ioc.record("F:Motor").puts).toHaveLength(puts + 1));
      await flyer.stop();
      written();
      await expect(begun.wait()).rejects.toThrow("Device fly was stopped.");
    }
    expect([motor.position, acquire.puts]).toEqual([9, []]);
    expect(() => flyer.complete()).toThrow("kickoff() must be called before complete()");
  });

  it("gives a motor its own speed again when a plan ends before the flight", async () => {
    const motor = new EpicsMotor("M", { name: "m" });
    await motor.connect({ mock: true });
    const { flyer } = await make({ sweep: { motor, start: 0, stop: 3 } });
    await flyer.connect();
    const speeds: unknown[] = [];
    const engine = new RunEngine();
    const failing = engine.run(async function* () {
      yield* bps.stage(flyer);
      yield* bps.prepare(flyer, {}, { wait: true });
      speeds.push(await motor.velocity.get());
      throw new Error("the plan fails");
    });
    await expect(failing).rejects.toThrow("the plan fails");
    expect([...speeds, await motor.velocity.get()]).toEqual([2, 1000]);
  });

  it("collects what is there while it acquires, each row once, and tells its progress", async () => {
    const { flyer, ioc, acquire, values } = await make({
      partial: "F:Points",
      correct: deadTimeCorrection({ deadTime: 0, keys: [] }),
    });
    ioc.add("F:Points", { kind: "int32", value: 0 });
    let finish = (): void => {};
    acquire.onPut = () => new Promise((resolve) => (finish = resolve));
    await flyer.connect();
    await flyer.kickoff().wait();
    const complete = flyer.complete();
    const progress: number[] = [];
    complete.watch(({ current, unit }) => progress.push(unit === "points" ? current : -1));
    const pages: PartialEventPage[] = [];
    const more = async (): Promise<number> => {
      const before = pages.length;
      for await (const page of flyer.collectPages()) pages.push(page);
      return pages.length - before;
    };
    expect(await more()).toBe(0);
    ioc.record("F:Points").post(2);
    expect(await more()).toBe(1);
    expect(await more()).toBe(0);
    values["F:I0"] = Float64Array.of(1, 2, 7);
    ioc.record("F:Points").post(3);
    finish();
    await complete.wait();
    expect(await more()).toBe(1);
    expect(await more()).toBe(0);
    expect(pages.map(({ data }) => Array.from(data.i0 as Float64Array))).toEqual([[1, 2], [7]]);
    expect(pages[1]?.time[0]).toBeGreaterThan(pages[0]?.time[1] as number);
    expect(progress).toEqual([0, 2, 3]);
  });

  it("gives nothing before the end when its waveforms are not filled bit by bit", async () => {
    const { flyer, acquire } = await make();
    acquire.onPut = () => new Promise(() => {});
    await flyer.connect();
    await flyer.kickoff().wait();
    for await (const _ of flyer.collectPages()) expect.unreachable();
  });

  it("splits pages that are too large, over the same memory", async () => {
    const { flyer } = await make({ maxPageBytes: 50 });
    await flyer.connect();
    await flyer.kickoff().wait();
    await flyer.complete().wait();
    const pages: PartialEventPage[] = [];
    for await (const page of flyer.collectPages()) pages.push(page);
    expect(pages.map(({ data }) => Array.from(data.ch1 as Float64Array))).toEqual([[4, 5], [6]]);
    const [first, second] = pages.map(({ time }) => time as Float64Array);
    expect(first?.buffer).toBe(second?.buffer);
  });

  it("has the limits of its regions in its configuration", async () => {
    const { flyer, ioc } = await make({ configuration: { roi1_low: "F:R1Lo" } });
    ioc.add("F:R1Lo", { kind: "int32", value: 40 });
    await flyer.connect();
    expect((await flyer.readConfiguration())["fly-roi1_low"]?.value).toBe(40);
    expect((await flyer.describeConfiguration())["fly-roi1_low"]?.source).toBe("ca://F:R1Lo");
  });
});
