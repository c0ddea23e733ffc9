import * as devices from "cerulean/devices";
import { type Datatype, Device, NotConnectedError, type SignalRW, t, waitForValue } from "cerulean/devices";
import { type Context, epicsSignalR, epicsSignalRW, epicsSignalX, getContext } from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signalBackendSuite } from "../suites/signal-backend.ts";
import { CIoc } from "./support/c-ioc.ts";
import { SIGNAL_RECORDS } from "./support/signal-records.ts";

let ioc: CIoc;
let context: Context;

beforeAll(async () => {
  ioc = await CIoc.start(SIGNAL_RECORDS);
  context = getContext(ioc.context);
});

afterAll(async () => {
  await context?.close({ force: true });
  await ioc?.stop();
});

async function connected<T>(datatype: Datatype<T>, pv: string): Promise<SignalRW<T>> {
  const signal = epicsSignalRW(datatype, pv, { name: "sig", context });
  await signal.connect({ timeoutMs: 5000 });
  return signal;
}

interface Case {
  readonly datatype: Datatype<any>;
  readonly pv: string;
  readonly values: readonly [unknown, unknown];
  readonly dataKey: Record<string, unknown>;
}

const BOTH: readonly Case[] = [
  { datatype: t.float, pv: "sig:float", values: [1.5, -2.25], dataKey: { dtype: "number", units: "mm", precision: 3 } },
  { datatype: t.int, pv: "sig:int", values: [12, 80], dataKey: { dtype: "integer", shape: [], dtype_numpy: "<i8" } },
  { datatype: t.int, pv: "sig:whole", values: [12, -80], dataKey: { dtype: "integer" } },
  { datatype: t.bool, pv: "sig:bool", values: [true, false], dataKey: { dtype: "boolean", shape: [] } },
  { datatype: t.bool, pv: "sig:plainbool", values: [false, true], dataKey: { dtype: "boolean" } },
  { datatype: t.string, pv: "sig:string", values: ["hi", "café"], dataKey: { dtype: "string", shape: [] } },
  { datatype: t.string, pv: "sig:text", values: ["x".repeat(60), "ünï"], dataKey: { dtype: "string", shape: [] } },
  { datatype: t.string, pv: "sig:long.VAL$", values: ["y".repeat(100), "z"], dataKey: { dtype: "string" } },
  { datatype: t.string, pv: "sig:mode", values: ["Bbb", "Ccc"], dataKey: { choices: ["Aaa", "Bbb", "Ccc"] } },
  {
    datatype: t.enum(["Aaa", "Bbb", "Ccc"]),
    pv: "sig:mode",
    values: ["Aaa", "Ccc"],
    dataKey: { dtype: "string", choices: ["Aaa", "Bbb", "Ccc"] },
  },
  { datatype: t.strings, pv: "sig:strings", values: [["a", "b"], ["c"]], dataKey: { dtype: "array", shape: [2] } },
  { datatype: t.array.u8, pv: "sig:u8", values: [Uint8Array.of(0, 255), Uint8Array.of(218)], dataKey: { shape: [2] } },
  { datatype: t.array.i16, pv: "sig:i16", values: [Int16Array.of(-5, 5), Int16Array.of(9)], dataKey: { shape: [2] } },
  { datatype: t.array.i32, pv: "sig:i32", values: [Int32Array.of(-5), Int32Array.of(1, 2)], dataKey: { shape: [1] } },
  {
    datatype: t.array.f32,
    pv: "sig:f32",
    values: [Float32Array.of(0.5), Float32Array.of(1, 2)],
    dataKey: { shape: [1] },
  },
  {
    datatype: t.array.f64,
    pv: "sig:f64",
    values: [Float64Array.of(1, Number.NaN, 3), Float64Array.of(4)],
    dataKey: { dtype: "array", shape: [3], dtype_numpy: "<f8" },
  },
];

const PVA_ONLY: readonly Case[] = [
  { datatype: t.int64, pv: "sig:int64", values: [2n ** 62n + 1n, -5n], dataKey: { dtype: "integer" } },
  {
    datatype: t.array.i8,
    pv: "sig:i8",
    values: [Int8Array.of(-1, 1), Int8Array.of(7)],
    dataKey: { dtype_numpy: "|i1" },
  },
  { datatype: t.array.u16, pv: "sig:u16", values: [Uint16Array.of(65535), Uint16Array.of(1)], dataKey: { shape: [1] } },
  { datatype: t.array.u32, pv: "sig:u32", values: [Uint32Array.of(2 ** 32 - 1), Uint32Array.of(1)], dataKey: {} },
  { datatype: t.array.i64, pv: "sig:i64", values: [BigInt64Array.of(-(2n ** 63n)), BigInt64Array.of(1n)], dataKey: {} },
  {
    datatype: t.array.u64,
    pv: "sig:u64",
    values: [BigUint64Array.of(2n ** 64n - 1n), BigUint64Array.of(1n)],
    dataKey: {},
  },
];

