import { type SignalRW, t, waitForValue } from "cerulean/devices";
import { type Context, epicsSignalR, epicsSignalRW, getContext } from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CIoc } from "./support/c-ioc.ts";
import { PvaGateway } from "./support/pva-gateway.ts";

const RECORDS = `
record(ao, "g:x") { field(VAL, "1") field(PINI, "YES") field(EGU, "mm") field(PREC, "3") }
record(mbbo, "g:mode") { field(ZRST, "Off") field(ONST, "On") field(VAL, "1") field(PINI, "YES") }
record(stringout, "g:label") { field(VAL, "left") field(PINI, "YES") }
record(waveform, "g:wave") { field(FTVL, "DOUBLE") field(NELM, "1000") }
record(calc, "g:ramp") { field(CALC, "A+1") field(INPA, "g:ramp") field(SCAN, ".1 second") }
record(seq, "g:slow") { field(DLY1, "0.5") field(LNK1, "g:x.DESC") }
`;
const REORDERED = RECORDS.replace('field(ZRST, "Off") field(ONST, "On")', 'field(ZRST, "On") field(ONST, "Off")');

let ioc: CIoc;
let gateway: PvaGateway;
let context: Context;
let x: SignalRW<number>;

beforeAll(async () => {
  ioc = await CIoc.start(RECORDS);
  gateway = await PvaGateway.start(ioc.ports);
  context = getContext(gateway.context);
  x = epicsSignalRW(t.float, "pva://g:x", { name: "x", context });
  await x.connect();
});

afterAll(async () => {
  await x?.dispose();
  await context?.close({ force: true });
  await gateway?.[Symbol.asyncDispose]();
  await ioc?.stop();
});

describe("through a gateway", () => {
  it("values, metadata and labels are got, put and waited for as from the IOC itself", async () => {
    const direct = getContext(ioc.context);
    await using near = epicsSignalRW(t.float, "pva://g:x", { name: "x", context: direct });
    await using mode = epicsSignalRW(t.enum(["Off", "On"]), "pva://g:mode", { name: "mode", context });
    await using wave = epicsSignalRW(t.array.f64, "pva://g:wave", { name: "wave", context });
    await using slow = epicsSignalRW(t.any, "pva://g:slow.PROC", { name: "slow", context });
    await Promise.all([near, mode, wave, slow].map((one) => one.connect()));
    await x.set(2.5).wait();
    expect(await near.get({ cached: false })).toBe(2.5);
    expect(await x.describe()).toEqual(await near.describe());
    expect(await x.getReading({ cached: false })).toEqual(await near.getReading({ cached: false }));
    await mode.set("Off").wait();
    expect(await mode.get()).toBe("Off");
    await wave.set(Float64Array.from({ length: 1000 }, (_, at) => at / 7)).wait();
    expect((await wave.get())[999]).toBe(999 / 7);
    const begun = performance.now();
    await slow.set(1).wait();
    expect(performance.now() - begun).toBeGreaterThan(480);
    const got = await context.bulkGet(["pva://g:x", "pva://g:label", "pva://g:none"], { timeoutMs: 1000 });
    expect(got.get("pva://g:x")).toMatchObject({ value: 2.5 });
    expect(got.get("pva://g:label")).toMatchObject({ value: "left" });
    expect(got.get("pva://g:none")).toMatchObject({ error: { source: "pva://g:none" } });
    await direct.close({ force: true });
  });

  it("updates come in order, each once", async () => {
    await using ramp = epicsSignalR(t.float, "pva://g:ramp", { name: "ramp", context });
    await ramp.connect();
    const seen: number[] = [];
    using _updates = ramp.subscribeReading(({ value }) => void seen.push(value));
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBeGreaterThan(10);
    expect(seen).toEqual(seen.map((_, at) => (seen[0] ?? 0) + at));
  });

  it("an IOC behind it that is killed and comes back with other labels is told, and never mistaken", async () => {
    await using mode = epicsSignalRW(t.enum(["Off", "On"]), "pva://g:mode", { name: "mode", context });
    await mode.connect();
    await mode.set("On").wait();
    const seen: (readonly [string, number | undefined])[] = [];
    using _updates = mode.subscribeReading(({ value, alarmSeverity }) => void seen.push([value, alarmSeverity]));
    await waitForValue(mode, "On");
    await ioc.kill();
    await expect.poll(() => seen.at(-1), { timeout: 20_000 }).toEqual(["On", -1]);
    await expect(x.get({ cached: false, timeoutMs: 500 })).rejects.toThrow("pva://g:x");
    await ioc.restart(REORDERED);
    await expect.poll(() => seen.at(-1)?.[1], { timeout: 30_000 }).toBe(0);
    await mode.set("On", { timeoutMs: 20_000 }).wait();
    const direct = getContext(ioc.context);
    expect((await direct.bulkGet(["ca://g:mode"])).get("ca://g:mode")).toMatchObject({ value: 0 });
    await direct.close({ force: true });
  });

  it("a gateway that is killed and comes back is taken up again, monitors too", async () => {
    const seen: (readonly [number, number | undefined])[] = [];
    using _updates = x.subscribeReading(({ value, alarmSeverity }) => void seen.push([value, alarmSeverity]));
    await expect.poll(() => seen.at(-1)?.[1], { timeout: 20_000 }).toBe(0);
    await gateway.kill();
    await expect.poll(() => seen.at(-1)?.[1], { timeout: 20_000 }).toBe(-1);
    await gateway.restart();
    await expect.poll(() => seen.at(-1)?.[1], { timeout: 30_000 }).toBe(0);
    await x.set(4).wait();
    await waitForValue(x, 4);
    expect(seen.filter(([value]) => value === 4)).toHaveLength(1);
  });
});
