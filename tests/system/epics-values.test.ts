import {
  ChannelTypeError,
  type Context,
  getContext,
  type NumericArray,
  PutOutcomeUnknownError,
  pvInfo,
  shutdownAll,
} from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CIoc } from "./support/c-ioc.ts";
import { EVERY_TYPE, WAVEFORMS } from "./support/every-type.ts";

const SCALARS = [
  { name: "float64", kind: "float64", first: 1.5, second: -2.25 },
  { name: "int32", kind: "int32", first: -7, second: 2147483647 },
  { name: "string", kind: "string", first: "hällo", second: "wörld" },
  { name: "bool", kind: "enum", first: 0, second: 1 },
  { name: "enum", kind: "enum", first: 1, second: 2 },
] as const;

describe("values of a C IOC", () => {
  let ioc: CIoc;
  let context: Context;

  beforeAll(async () => {
    ioc = await CIoc.start(EVERY_TYPE);
    context = getContext(ioc.context);
  });
  afterAll(async () => {
    await shutdownAll({ force: true });
    await ioc?.stop();
  });

  describe.each(["ca", "pva"] as const)("over %s", (protocol) => {
    it.each(SCALARS)("gets, puts and monitors a scalar $name", async ({ name, kind, first, second }) => {
      await using channel = context.channel(`${protocol}://t:${name}`);
      expect(await channel.connect()).toMatchObject({ protocol, kind, isArray: false, writable: true });
      expect(await channel.get()).toBe(first);
      const updates: unknown[] = [];
      using _updates = channel.subscribe(({ value }) => updates.push(value));
      await expect.poll(() => updates).toEqual([first]);
      await channel.put(second);
      expect(await channel.get()).toBe(second);
      await expect.poll(() => updates).toEqual([first, second]);
      const before = Date.now() / 1000;
      const reading = await channel.read();
      expect(reading).toMatchObject({ value: second, alarmSeverity: 0, alarmStatus: 0 });
      expect(Math.abs(reading.timestamp - before)).toBeLessThan(5);
      await channel.put(first);
    });

    it.each(WAVEFORMS)("gets, puts and monitors $type waveforms at their real length", async (waveform) => {
      const make = waveform[protocol];
      await using channel = context.channel(`${protocol}://t:${waveform.type}`);
      expect(await channel.connect()).toMatchObject({ isArray: true });
      const updates: NumericArray[] = [];
      using _updates = channel.subscribe(({ value }) => updates.push(value as NumericArray));
      await expect.poll(() => updates.length).toBe(1);
      for (const values of [waveform.values, waveform.values.slice(0, 1), [...waveform.values, 1]]) {
        const count = updates.length;
        await channel.put(make.from(values));
        const got = await channel.get();
        expect(got).toBeInstanceOf(make);
        expect([...(got as Float64Array)]).toEqual([...make.from(values)]);
        await expect.poll(() => updates.length).toBe(count + 1);
        expect(updates.at(-1)).toEqual(make.from(values));
      }
      await channel.put([...waveform.values]);
      expect(await channel.get()).toEqual(make.from(waveform.values));
    });

    it("gets and puts text arrays at their real length", async () => {
      await using channel = context.channel(`${protocol}://t:STRING`);
      for (const values of [["one", "zwei", "trois"], ["å"]]) {
        await channel.put(values);
        expect(await channel.get()).toEqual(values);
      }
    });

    it("reads the same metadata as the other protocol", async () => {
      const other = protocol === "ca" ? "pva" : "ca";
      for (const name of ["float64", "int32", "string", "bool", "enum", "limits", "DOUBLE"]) {
        await using mine = context.channel(`${protocol}://t:${name}`);
        await using theirs = context.channel(`${other}://t:${name}`);
        const [{ info: _mine, ...one }, { info: _theirs, ...two }] = [await mine.metadata(), await theirs.metadata()];
        expect({ ...one, description: null }, name).toEqual({ ...two, description: null });
        expect(JSON.stringify(one)).not.toContain("NaN");
      }
    });

    it("reads all limits, and the alarm with its name", async () => {
      await using channel = context.channel(`${protocol}://t:limits`);
      const { limits, units, precision } = await channel.metadata();
      expect({ limits, units, precision }).toEqual({
        limits: {
          display: { low: 0, high: 100 },
          control: { low: 10, high: 90 },
          warning: { low: 5, high: 96 },
          alarm: { low: 2, high: 98 },
        },
        units: "",
        precision: null,
      });
    });

    it("puts a label by its index, and refuses an unknown one without touching the record", async () => {
      await using channel = context.channel(`${protocol}://t:enum`);
      await channel.put("Ccc");
      expect(await channel.get()).toBe(2);
      const refused = channel.put("Ddd");
      await expect(refused).rejects.toThrow(ChannelTypeError);
      await expect(refused).rejects.toThrow('valid choices: ["Aaa", "Bbb", "Ccc"]');
      expect(await channel.get()).toBe(2);
      await channel.put(1);
    });

    it("refuses what does not fit the record, and writes nothing", async () => {
      await using long = context.channel(`${protocol}://t:int32`);
      await using wave = context.channel(`${protocol}://t:DOUBLE`);
      await using text = context.channel(`${protocol}://t:string`);
      const before = await long.get();
      await expect(long.put(1.5)).rejects.toThrow("takes whole numbers, not 1.5");
      await expect(long.put(2 ** 31)).rejects.toThrow("takes numbers from -2147483648 to 2147483647");
      await expect(long.put("12")).rejects.toThrow(ChannelTypeError);
      await expect(long.put([1, 2])).rejects.toThrow(ChannelTypeError);
      await expect(wave.put(3)).rejects.toThrow("takes an array");
      await expect(text.put(3)).rejects.toThrow("takes text, not 3");
      expect(await long.get()).toBe(before);
    });

    it("waits until the record has processed, unless told otherwise", async () => {
      await using seq = context.channel(`${protocol}://t:seq.PROC`);
      await using done = context.channel(`${protocol}://t:done`);
      await seq.connect();
      await done.put(0);
      const start = performance.now();
      await seq.put(1);
      const took = performance.now() - start;
      expect(took).toBeGreaterThan(450);
      expect(took).toBeLessThan(900);
      expect(await done.get()).toBe(1);
      const quick = performance.now();
      await seq.put(1, { wait: false });
      expect(performance.now() - quick).toBeLessThan(200);
      await seq.put(1);
    });

    it("says that a put's outcome is unknown when it takes longer than it may", async () => {
      await using seq = context.channel(`${protocol}://t:seq.PROC`);
      await seq.connect();
      await expect(seq.put(1, { timeoutMs: 100 })).rejects.toThrow(PutOutcomeUnknownError);
      await seq.put(1);
    });
  });

  it("carries 64-bit integers exactly over pvAccess", async () => {
    await using scalar = context.channel("pva://t:int64");
    expect(await scalar.connect()).toMatchObject({ kind: "int64" });
    expect(await scalar.get()).toBe(9007199254740993n);
    for (const [type, values] of [
      ["INT64", BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n)],
      ["UINT64", BigUint64Array.of(0n, 2n ** 64n - 1n)],
    ] as const) {
      await using wave = context.channel(`pva://t:${type}`);
      await wave.put(values);
      expect(await wave.get()).toEqual(values);
    }
  });

  it("refuses text that Channel Access would cut", async () => {
    await using text = context.channel("ca://t:string");
    await expect(text.put("x".repeat(40))).rejects.toThrow("takes text of 39 bytes at most, not 40");
    await expect(text.put("one\0two")).rejects.toThrow("takes no text with a NUL in it");
  });

  it("reads and writes a long string as its characters", async () => {
    const bytes = new TextEncoder().encode(`${"long ".repeat(12)}\0`);
    await using ca = context.channel("ca://t:long.VAL$");
    await ca.put(bytes);
    const got = (await ca.get()) as Uint8Array;
    expect(new TextDecoder().decode(got).split("\0")[0]).toBe("long ".repeat(12));
  });

  it("reads the same, time stamp included, over both protocols", async () => {
    for (const name of ["float64", "int32", "string", "enum", "limits"]) {
      await using ca = context.channel(`ca://t:${name}`);
      await using pva = context.channel(`pva://t:${name}`);
      expect(await ca.read(), name).toEqual(await pva.read());
    }
  });

  it("describes a structure over pvAccess, and nothing over Channel Access", async () => {
    await using pva = context.channel("pva://t:float64");
    await using ca = context.channel("ca://t:float64");
    expect(await pva.fieldDescription()).toMatchObject({ id: "epics:nt/NTScalar:1.0", fields: { value: "float64" } });
    expect(await ca.fieldDescription()).toBeNull();
    await expect(pvInfo("foo://x")).rejects.toThrow("no protocol");
  });
});
