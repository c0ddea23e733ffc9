import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Document, RunEngine } from "cerulean";
import { type SignalRW, stopBusyRecord, t, waitForValue } from "cerulean/devices";
import { type Context, EpicsMca, EpicsScaler, epicsSignalRW, getContext, QuadEm } from "cerulean/epics";
import { count } from "cerulean/plans";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CaprotoIoc, startCaproto } from "./support/caproto-ioc.ts";
import { python } from "./support/python.ts";

/** Reads PVs by a client that is not ours. */
const READ = `
import json, sys
from caproto.sync.client import read
plain = lambda value: value.decode() if isinstance(value, bytes) else float(value)
print(json.dumps({pv: list(map(plain, read(f"c:{pv}").data)) for pv in sys.argv[1:]}))
`;

let ioc: CaprotoIoc;
let context: Context;

beforeAll(async () => {
  ioc = await startCaproto("counters.py");
  context = getContext(ioc.context);
});

afterAll(async () => {
  await context?.close({ force: true });
  await ioc?.[Symbol.asyncDispose]();
});

async function readElsewhere(...pvs: string[]): Promise<Record<string, any[]>> {
  const env = {
    ...process.env,
    EPICS_CA_ADDR_LIST: "127.0.0.1",
    EPICS_CA_AUTO_ADDR_LIST: "NO",
    EPICS_CA_SERVER_PORT: `${ioc.caPort}`,
  };
  const { stdout } = await promisify(execFile)(await python(), ["-c", READ, ...pvs], { env });
  return JSON.parse(stdout);
}

/** As somebody else would put it: at once, on a channel of its own. */
async function put(pv: string, value: unknown): Promise<void> {
  await using signal = epicsSignalRW(t.any, `c:${pv}`, { name: "other", context, wait: false });
  await signal.connect();
  await signal.set(value).wait();
}

async function countThrice(device: EpicsScaler | EpicsMca | QuadEm): Promise<Record<string, any>[]> {
  const documents: Document[] = [];
  const engine = new RunEngine();
  engine.subscribe((document) => void documents.push(document));
  await engine.run(count([device], 3));
  return documents.filter(({ name }) => name === "event").map(({ doc }) => (doc as any).data);
}

describe("a scaler record on a server that is not ours", () => {
  async function scaler(): Promise<EpicsScaler> {
    const device = new EpicsScaler("c:s", { name: "s", channels: 4, context });
    await device.connect({ timeoutMs: 10_000 });
    await device.presetTime.set(0.1).wait();
    return device;
  }

  it("counts for its preset time, each time anew, under the names of its channels", async () => {
    await using device = await scaler();
    const events = await countThrice(device);
    for (const event of events) {
      expect(Object.keys(event)).toEqual(["s-time", "s-sec", "s-I0", "s-det"]);
      expect([event["s-time"], event["s-sec"]]).toEqual([0.1, 1e5]);
    }
    expect(new Set(events.map((event) => event["s-det"])).size).toBe(3);
    const last = events.at(-1) ?? {};
    expect(await readElsewhere("s.S1", "s.S2", "s.S4")).toEqual({
      "s.S1": [last["s-sec"]],
      "s.S2": [last["s-I0"]],
      "s.S4": [last["s-det"]],
    });
  });

  it("reads what was counted for a trigger though it counts by itself before and after", async () => {
    await using device = await scaler();
    await device.countMode.set("AutoCount").wait();
    // In the background it shows a hundred times as much.
    await waitForValue(device.time, 0.5);
    const events = await countThrice(device);
    for (const event of events) {
      expect(event["s-time"]).toBe(0.1);
      expect(event["s-I0"]).toBeLessThan(5000);
    }
    expect(await device.countMode.get({ cached: false })).toBe("AutoCount");
    await device.countMode.set("OneShot").wait();
  });

  it("ends with another channel's preset, also without a preset time", async () => {
    await using device = await scaler();
    const { preset, gate } = { preset: "s.PR2", gate: "s.G2" };
    await put(preset, 1000);
    await put(gate, "Y");
    for (const seconds of [60, 0]) {
      await device.presetTime.set(seconds).wait();
      await device.trigger().wait();
      const readings = await device.read();
      expect(readings["s-I0"]?.value).toBeGreaterThanOrEqual(1000);
      expect(readings["s-time"]?.value).toBeLessThan(10);
    }
    await put(gate, "N");
    await expect(device.trigger().wait()).rejects.toThrow(
      "s would count for ever: its preset time is 0 s and no other channel has a preset",
    );
    expect(await device.count.get({ cached: false })).toBe("Done");
  });

  it("fails a count that is stopped, and says by whom; the next one counts", async () => {
    await using device = await scaler();
    await device.presetTime.set(60).wait();
    const stopped = device.trigger();
    await waitForValue(device.time, (time) => time > 0);
    await device.stop();
    await expect(stopped.wait()).rejects.toThrow("Device s was stopped.");
    await expect.poll(() => device.count.get({ cached: false })).toBe("Done");
    const enough = device.trigger();
    await waitForValue(device.count, "Count");
    await device.stop({ success: true });
    await enough.wait();
    await expect.poll(() => device.count.get({ cached: false })).toBe("Done");
    const aborted = device.trigger();
    await waitForValue(device.count, "Count");
    await put("s.CNT", "Done");
    await expect(aborted.wait()).rejects.toThrow(/^s was stopped by somebody else, after .* s of 60 s$/);
    const cancelled = device.trigger();
    await waitForValue(device.count, "Count");
    cancelled.cancel();
    await expect.poll(() => device.count.get({ cached: false })).toBe("Done");
    await device.presetTime.set(0.05).wait();
    await device.trigger().wait();
    expect((await device.read())["s-time"]?.value).toBe(0.05);
  });
});

