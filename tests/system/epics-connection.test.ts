import {
  type ChannelReading,
  type ConnectionState,
  type Context,
  getContext,
  NotConnectedError,
  PutOutcomeUnknownError,
  shutdownAll,
  WriteAccessError,
} from "cerulean/epics";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CIoc } from "./support/c-ioc.ts";

const RECORDS = `
record(longout, "c:n") { field(VAL, "1") field(PINI, "YES") }
record(seq, "c:slow") { field(DLY1, "30") field(DO1, "1") field(LNK1, "c:n") }
`;

describe.each(["ca", "pva"] as const)("a connection over %s", (protocol) => {
  let ioc: CIoc;
  let context: Context;

  beforeEach(async () => {
    ioc = await CIoc.start(RECORDS);
    context = getContext(ioc.context);
  });
  afterEach(async () => {
    await shutdownAll({ force: true });
    await ioc.stop();
  });

  it("tells its end within 2 s of the IOC's, and resumes monitors by itself when it is back", async () => {
    await using channel = context.channel(`${protocol}://c:n`);
    const states: ConnectionState[] = [];
    const updates: unknown[] = [];
    channel.subscribe(({ value }) => updates.push(value), { onConnection: (state) => states.push(state) });
    await expect.poll(() => updates).toEqual([1]);
    expect(states.filter((state) => state !== "access")).toEqual(["connected"]);
    const killed = performance.now();
    await ioc.kill();
    await expect.poll(() => states.includes("disconnected"), { timeout: 5_000, interval: 5 }).toBe(true);
    expect(performance.now() - killed).toBeLessThan(2_000);
    expect(channel.connected).toBe(false);
    await expect(channel.read({ timeoutMs: 50 })).rejects.toThrow(NotConnectedError);
    await ioc.restart();
    await expect.poll(() => updates.length, { timeout: 20_000 }).toBe(2);
    await expect
      .poll(() => states.filter((state) => state !== "access"))
      .toEqual(["connected", "disconnected", "connected"]);
    await channel.put(7);
    expect(await channel.get()).toBe(7);
    await expect.poll(() => updates).toEqual([1, 1, 7]);
  });

  it("leaves a put that was under way at the IOC's end with an unknown outcome, and never repeats it", async () => {
    await using slow = context.channel(`${protocol}://c:slow.PROC`);
    await slow.connect();
    const put = slow.put(1, { timeoutMs: 60_000 });
    const outcome = expect(put).rejects.toThrow(PutOutcomeUnknownError);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await ioc.kill();
    await outcome;
    await ioc.restart();
    await using busy = context.channel(`${protocol}://c:slow.PACT`);
    expect(Number(await busy.get({ timeoutMs: 20_000 }))).toBe(0);
  });

  it("reads again after a restart without being connected anew", async () => {
    await using channel = context.channel(`${protocol}://c:n`);
    expect(await channel.get()).toBe(1);
    await channel.put(5);
    await ioc.kill();
    await ioc.restart();
    expect(await channel.get({ timeoutMs: 20_000 })).toBe(1);
    const bulk = await context.bulkGet([`${protocol}://c:n`], { timeoutMs: 20_000 });
    expect([...bulk.values()]).toMatchObject([{ value: 1 }]);
  });
});

describe("access security", () => {
  const rules = `ASG(DEFAULT) { RULE(1, READ) RULE(1, WRITE) }
ASG(GATED) { INPA("c:gate") RULE(1, READ) RULE(1, WRITE) { CALC("A=1") } }
ASG(FIXED) { RULE(1, READ) }`;
  let ioc: CIoc;
  let context: Context;

  beforeAll(async () => {
    ioc = await CIoc.start(
      `record(longout, "c:gate") { field(VAL, "1") field(PINI, "YES") }
record(longout, "c:gated") { field(ASG, "GATED") field(VAL, "3") field(PINI, "YES") }
record(longout, "c:fixed") { field(ASG, "FIXED") field(VAL, "3") field(PINI, "YES") }`,
      { acf: rules },
    );
    context = getContext(ioc.context);
  });
  afterAll(async () => {
    await shutdownAll({ force: true });
    await ioc?.stop();
  });

  it.each(["ca", "pva"])("refuses a put over %s with an error of its own, at once", async (protocol) => {
    await using fixed = context.channel(`${protocol}://c:fixed`);
    await fixed.connect();
    const refused = fixed.put(4, { timeoutMs: 5_000 });
    await expect(refused).rejects.toThrow(WriteAccessError);
    await expect(refused).rejects.toThrow(`${protocol}://c:fixed denies write access`);
    expect(await fixed.get()).toBe(3);
  });

  it("tells when the rights change, without a reconnection", async () => {
    await using gate = context.channel("ca://c:gate");
    await using gated = context.channel("ca://c:gated");
    const states: ConnectionState[] = [];
    using _states = gated.onConnection((state) => states.push(state));
    expect(await gated.connect()).toMatchObject({ writable: true });
    await gate.put(0);
    await expect.poll(() => gated.writable).toBe(false);
    await expect.poll(() => states.at(-1)).toBe("access");
    await gate.put(1);
    await expect.poll(() => gated.writable).toBe(true);
    expect(states).not.toContain("disconnected");
  });
});

