import { Device, NotConnectedError, observeValue, t, waitForValue } from "cerulean/devices";
import { type Context, epicsSignalR, epicsSignalRW, getContext, PutOutcomeUnknownError } from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CIoc } from "./support/c-ioc.ts";

const RECORDS = `
record(longout, "x:all") { field(HOPR, "100") field(LOPR, "0") field(HIHI, "98") field(HIGH, "96") field(LOW, "5") field(LOLO, "2")
  field(DRVH, "90") field(DRVL, "10") field(HHSV, "MAJOR") field(HSV, "MINOR") field(LSV, "MINOR") field(LLSV, "MAJOR") field(VAL, "50") field(PINI, "YES") }
record(longout, "x:nowarning") { field(HOPR, "100") field(LOPR, "0") field(HIHI, "98") field(LOLO, "2") field(HHSV, "MAJOR") field(LLSV, "MAJOR") }
record(longout, "x:nodrive") { field(HOPR, "100") field(LOPR, "0") }
record(ao, "x:bare") {}
record(ao, "x:invalid") { field(HIHI, "1") field(HHSV, "INVALID") }
record(seq, "x:slow") { field(DLY1, "30") field(DO1, "1") field(LNK1, "x:bare") }
record(calc, "x:tick") { field(INPA, "x:tick.VAL") field(CALC, "A+1") field(SCAN, ".1 second") }
${Array.from({ length: 30 }, (_, at) => `record(calc, "x:tick${at}") { field(INPA, "x:tick${at}.VAL") field(CALC, "A+1") field(SCAN, ".1 second") }`).join("\n")}
record(stringin, "x:text") { field(VAL, "text") field(PINI, "YES") }
record(waveform, "x:bytes") { field(FTVL, "UCHAR") field(NELM, "3") }
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

describe.each(["ca", "pva"] as const)("a record over %s", (protocol) => {
  const pv = (name: string) => `${protocol}://x:${name}`;

  async function limitsOf(name: string) {
    const signal = epicsSignalR(t.int, pv(name), { name: "sig", context });
    await signal.connect({ timeoutMs: 5_000 });
    const key = (await signal.describe()).sig;
    await signal.dispose();
    expect(JSON.stringify(key)).not.toMatch(/NaN|null/);
    return key?.limits;
  }

  it("has all the limits that it sets in its description", async () => {
    expect(await limitsOf("all")).toEqual({
      control: { low: 10, high: 90 },
      display: { low: 0, high: 100 },
      warning: { low: 5, high: 96 },
      alarm: { low: 2, high: 98 },
    });
  });

  it("has no warning limits where it sets none", async () => {
    expect(await limitsOf("nowarning")).not.toHaveProperty("warning");
  });

  it("is controlled within its display limits where it sets no others", async () => {
    const limits = await limitsOf("nodrive");
    expect(limits?.control).toEqual(limits?.display);
    expect(limits?.display).toEqual({ low: 0, high: 100 });
  });

  it("describes text without units, precision and limits", async () => {
    const text = epicsSignalR(t.string, pv("text"), { name: "sig", context });
    await text.connect({ timeoutMs: 5_000 });
    expect((await text.describe()).sig).toEqual({
      dtype: "string",
      shape: [],
      dtype_numpy: "|S40",
      source: pv("text"),
    });
    await text.dispose();
  });

  it("has an array of one element as an array, in a get, a monitor and its description", async () => {
    const bytes = epicsSignalRW(t.array.u8, pv("bytes"), { name: "sig", context });
    await bytes.connect({ timeoutMs: 5_000 });
    await bytes.set(Uint8Array.of(218)).wait();
    await bytes.stage();
    await waitForValue(bytes, (value) => value.length === 1);
    expect(bytes.latest?.value).toEqual(Uint8Array.of(218));
    expect(await bytes.get({ cached: false })).toEqual(Uint8Array.of(218));
    expect((await bytes.describe()).sig).toMatchObject({ shape: [1], dtype: "array" });
    await bytes.dispose();
  });

  it("that takes longer than it may leaves a put unknown after that time, under the name of its PV", async () => {
    const slow = epicsSignalRW(t.int, pv("slow.PROC"), { name: "slow", context, timeoutMs: 300 });
    await slow.connect({ timeoutMs: 5_000 });
    const begun = performance.now();
    const error = await slow
      .set(1)
      .wait()
      .catch((reason: unknown) => reason);
    expect(performance.now() - begun).toBeGreaterThan(290);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(error).toBeInstanceOf(PutOutcomeUnknownError);
    expect(String(error)).toContain(pv("slow.PROC"));
    await slow.dispose();
  });

  it("that is not there is named in the tree of a device, whose other signals are usable", async () => {
    class Inner extends Device {
      readonly good = this.add("good", epicsSignalR(t.float, pv("bare"), { context }));
      readonly nope = this.add("nope", epicsSignalR(t.float, pv("nope"), { context }));
    }
    class Outer extends Device {
      readonly inner = this.add("inner", new Inner());
      readonly written = this.add("written", epicsSignalRW(t.float, pv("bare"), pv("missing"), { context }));
    }
    const outer = new Outer({ name: "outer" });
    const begun = performance.now();
    const error = await outer.connect({ timeoutMs: 300 }).catch((reason: unknown) => reason);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(error).toBeInstanceOf(NotConnectedError);
    expect(String(error)).toContain(`    inner: NotConnectedError:\n        nope: NotConnectedError: ${pv("nope")}`);
    expect(String(error)).toContain(pv("missing"));
    expect(await outer.inner.good.get()).toBe(0);
    await outer.dispose();
  });

  it("at 10 Hz is observed twice by a body of 0.3 s with a deadline of 0.4 s", async () => {
    const tick = epicsSignalR(t.float, pv("tick"), { name: "tick", context });
    await tick.connect({ timeoutMs: 5_000 });
    const seen: number[] = [];
    const begun = performance.now();
    const observing = async () => {
      for await (const value of observeValue(tick, { deadlineMs: 400 })) {
        seen.push(value);
        const until = performance.now() + 300;
        while (performance.now() < until);
      }
    };
    await expect(observing()).rejects.toThrow(tick.source);
    expect(seen).toHaveLength(2);
    expect(performance.now() - begun).toBeGreaterThan(590);
    await tick.dispose();
  });

  it("at 10 Hz gives all in order to a subscriber who is busy half of the time", async () => {
    await using tick = context.channel(pv("tick"));
    const seen: number[] = [];
    tick.subscribe(({ value }) => {
      seen.push(Number(value));
      const until = performance.now() + 50;
      while (performance.now() < until);
    });
    await expect.poll(() => seen.length, { timeout: 20_000 }).toBeGreaterThan(9);
    expect(seen).toEqual(seen.map((_, index) => (seen[0] ?? 0) + index));
  });

  it("has timers run beside subscribers that are slower than their sources, and gives them all in order", async () => {
    const channels = Array.from({ length: 30 }, (_, at) => context.channel(pv(`tick${at}`)));
    const seen = channels.map((): number[] => []);
    let [taken, longest, turns] = [0, 0, 0];
    try {
      await Promise.all(channels.map((channel) => channel.connect()));
      // 300 updates a second that take 10 ms each; the end is for a loop that would never turn again.
      const end = performance.now() + 10_000;
      channels.forEach((channel, at) => {
        channel.subscribe(({ value }) => {
          seen[at]?.push(Number(value));
          taken += 1;
          for (const until = performance.now() + 10; performance.now() < Math.min(until, end); );
        });
      });
      const timer = setInterval(() => {
        longest = Math.max(longest, taken);
        taken = 0;
        turns += 1;
      }, 1);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      clearInterval(timer);
      expect(performance.now()).toBeLessThan(end - 4_000);
    } finally {
      await Promise.all(channels.map((channel) => channel.close()));
    }
    // How often they run in a time is the machine's. They wait for a few updates of each channel; for all it would be hundreds.
    expect(turns).toBeGreaterThan(1);
    expect(longest).toBeLessThan(4 * channels.length);
    for (const values of seen) {
      expect(values.length).toBeGreaterThan(0);
      expect(values).toEqual(values.map((_, at) => (values[0] ?? 0) + at));
    }
  });

  it("marks what is invalid and what was never processed", async () => {
    const invalid = epicsSignalRW(t.float, pv("invalid"), { name: "sig", context, onInvalid: "ignore" });
    await invalid.connect({ timeoutMs: 5_000 });
    expect((await invalid.getReading({ cached: false })).alarmSeverity).toBe(3);
    await invalid.set(0).wait();
    expect((await invalid.getReading({ cached: false })).alarmSeverity).toBe(0);
    await invalid.set(2).wait();
    expect(await invalid.getReading({ cached: false })).toMatchObject({ alarmSeverity: 3, value: 2, message: "HIHI" });
    await invalid.dispose();
  });
});