describe("an MCA record on a server that is not ours", () => {
  async function analyser(): Promise<EpicsMca> {
    const device = new EpicsMca("c:m", { name: "m", regions: [0, 2], context });
    await device.connect({ timeoutMs: 10_000 });
    await device.presetRealTime.set(0.1).wait();
    const [narrow, wide] = [device.regions.get(0), device.regions.get(2)];
    await Promise.all([narrow?.low.set(15).wait(), narrow?.high.set(25).wait(), narrow?.background.set(2).wait()]);
    await Promise.all([wide?.low.set(0).wait(), wide?.high.set(63).wait(), wide?.background.set(-1).wait()]);
    return device;
  }

  it("erases and counts for each trigger, and its regions are sums over its spectrum", async () => {
    await using device = await analyser();
    const events = await countThrice(device);
    const sum = (of: ArrayLike<number>, from: number, to: number): number =>
      Array.from(of)
        .slice(from, to + 1)
        .reduce((total, value) => total + value, 0);
    for (const event of events) {
      expect(event["m-elapsedRealTime"]).toBeGreaterThanOrEqual(0.1);
      expect(event["m-spectrum"]).toHaveLength(64);
      expect(event["m-regions-0-counts"]).toBe(sum(event["m-spectrum"], 15, 25));
      expect(event["m-regions-2-counts"]).toBe(sum(event["m-spectrum"], 0, 63));
      expect(event["m-regions-0-netCounts"]).toBeLessThan(event["m-regions-0-counts"]);
    }
    expect(new Set(events.map((event) => event["m-regions-2-counts"])).size).toBe(3);
    const last = events.at(-1) ?? {};
    const elsewhere = await readElsewhere("m", "m.R0", "m.R0N");
    expect(elsewhere.m).toEqual(Array.from(last["m-spectrum"]));
    expect(elsewhere["m.R0"]).toEqual([sum(elsewhere.m ?? [], 15, 25)]);
    expect(elsewhere["m.R0N"]).toEqual([last["m-regions-0-netCounts"]]);
    const configuration = await device.readConfiguration();
    expect(configuration["m-regions-0-label"]?.value).toBe("peak0");
  });

  it("counts for its live time where that is preset", async () => {
    await using device = await analyser();
    await device.presetRealTime.set(0).wait();
    await device.presetLiveTime.set(0.09).wait();
    await device.trigger().wait();
    expect(await device.elapsedLiveTime.get({ cached: false })).toBeGreaterThanOrEqual(0.09);
    await device.presetLiveTime.set(0).wait();
  });

  it("fails a count that is stopped, and says by whom; the next one counts", async () => {
    await using device = await analyser();
    // No preset: it counts until it is stopped.
    await device.presetRealTime.set(0).wait();
    const stopped = device.trigger();
    await waitForValue(device.acquiring, "Acquire");
    await device.stop();
    await expect(stopped.wait()).rejects.toThrow("Device m was stopped.");
    await expect.poll(() => device.acquiring.get({ cached: false })).toBe("Done");
    const aborted = device.trigger();
    await waitForValue(device.acquiring, "Acquire");
    await put("m.STOP", "Acquire");
    await expect(aborted.wait()).rejects.toThrow(/^m was stopped by somebody else, after .* s$/);
    await put("m.STRT", "Acquire");
    await waitForValue(device.acquiring, "Acquire");
    await device.presetRealTime.set(0.05).wait();
    await device.stage();
    await expect.poll(() => device.acquiring.get({ cached: false })).toBe("Done");
    await device.trigger().wait();
    expect(await device.elapsedRealTime.get({ cached: false })).toBeLessThan(5);
    await device.unstage();
  });
});

