import { describe, expect, expectTypeOf, it, vi } from "vitest";
import {
  PseudoPositioner,
  PvPositioner,
  type PvPositionerOptions,
  softSignalRAndSetter,
  softSignalRW,
  stopBusyRecord,
  t,
  waitForValue,
} from "../../../src/devices/index.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { scan } from "../../../src/plans/index.ts";
import * as bps from "../../../src/plans/stubs/index.ts";
import { SynAxis } from "../../../src/sim/index.ts";
import { mockOf } from "../../../src/testing/index.ts";

function positioner(options: Pick<PvPositionerOptions, "tolerance" | "moveTimeoutMs"> = {}) {
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
    ...options,
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

describe("a positioner without a done signal", () => {
  const make = async (options: Partial<PvPositionerOptions> = {}) => {
    const setpoint = softSignalRW(t.float, 0);
    const device = new PvPositioner({ name: "p", setpoint, ...options });
    await device.connect({ mock: true });
    return { device, setpoint: mockOf(setpoint) };
  };

  it("is done when the put is, and reads as its setpoint where it has no readback", async () => {
    const { device, setpoint } = await make();
    setpoint.block();
    const move = device.set(3);
    const progress: unknown[] = [];
    move.watch(({ current, initial, target }) => progress.push([current, initial, target]));
    await waitForValue(device.setpoint, 3);
    expect(move.done).toBe(false);
    setpoint.unblock();
    await move.wait();
    expect(progress).toEqual([
      [0, 0, 3],
      [3, 0, 3],
    ]);
    expect(await device.locate()).toEqual({ setpoint: 3, readback: 3 });
    expect(device.hints).toEqual({ fields: ["p-setpoint"] });
  });

  it("is started by its actuator, once the setpoint is there, and waits for that", async () => {
    const actuate = softSignalRW(t.enum(["Idle", "Go"]));
    const { device, setpoint } = await make({ actuate, actuateValue: "Go" });
    setpoint.block();
    mockOf(actuate).block();
    const move = device.set(3);
    await waitForValue(device.setpoint, 3);
    expect(mockOf(actuate).calls).toEqual([]);
    setpoint.unblock();
    await waitForValue(actuate, "Go");
    expect(move.done).toBe(false);
    mockOf(actuate).unblock();
    await move.wait();
  });

  it("tells a put that fails, and one that takes too long, and writes stop then", async () => {
    const stop = softSignalRW(t.int);
    const { device, setpoint } = await make({ stop, stopValue: 7, moveTimeoutMs: 20 });
    setpoint.block();
    await expect(device.set(3).wait()).rejects.toThrow("did not complete");
    setpoint.unblock();
    setpoint.onPut = () => Promise.reject(new Error("no such place"));
    await expect(device.set(4).wait()).rejects.toThrow("no such place");
    expect(mockOf(stop).calls.map(({ value }) => value)).toEqual([7, 7]);
  });

  it("that is stopped before its put was sent sends nothing any more", async () => {
    const stop = softSignalRW(t.int);
    const { device, setpoint } = await make({ stop });
    const failed = device.set(3);
    await device.stop();
    await expect(failed.wait()).rejects.toThrow("Device p was stopped.");
    const fine = device.set(3);
    await device.stop({ success: true });
    await fine.wait();
    expect([setpoint.calls, mockOf(stop).calls.length]).toEqual([[], 2]);
  });

  it("is stopped when its move is cancelled", async () => {
    const stop = softSignalRW(t.int);
    const { device, setpoint } = await make({ stop });
    setpoint.block();
    const move = device.set(3);
    await waitForValue(device.setpoint, 3);
    move.cancel(new Error("no longer wanted"));
    await expect(move.wait()).rejects.toThrow("no longer wanted");
    await waitForValue(stop, 1);
  });
});

it("a mocked positioner was away for a moment and is there", async () => {
  const busy = softSignalRW(t.enum(["Busy", "Done"]), "Busy");
  const [readback] = softSignalRAndSetter(t.float, 0);
  const device = new PvPositioner({
    name: "p",
    setpoint: softSignalRW(t.float, 0),
    readback,
    done: busy,
    doneValue: "Done",
    tolerance: 0.1,
    startMs: 60_000,
  });
  await device.connect({ mock: true });
  const seen: string[] = [];
  busy.subscribeReading(({ value }) => seen.push(value));
  for (const target of [3, -2]) {
    await device.set(target).wait();
    expect(await device.locate()).toEqual({ setpoint: target, readback: target });
  }
  expect(seen).toEqual(["Done", "Busy", "Done", "Busy", "Done"]);
});

it("a positioner whose done signal stays away fails in time, and stop is written", async () => {
  const { device, setDone, stop } = positioner({ moveTimeoutMs: 40 });
  await device.connect();
  setDone(0);
  await expect(device.set(3).wait()).rejects.toThrow("p was not done on its way to 3 after 40 ms");
  expect(await stop.get()).toBe(1);
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

describe("a pseudo positioner on its way", () => {
  const underWay = async (axis: SynAxis): Promise<void> => {
    while (!axis.moving) await new Promise((resolve) => setImmediate(resolve));
  };

  it("gives way to its next move, which goes on", async () => {
    const { a, b, device } = sumAndDifference();
    a.velocity = b.velocity = 1000;
    const first = device.set({ sum: 200, diff: 0 });
    await underWay(a);
    const second = device.set({ sum: 20, diff: 4 });
    await expect(first.wait()).rejects.toThrow(/redirected|replaced|new move/);
    await second.wait();
    expect([a.position, b.position]).toEqual([12, 8]);
  });

  it("does not give way to a move that is refused", async () => {
    const { a, b, device } = sumAndDifference([-50, 50]);
    a.velocity = b.velocity = 200;
    const first = device.set({ sum: 20, diff: 0 });
    await underWay(a);
    await expect(device.set({ sum: 200, diff: 0 }).wait()).rejects.toThrow("a can't move to 100");
    await first.wait();
    expect([a.position, b.position]).toEqual([10, 10]);
  });

  it("stands when it was stopped or cancelled, and moves nothing when that was before it had begun", async () => {
    const { a, b, device } = sumAndDifference();
    a.velocity = b.velocity = 1;
    const early = device.set({ sum: 200, diff: 0 });
    await device.stop();
    await expect(early.wait()).rejects.toThrow("Device q was stopped.");
    expect([a.setpoint, b.setpoint]).toEqual([0, 0]);
    const stopped = device.set({ sum: 200, diff: 0 });
    await underWay(a);
    await device.stop({ success: true });
    await stopped.wait();
    const cancelled = device.set({ sum: 200, diff: 0 });
    await underWay(a);
    cancelled.cancel(new Error("no longer wanted"));
    await expect(cancelled.wait()).rejects.toThrow("no longer wanted");
    expect([a.moving, b.moving]).toEqual([false, false]);
  });

  it("tells how far the slowest of its real axes has come", async () => {
    const { a, b, device } = sumAndDifference();
    a.velocity = 1000;
    b.velocity = 100;
    const move = device.set({ sum: 40, diff: 0 });
    const fractions: number[] = [];
    move.watch(({ fraction = Number.NaN }) => fractions.push(fraction));
    await move.wait();
    expect(fractions).toEqual(fractions.toSorted((x, y) => x - y));
    expect(fractions.some((fraction) => fraction > 0 && fraction < 0.9)).toBe(true);
  });
});

it("a pseudo positioner names all of its real axes that can't be connected", async () => {
  const { a, b, device } = sumAndDifference();
  for (const axis of [a, b]) axis.connect = () => Promise.reject(new Error(`${axis.name} is away`));
  await expect(device.connect()).rejects.toThrow(
    "\nq: NotConnectedError:\n    a: Error: a is away\n    b: Error: b is away\n",
  );
});

describe("the targets of pseudo axes", () => {
  it("are those of the last move, until a real axis is sent elsewhere by itself", async () => {
    const { a, b, device } = sumAndDifference();
    await device.set({ sum: 0.3, diff: 0.1 }).wait();
    expect((await device.locate()).setpoint).toEqual({ sum: 0.3, diff: 0.1 });
    await a.set(10).wait();
    await b.set(4).wait();
    expect((await device.locate()).setpoint).toEqual({ sum: 14, diff: 6 });
    await device.axes.diff.set(2).wait();
    expect([a.position, b.position]).toEqual([8, 6]);
  });

  it("have to be numbers that the real axes can have, of axes that there are", async () => {
    const { a, device } = sumAndDifference();
    await expect(device.set({ sum: Number.NaN, diff: 0 }).wait()).rejects.toThrow(
      "q can't reach { sum: NaN, diff: 0 }: a would have to be at NaN",
    );
    await expect(device.setSome({ tilt: 1 } as never).wait()).rejects.toThrow('q has no axis "tilt"; it has sum, diff');
    expect(a.setpoint).toBe(0);
  });

  it("are told to subscribers with each step of a real axis, and to no one after", async () => {
    const { a, device } = sumAndDifference();
    const seen: number[] = [];
    const listen = (readings: Record<string, { value: number }>) => seen.push(readings["q-sum"]?.value ?? Number.NaN);
    device.subscribe(listen);
    await vi.waitFor(() => expect(seen.at(-1)).toBe(0));
    await a.set(5).wait();
    await vi.waitFor(() => expect(seen.at(-1)).toBe(5));
    device.clearSub(listen);
    const told = seen.length;
    await a.set(7).wait();
    await device.read();
    expect(seen).toHaveLength(told);
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
