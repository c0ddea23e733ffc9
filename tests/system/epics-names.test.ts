import { t, waitForValue } from "cerulean/devices";
import { type Context, epicsSignalR, epicsSignalRW, epicsSignalRWRbv, epicsSignalW, getContext } from "cerulean/epics";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CIoc } from "./support/c-ioc.ts";

const WAIT = { timeout: 10_000, interval: 5 };
const RECORDS = `
record(ao, "f:x") { field(VAL, "0") field(PINI, "YES") }
record(ao, "f:never") { }
record(waveform, "f:w") { field(FTVL, "DOUBLE") field(NELM, "10") }
record(ao, "f:p") { field(VAL, "1") field(PINI, "YES") field(FLNK, "f:p_RBV") }
record(calc, "f:p_RBV") { field(INPA, "f:p") field(CALC, "A*10") field(PINI, "YES") }
record(calc, "f:twice") { field(CALC, "A*2") field(PINI, "YES") }
record(seq, "f:slow") { field(DLY1, "0.5") field(DO1, "1") field(LNK1, "f:done PP") }
record(ao, "f:done") { field(VAL, "0") field(PINI, "YES") }
`;

let ioc: CIoc;
let context: Context;

beforeAll(async () => {
  ioc = await CIoc.start(RECORDS);
  context = getContext(ioc.context);
});
afterAll(async () => {
  await context?.close({ force: true });
  await ioc?.stop();
});

describe.each(["ca", "pva"] as const)("a name over %s", (protocol) => {
  const pv = (name: string) => `${protocol}://f:${name}`;
  const put = async (name: string, value: unknown) => {
    await using channel = context.channel(pv(name));
    await channel.put(value);
  };

  beforeEach(() => put("x", 0));

  it("with a deadband filter is told of what leaves the deadband, by the server", async () => {
    await using x = epicsSignalR(t.float, pv('x.VAL{"dbnd":{"abs":1.5}}'), { name: "x", context });
    await x.connect();
    const seen: number[] = [];
    x.subscribeReading(({ value }) => seen.push(value));
    await expect.poll(() => seen, WAIT).toEqual([0]);
    for (const value of [1, 2, 3, 4]) await put("x", value);
    await expect.poll(() => seen, WAIT).toEqual([0, 2, 4]);
    expect(await x.get({ cached: false })).toBe(4);
    expect(x.source).toBe(pv('x.VAL{"dbnd":{"abs":1.5}}'));
  });

  it("with an array filter has the elements that it names, got and monitored", async () => {
    await put("w", Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    await using part = epicsSignalR(t.array.f64, pv('w.{"arr":{"s":1,"i":2,"e":7}}'), { name: "part", context });
    await part.connect();
    expect(await part.get()).toEqual(Float64Array.of(1, 3, 5, 7));
    await part.stage();
    await put("w", Float64Array.of(9, 8, 7, 6));
    await waitForValue(part, (value) => value[0] === 8);
    expect(part.latest?.value).toEqual(Float64Array.of(8, 6));
    await using short = epicsSignalR(t.array.f64, pv("w.VAL[0:1]"), { name: "short", context });
    await short.connect();
    expect(await short.get()).toEqual(Float64Array.of(9, 8));
  });

  it("with a time stamp filter has the time of its reading, where its record has none", async () => {
    await using never = epicsSignalR(t.float, pv("never"), { name: "never", context });
    await using stamped = epicsSignalR(t.float, pv('never.{"ts":{}}'), { name: "stamped", context });
    await Promise.all([never.connect(), stamped.connect()]);
    expect((await never.getReading()).timestamp).toBe(631_152_000);
    expect(Math.abs((await stamped.getReading()).timestamp - Date.now() / 1000)).toBeLessThan(60);
  });

  it.each([
    ["p", "p_RBV"],
    ["p.VAL", "p_RBV.VAL"],
    ['p.VAL{"dbnd":{"abs":0.5}}', 'p_RBV.VAL{"dbnd":{"abs":0.5}}'],
  ])("of a setpoint, %s, has its readback at %s", async (setpoint, readback) => {
    await using signal = epicsSignalRWRbv(t.float, pv(setpoint), { name: "signal", context });
    expect(signal.source).toBe(pv(readback));
    expect(signal.backend.target("")).toBe(pv(setpoint));
    await signal.connect();
    await signal.set(3).wait();
    await waitForValue(signal, 30);
    expect(await signal.locate()).toEqual({ setpoint: 3, readback: 30 });
    await put("p", 1);
  });

  it("to read and another field of it to write are one signal", async () => {
    await using twice = epicsSignalRW(t.float, pv("twice"), pv("twice.A"), { name: "twice", context });
    await twice.connect();
    await twice.set(21).wait();
    expect(await twice.get({ cached: false })).toBe(42);
    expect(await twice.locate()).toEqual({ setpoint: 21, readback: 42 });
  });

  it("that is only written is checked by its type and written", async () => {
    await using x = epicsSignalW(t.float, pv("x"), { name: "x", context });
    await x.connect();
    await x.set(7.5).wait();
    await expect(x.set("7" as never).wait()).rejects.toThrow(pv("x"));
    await using channel = context.channel(pv("x"));
    expect(await channel.get()).toBe(7.5);
    expect("get" in x || "read" in x).toBe(false);
    await using wrong = epicsSignalW(t.string, pv("x"), { name: "wrong", context });
    await expect(wrong.connect()).rejects.toThrow("cannot be read as t.string");
  });

  it("is waited for at the values that a predicate says, and not at others", async () => {
    await put("done", 0);
    await using done = epicsSignalR(t.float, pv("done"), { name: "done", context });
    const wait = (value: number) => value === 1;
    await using go = epicsSignalRW(t.int, pv("slow.PROC"), { name: "go", context, wait });
    await Promise.all([go.connect(), done.connect()]);
    const begun = performance.now();
    await go.set(1).wait();
    expect(performance.now() - begun).toBeGreaterThan(480);
    expect(await done.get()).toBe(1);
    await put("done", 0);
    await go.set(2).wait();
    expect(await done.get({ cached: false })).toBe(0);
    await waitForValue(done, 1);
  });
});