describe("monitors", () => {
  let ioc: CIoc;
  let context: Context;

  beforeAll(async () => {
    ioc =
      await CIoc.start(`record(calcout, "m:n") { field(INPA, "m:n.VAL") field(CALC, "A+1") field(VAL, "0") field(PINI, "YES") }
record(mbbo, "m:e") { field(ZRST, "Aaa") field(ONST, "Bbb") field(PINI, "YES") }`);
    context = getContext(ioc.context);
  });
  afterAll(async () => {
    await shutdownAll({ force: true });
    await ioc?.stop();
  });

  it("lose nothing and keep the order while the event loop is held up", async () => {
    await using process_ = context.channel("ca://m:n.PROC");
    await using value = context.channel("ca://m:n");
    const seen: number[] = [];
    const dropped: number[] = [];
    value.subscribe((reading: ChannelReading) => seen.push(Number(reading.value)), {
      onDropped: (count) => dropped.push(count),
    });
    await expect.poll(() => seen.length).toBe(1);
    const first = seen[0] ?? 0;
    const rounds = 3_000;
    for (let round = 0; round < rounds; round += 1) {
      await process_.put(1);
      if (round % 500 === 0) holdUp(100);
    }
    await expect.poll(() => seen.length).toBe(rounds + 1);
    expect(seen).toEqual(Array.from({ length: rounds + 1 }, (_, index) => first + index));
    expect(dropped).toEqual([]);
  });

  it("count what a short queue dropped, and always end with the newest", async () => {
    await using process_ = context.channel("ca://m:n.PROC");
    await using value = context.channel("ca://m:n");
    const seen: number[] = [];
    let dropped = 0;
    value.subscribe((reading) => seen.push(Number(reading.value)), {
      queueSize: 5,
      onDropped: (count) => {
        dropped += count;
      },
    });
    await expect.poll(() => seen.length).toBe(1);
    const first = seen[0] ?? 0;
    const puts = Array.from({ length: 200 }, () => process_.put(1));
    holdUp(300);
    await Promise.all(puts);
    await expect.poll(() => seen.at(-1)).toBe(first + 200);
    expect(dropped).toBeGreaterThan(0);
    expect(seen.length + dropped).toBe(201);
  });

  it("keep only the newest where that was asked for, and drop nothing by their own account", async () => {
    await using process_ = context.channel("ca://m:n.PROC");
    await using value = context.channel("ca://m:n");
    const seen: number[] = [];
    const dropped: number[] = [];
    value.subscribe((reading) => seen.push(Number(reading.value)), {
      buffer: "latest",
      onDropped: (count) => dropped.push(count),
    });
    await expect.poll(() => seen.length).toBe(1);
    const first = seen[0] ?? 0;
    const puts = Array.from({ length: 200 }, () => process_.put(1));
    holdUp(300);
    await Promise.all(puts);
    await expect.poll(() => seen.at(-1)).toBe(first + 200);
    expect(seen.length).toBeLessThan(20);
    expect(dropped).toEqual([]);
  });

  it.each(["ca", "pva"])("over %s tell of a changed property only to those who ask for it", async (protocol) => {
    await using choice = context.channel("ca://m:e.ONST");
    await using channel = context.channel(`${protocol}://m:e`);
    const values: unknown[] = [];
    const properties: unknown[] = [];
    channel.subscribe(({ value }) => values.push(value));
    channel.subscribe(({ value }) => properties.push(value), { mask: ["property"] });
    await expect.poll(() => [values.length, properties.length]).toEqual([1, 1]);
    await choice.put(protocol);
    await expect.poll(() => properties.length).toBeGreaterThan(1);
    expect((await channel.metadata()).choices).toEqual(["Aaa", protocol]);
    expect(values).toHaveLength(1);
  });
});

function holdUp(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}