const cases = [
  ...BOTH.flatMap((one) => [
    { ...one, pv: `ca://${one.pv}` },
    { ...one, pv: `pva://${one.pv}` },
  ]),
  ...PVA_ONLY.map((one) => ({ ...one, pv: `pva://${one.pv}` })),
];

for (const { datatype, pv, values, dataKey } of cases) {
  const backend = {
    datatype,
    values,
    dataKey: { source: pv, ...dataKey },
    async make() {
      const signal = await connected(datatype, pv);
      await signal.set(values[0]).wait();
      return signal;
    },
  };
  // The suite is written against the sources, the signals come from the package: the same shapes, other classes.
  signalBackendSuite(`${datatype.label} on ${pv}`, backend as never, devices as never);
}

describe.each(["ca", "pva"] as const)("a signal over %s", (protocol) => {
  const pv = (name: string): string => `${protocol}://${name}`;

  it.each<[Datatype<any>, string, RegExp]>([
    [t.int, "sig:float", /float64 with precision 3 and cannot be read as t\.int/],
    [t.int, "sig:string", /string and cannot be read as t\.int/],
    [t.float, "sig:int", /int32 and cannot be read as t\.float/],
    [t.string, "sig:float", /cannot be read as t\.string/],
    [t.bool, "sig:mode", /cannot be read as t\.bool/],
    [t.array.i32, "sig:f64", /array of float64 and cannot be read as t\.array\.i32/],
    [t.float, "sig:f64", /array of float64 and cannot be read as t\.float/],
    [t.array.f64, "sig:float", /cannot be read as t\.array\.f64/],
    [t.enum(["Aaa", "Bbb"]), "sig:mode", /the record has \["Ccc"\] too/],
    [t.enum(["Aaa", "Bbb", "Ccc", "Ddd"]), "sig:mode", /the record lacks \["Ddd"\]/],
  ])("refuses %o on %s when it connects", async (datatype, name, message) => {
    const signal = epicsSignalR(datatype, pv(name), { name: "sig", context });
    await expect(signal.connect({ timeoutMs: 5000 })).rejects.toThrow(message);
  });

  it("names the labels when one is set that there is not, and leaves the record alone", async () => {
    const signal = await connected(t.string, pv("sig:mode"));
    await signal.set("Bbb").wait();
    await expect(signal.set("Ddd").wait()).rejects.toThrow(
      `Ddd is not a valid choice for ${pv("sig:mode")}, valid choices: ["Aaa","Bbb","Ccc"]`,
    );
    expect(await signal.get({ cached: false })).toBe("Bbb");
    await signal.dispose();
  });

  it("waits for what a put started, unless it is told not to", async () => {
    const go = epicsSignalX(pv("sig:slow.PROC"), { name: "go", context });
    await go.connect({ timeoutMs: 5000 });
    const begun = performance.now();
    await go.trigger({ wait: false }).wait();
    expect(performance.now() - begun).toBeLessThan(250);
    const slow = await connected(t.float, pv("sig:slowed"));
    await waitForValue(slow, 1);
    await slow.set(0).wait();
    const again = performance.now();
    await go.trigger().wait();
    expect(performance.now() - again).toBeGreaterThan(450);
    expect(await slow.get({ cached: false })).toBe(1);
    await Promise.all([go.dispose(), slow.dispose()]);
  });

  it("never reads a stale value from its monitor after an awaited set", async () => {
    const signal = await connected(t.float, pv("sig:float"));
    await signal.stage();
    let stale = 0;
    for (let i = 1; i <= 200; i++) {
      await signal.set(i / 4).wait();
      if ((await signal.get({ cached: true })) !== i / 4) stale++;
    }
    await signal.dispose();
    expect(stale).toBe(0);
  });

  it("describes the limits that the record sets", async () => {
    const signal = await connected(t.int, pv("sig:int"));
    const key = (await signal.describe()).sig;
    await signal.dispose();
    expect(key).toMatchObject({
      dtype: "integer",
      dtype_numpy: "<i8",
      limits: { control: { low: 10, high: 90 }, display: { low: 0, high: 100 } },
    });
  });

  it("connects 200 of them at once, and names only the one that is missing", async () => {
    class Many extends Device {
      readonly all = Array.from({ length: 200 }, (_, i) =>
        this.add(`s${i}`, epicsSignalR(t.float, pv(`sig:many:${i}`), { context })),
      );
      readonly nope = this.add("nope", epicsSignalR(t.float, pv("sig:nope"), { context }));
    }
    const many = new Many({ name: "many" });
    const begun = performance.now();
    const error = await many.connect({ timeoutMs: 1000 }).catch((reason: unknown) => reason);
    expect(performance.now() - begun).toBeLessThan(2500);
    expect(error).toBeInstanceOf(NotConnectedError);
    expect([...(error as NotConnectedError).subErrors.keys()]).toEqual(["nope"]);
    expect((error as Error).message).toContain(
      `many: NotConnectedError:\n    nope: NotConnectedError: ${pv("sig:nope")}`,
    );
    expect(await many.all[150]?.get()).toBe(150);
    await many.dispose();
  });
});

