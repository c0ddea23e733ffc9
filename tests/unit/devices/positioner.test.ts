import { describe, expect, expectTypeOf, it, vi } from "vitest";
import {
  PseudoPositioner,
  PvPositioner,
  softSignalRAndSetter,
  softSignalRW,
  stopBusyRecord,
  t,
} from "../../../src/devices/index.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { scan } from "../../../src/plans/index.ts";
import * as bps from "../../../src/plans/stubs/index.ts";
import { SynAxis } from "../../../src/sim/index.ts";

function positioner(options: { tolerance?: number; land?: number } = {}) {
  const setpoint = softSignalRW(t.float, 0);
  const [readback, setReadback] = softSignalRAndSetter(t.float, 0);
  const [done, setDone] = softSignalRAndSetter(t.int, 1);
  const stop = softSignalRW(t.int, 0);
  const device = new PvPositioner({
    name: "p",
    setpoint,
    readback,
    done,
    stop,
    limits: [-10, 10],
    startMs: 30,
    ...(options.tolerance === undefined ? {} : { tolerance: options.tolerance }),
  });
  return { device, setReadback, setDone, stop };
}

describe("a positioner with a done signal", () => {
  it("is done when the signal has left its value and come back, however late it leaves", async () => {
    const { device, setReadback, setDone } = positioner({ tolerance: 0.1 });
    await device.connect();
    const move = device.set(3);
    setTimeout(() => setDone(0), 10);
    const early = await move.wait({ timeoutMs: 60 }).catch((error: Error) => error.name);
    expect(early).toBe("StatusTimeoutError");
    setReadback(3);
    setDone(1);
    await move.wait();
    expect(await device.locate()).toEqual({ setpoint: 3, readback: 3 });
    expect(Object.keys(await device.read())).toEqual(["p-setpoint", "p"]);
  });

  it("fails off its target, beyond its limits, when stopped and when redirected", async () => {
    const { device, setDone, stop } = positioner({ tolerance: 0.1 });
    await device.connect();
    await expect(device.set(3).wait()).rejects.toThrow("p missed its target by more than 0.1: it is at 0, sent to 3");
    await expect(device.set(11).wait()).rejects.toThrow("its limits are -10 to 10");
    setDone(0);
    const first = device.set(4);
    const second = device.set(5);
    await expect(first.wait()).rejects.toThrow("p was redirected to 5 on its way to 4");
    await device.stop();
    await expect(second.wait()).rejects.toThrow("Device p was stopped.");
    expect(await stop.get()).toBe(1);
  });
});

function sumAndDifference(limits?: readonly [number, number]) {
  const a = new SynAxis({ name: "a", ...(limits === undefined ? {} : { limits }) });
  const b = new SynAxis({ name: "b" });
  const device = new PseudoPositioner({
    name: "q",
    axes: ["sum", "diff"],
    reals: { a, b },
    forward: ({ sum, diff }) => ({ a: (sum + diff) / 2, b: (sum - diff) / 2 }),
    inverse: ({ a: x, b: y }) => ({ sum: x + y, diff: x - y }),
    units: { sum: "mm" },
  });
  return { a, b, device };
}

describe("a pseudo positioner", () => {
  it("moves its real axes together and reads as its own", async () => {
    const { a, b, device } = sumAndDifference();
    await device.connect();
    expectTypeOf(device.set).parameter(0).toEqualTypeOf<Readonly<Record<"sum" | "diff", number>>>();
    await device.set({ sum: 4, diff: 2 }).wait();
    expect([a.position, b.position]).toEqual([3, 1]);
    await device.axes.diff.set(0).wait();
    expect([a.position, b.position]).toEqual([2, 2]);
    expect((await device.read())["q-sum"]?.value).toBe(4);
    expect(device.describe()["q-sum"]).toMatchObject({ units: "mm", dtype: "number" });
    expect(device.hints).toEqual({ fields: ["q-sum", "q-diff"] });
  });

  it("is moved once by a plan that moves several of its axes, and scanned over as its axes", async () => {
    const { a, device } = sumAndDifference();
    await device.connect();
    const { sum, diff } = device.axes;
    const sent: unknown[] = [];
    const engine = new RunEngine();
    engine.messages$.subscribe(({ command, obj, args }) => void (command === "set" && sent.push([obj, args[0]])));
    await engine.run(bps.mv(sum, 6, diff, 2));
    await engine.run(bps.mvr(sum, 2, diff, 0));
    expect(sent).toEqual([
      [device, { sum: 6, diff: 2 }],
      [device, { sum: 8, diff: 2 }],
    ]);
    expect(a.position).toBe(5);
    const rows: unknown[] = [];
    engine.subscribe(({ name, doc }) => void (name === "event" && rows.push(doc.data)));
    await engine.run(scan([], sum, 0, 2, diff, 0, 4, 3));
    expect(rows).toEqual([0, 1, 2].map((at) => ({ "q-sum": at, "q-diff": 2 * at })));
  });

  it("checks all real axes before it moves one", async () => {
    const { a, b, device } = sumAndDifference([-1, 1]);
    await expect(device.set({ sum: 10, diff: 0 }).wait()).rejects.toThrow("a can't move to 5: its limits are -1 and 1");
    await expect(device.axes.sum.checkValue(10)).rejects.toThrow("a can't move to 5");
    expect([a.position, b.position]).toEqual([0, 0]);
  });

  it("stops the others when one fails", async () => {
    const { a, b, device } = sumAndDifference();
    a.velocity = 1;
    b.velocity = 1;
    const move = device.set({ sum: 100, diff: 0 });
    while (!a.moving) await new Promise((resolve) => setImmediate(resolve));
    a.stop();
    await expect(move.wait()).rejects.toThrow("Device a was stopped.");
    expect(b.moving).toBe(false);
  });
});

describe("stopBusyRecord", () => {
  it("writes without waiting for completion and resolves when the record reads so", async () => {
    const busy = softSignalRW(t.bool, true, { name: "busy" });
    await busy.connect();
    await stopBusyRecord(busy, { timeoutMs: 100 });
    expect(await busy.get()).toBe(false);
  });

  it("does not believe what a subscription begins with, and tells of a record that stays busy", async () => {
    const busy = softSignalRW(t.bool, true, { name: "busy" });
    await busy.connect();
    vi.spyOn(busy, "get").mockResolvedValue(true);
    await expect(stopBusyRecord(busy, { timeoutMs: 20 })).rejects.toThrow(
      "busy is still busy 20 ms after it was told to end",
    );
  });
});
