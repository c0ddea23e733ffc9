import { afterEach, describe, expect, it, vi } from "vitest";
import { SignalR, SoftBackend, StandardReadable, softSignalRW, t } from "../../../src/devices/index.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import * as bps from "../../../src/plans/stubs/index.ts";
import { mockOf } from "../../../src/testing/index.ts";

class Inner extends StandardReadable {
  readonly level = this.addReadable("level", softSignalRW(t.int, 7), "hinted");
}

class Detector extends StandardReadable {
  readonly counts = this.addReadable("counts", softSignalRW(t.int, 1), "hinted");
  readonly rate = this.addReadable("rate", softSignalRW(t.float, 2), "normal");
  readonly raw = this.addReadable("raw", softSignalRW(t.float, 3), "uncached");
  readonly gain = this.addReadable("gain", softSignalRW(t.float, 4), "config");
  readonly note = this.addReadable("note", softSignalRW(t.string, "n"), "omitted");
  readonly inner = this.addReadable("inner", new Inner(), "normal");
}

afterEach(() => vi.restoreAllMocks());

describe("a StandardReadable", () => {
  it("reads and describes its children by their kinds, nested devices included", async () => {
    const det = new Detector({ name: "det" });
    await det.connect();
    const keys = ["det-counts", "det-rate", "det-raw", "det-inner-level"];
    expect(Object.keys(await det.read())).toEqual(keys);
    expect(Object.keys(await det.describe())).toEqual(keys);
    expect(Object.keys(await det.readConfiguration())).toEqual(["det-gain"]);
    expect(Object.keys(await det.describeConfiguration())).toEqual(["det-gain"]);
    expect(det.hints).toEqual({ fields: ["det-counts", "det-inner-level"] });
  });

  it("monitors what it reads while it is staged, but nothing uncached", async () => {
    const det = new Detector({ name: "det" });
    await det.connect();
    await det.stage();
    expect(det.counts.latest?.value).toBe(1);
    expect(det.inner.level.latest?.value).toBe(7);
    expect(det.raw.latest).toBeUndefined();
    expect(det.gain.latest).toBeUndefined();
    await det.unstage();
    expect(det.counts.latest).toBeUndefined();
  });

  it("refuses two children that give the same key", async () => {
    class Twice extends StandardReadable {
      readonly a = this.addReadable("a", softSignalRW(t.int), "hinted", { transparent: true });
      readonly b = this.addReadable("b", softSignalRW(t.int), "normal", { transparent: true });
    }
    await expect(new Twice({ name: "d" }).read()).rejects.toThrow("Duplicate key d in d");
  });
});

describe("values that signals have while a device is staged", () => {
  const make = async () => {
    const [mode, gain] = [softSignalRW(t.string, "free", { name: "mode" }), softSignalRW(t.int, 1, { name: "gain" })];
    await Promise.all([mode.connect({ mock: true }), gain.connect({ mock: true })]);
    await Promise.all([mode.set("free").wait(), gain.set(1).wait()]);
    const order: unknown[] = [];
    for (const signal of [mode, gain]) mockOf<any>(signal).onPut = (value) => void order.push(value);
    const device = new StandardReadable({ name: "d" }).stageWith(mode, "triggered").stageWith(gain, 8);
    return { device, mode, gain, order };
  };

  it("are set in their order, and put back in the other", async () => {
    const { device, order } = await make();
    await device.stage();
    expect(order).toEqual(["triggered", 8]);
    await device.stage();
    await device.unstage();
    expect(order.slice(-2)).toEqual([1, "free"]);
    const { length } = order;
    await device.unstage();
    expect(order).toHaveLength(length);
  });

  it("are put back when one of them can't be set, and each as far as it can", async () => {
    const { device, mode, gain, order } = await make();
    mockOf(gain).onPut = () => Promise.reject(new Error("no such gain"));
    await expect(device.stage()).rejects.toThrow("no such gain");
    expect(order).toEqual(["triggered", "free"]);
    mockOf(gain).onPut = undefined;
    await device.stage();
    mockOf(gain).onPut = () => Promise.reject(new Error("stuck"));
    await expect(device.unstage()).rejects.toThrow("what was staged could not be put back: stuck");
    expect(await mode.get()).toBe("free");
  });

  it("are told to an engine's recovery file", async () => {
    const { device } = await make();
    expect(await device.recoverable()).toEqual([
      { pv: "mock+soft://mode", value: "free" },
      { pv: "mock+soft://gain", value: 1 },
    ]);
  });

  it("are put back when a plan fails", async () => {
    const { device, mode } = await make();
    const seen: string[] = [];
    const failing = new RunEngine().run(async function* () {
      yield* bps.stage(device, { wait: true });
      seen.push(await mode.get());
      throw new Error("the plan fails");
    });
    await expect(failing).rejects.toThrow("the plan fails");
    expect([...seen, await mode.get()]).toEqual(["triggered", "free"]);
  });
});

describe("an invalid reading", () => {
  const make = (onInvalid?: "warn" | "fail" | "record" | "ignore") => {
    const options = { name: "sig", ...(onInvalid === undefined ? {} : { onInvalid }) };
    return new SignalR(new SoftBackend(t.float, 1), options);
  };

  it("is warned about once for each time that the signal turns invalid", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const signal = make();
    await signal.connect({ mock: true });
    const mock = mockOf(signal);
    mock.setReading({ value: 2, timestamp: 1, alarmSeverity: 3 });
    await signal.read();
    await signal.read();
    expect(warn).toHaveBeenCalledTimes(1);
    mock.setReading({ value: 2, timestamp: 2, alarmSeverity: 2 });
    await signal.read();
    mock.setReading({ value: 2, timestamp: 3, alarmSeverity: 0, alarmStatus: 17 });
    await signal.read();
    expect(warn).toHaveBeenCalledTimes(2);
    expect(String(warn.mock.calls[1]?.[0])).toContain("mock+soft://sig");
  });

  it("fails the read when it was asked to", async () => {
    const signal = make("fail");
    await signal.connect({ mock: true });
    mockOf(signal).setReading({ value: 2, timestamp: 1, alarmSeverity: -1, message: "disconnected" });
    await expect(signal.read()).rejects.toThrow("mock+soft://sig is not valid (alarm severity -1");
  });

  it("is recorded with its severity when it was asked to", async () => {
    const signal = make("record");
    await signal.connect({ mock: true });
    mockOf(signal).setReading({ value: 2, timestamp: 1, alarmSeverity: 3 });
    expect(await signal.read()).toMatchObject({ sig: { value: 2 }, "sig-severity": { value: 3 } });
    expect(Object.keys(await signal.describe())).toEqual(["sig", "sig-severity"]);
  });
});