it("a text that a record has cut is an error, also where the server does not tell its length", async () => {
  const signal = await connected(t.string, "pva://sig:string");
  await signal.set("x".repeat(39)).wait();
  await expect(signal.set("x".repeat(60)).wait()).rejects.toThrow("pva://sig:string cut 60 bytes of text to 39");
  await expect(signal.set("one\0two").wait()).rejects.toThrow("pva://sig:string cut 7 bytes of text to 3");
  await signal.dispose();
});

it("an array that a record has cut is an error, also where the server does not tell its length", async () => {
  const signal = await connected(t.array.u16, "pva://sig:u16");
  const whole = Uint16Array.from({ length: 10 }, (_, at) => at);
  await signal.set(whole).wait();
  const cut = signal.set(Uint16Array.from({ length: 2000 }, (_, at) => at)).wait();
  await expect(cut).rejects.toThrow(/^pva:\/\/sig:u16 cut 2000 elements to \d+, for which it has room$/);
  await signal.set(whole).wait();
  expect(await signal.get()).toEqual(whole);
  await signal.dispose();
});

it("a text in an array that a record has cut is an error too", async () => {
  const signal = await connected(t.strings, "pva://sig:strings");
  await expect(signal.set(["one", "x".repeat(60)]).wait()).rejects.toThrow(
    "pva://sig:strings cut 60 bytes of text to 39",
  );
  await signal.set(["one", "two"]).wait();
  await signal.dispose();
});

it("64-bit integers over Channel Access are refused with a pointer to pvAccess", async () => {
  const signal = epicsSignalR(t.int64, "ca://sig:int64", { name: "sig", context });
  await expect(signal.connect({ timeoutMs: 5000 })).rejects.toThrow("use pva://");
});

describe("an IOC that goes away and comes back", () => {
  it.each(["ca", "pva"])(
    "is told by events and readings over %s, and taken up again without a connect",
    async (protocol) => {
      const home = await CIoc.start(SIGNAL_RECORDS);
      const own = getContext(home.context);
      try {
        const signal = epicsSignalRW(t.float, `${protocol}://sig:float`, { name: "sig", context: own });
        await signal.connect({ timeoutMs: 5000 });
        await signal.set(7).wait();
        const states: string[] = [];
        signal.onConnection((state) => states.push(state));
        await signal.stage();
        await waitForValue(signal, 7);
        const killed = performance.now();
        await home.kill();
        await expect.poll(() => states[0], { timeout: 5000 }).toBe("disconnected");
        expect(performance.now() - killed).toBeLessThan(2000);
        expect(signal.latest).toMatchObject({ value: 7, alarmSeverity: -1, message: "disconnected" });
        await expect(signal.get({ timeoutMs: 200 })).rejects.toThrow(`${protocol}://sig:float`);
        await home.restart();
        await expect.poll(() => states.includes("connected"), { timeout: 15_000 }).toBe(true);
        await signal.set(3).wait();
        await waitForValue(signal, 3);
        expect(await signal.get({ cached: false })).toBe(3);
        await signal.dispose();
      } finally {
        await own.close({ force: true });
        await home.stop();
      }
    },
  );
});