describe("a quad electrometer on a server that is not ours", () => {
  async function electrometer(): Promise<QuadEm> {
    const device = new QuadEm("c:q:", { name: "q", context });
    await device.connect({ timeoutMs: 10_000 });
    await device.averagingTime.set(0.1).wait();
    return device;
  }

  it("has the averages of each trigger, from plugins that were off and did not block, and leaves it as it was", async () => {
    await using device = await electrometer();
    await device.acquireMode.set("Continuous").wait();
    await device.acquire.set("Acquire", { wait: false }).wait();
    await waitForValue(device.numAcquired, (num) => num > 0);
    const events = await countThrice(device);
    expect(new Set(events.map((event) => event["q-sumAll"])).size).toBe(3);
    for (const event of events) {
      const currents = [1, 2, 3, 4].map((i) => event[`q-current${i}`] as number);
      expect(event["q-sumAll"]).toBeCloseTo(
        currents.reduce((total, current) => total + current, 0),
        9,
      );
      for (const [i, current] of currents.entries()) expect(Math.abs(current - i - 1.5)).toBeLessThan(0.5);
    }
    const last = events.at(-1) ?? {};
    expect(await readElsewhere("q:SumAll:MeanValue_RBV", "q:PosX:MeanValue_RBV", "q:NumAverage_RBV")).toEqual({
      "q:SumAll:MeanValue_RBV": [last["q-sumAll"]],
      "q:PosX:MeanValue_RBV": [last["q-posX"]],
      "q:NumAverage_RBV": [10],
    });
    expect(await device.acquireMode.get({ cached: false })).toBe("Continuous");
    await expect.poll(() => device.acquire.get({ cached: false })).toBe("Acquire");
    await device.stop();
  });

  it("fails an average that is stopped or would never be there, and says why; the next one is there", async () => {
    await using device = await electrometer();
    await device.stage();
    await device.averagingTime.set(0).wait();
    await expect(device.trigger().wait()).rejects.toThrow(
      "q would never have an average: its averaging time is 0 s; set averagingTime",
    );
    await device.averagingTime.set(60).wait();
    const stopped = device.trigger();
    await waitForValue(device.acquire, "Acquire");
    await device.stop();
    await expect(stopped.wait()).rejects.toThrow("Device q was stopped.");
    await expect.poll(() => device.acquire.get({ cached: false })).toBe("Done");
    const aborted = device.trigger();
    await waitForValue(device.acquire, "Acquire");
    await put("q:Acquire", "Done");
    await expect(aborted.wait()).rejects.toThrow("q was stopped by somebody else, before its average was there");
    await device.averagingTime.set(0.05).wait();
    await device.trigger().wait();
    expect(await device.numAcquired.get({ cached: false })).toBe(1);
    await device.unstage();
  });
});

describe("a busy record on a server that is not ours", () => {
  async function busyRecord(): Promise<SignalRW<any>> {
    const signal = epicsSignalRW(t.any, "c:busy", { name: "busy", context });
    await signal.connect({ timeoutMs: 10_000 });
    return signal;
  }

  it("is done for whoever waits when anybody puts it back, and not before", async () => {
    await using busy = await busyRecord();
    const work = busy.set("Busy");
    await waitForValue(busy, "Busy");
    expect(await readElsewhere("busy")).toEqual({ busy: ["Busy"] });
    expect(work.done).toBe(false);
    await stopBusyRecord(busy);
    await work.wait();
    expect(await readElsewhere("busy")).toEqual({ busy: ["Done"] });
  });

  it("that does not end is told of by its name", async () => {
    await using busy = await busyRecord();
    const work = busy.set("Busy");
    await waitForValue(busy, "Busy");
    await put("stuck", "Yes");
    await expect(stopBusyRecord(busy, { timeoutMs: 100 })).rejects.toThrow(
      "busy is still busy 100 ms after it was told to end",
    );
    await put("stuck", "No");
    await stopBusyRecord(busy);
    await work.wait();
  });
});

describe("a server that goes away in the midst of a count", () => {
  it("fails the triggers, which name what does not answer", async () => {
    const mortal = await startCaproto("counters.py");
    const own = getContext(mortal.context);
    const scaler = new EpicsScaler("c:s", { name: "s", channels: 4, context: own });
    const mca = new EpicsMca("c:m", { name: "m", context: own });
    try {
      await Promise.all([scaler.connect({ timeoutMs: 10_000 }), mca.connect({ timeoutMs: 10_000 })]);
      await scaler.presetTime.set(60).wait();
      await mca.presetRealTime.set(60).wait();
      const triggers = [scaler.trigger(), mca.trigger()] as const;
      await Promise.all([waitForValue(scaler.count, "Count"), waitForValue(mca.acquiring, "Acquire")]);
      await mortal[Symbol.asyncDispose]();
      await expect(triggers[0].wait({ timeoutMs: 30_000 })).rejects.toThrow(/c:s\.CNT/);
      await expect(triggers[1].wait({ timeoutMs: 30_000 })).rejects.toThrow(/c:m\.ACQG/);
    } finally {
      await own.close({ force: true });
      await mortal[Symbol.asyncDispose]();
    }
  });
});
