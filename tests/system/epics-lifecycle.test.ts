import { readdirSync } from "node:fs";
import { Device, t, waitForValue } from "cerulean/devices";
import { type Context, epicsSignalR, epicsSignalRW, getContext, shutdownAll } from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environment } from "../../dist/devices/epics/environment.js";
import { times } from "../soak.ts";
import { CIoc } from "./support/c-ioc.ts";

const MANY = 200;
const records = `
record(ao, "l:a") { field(VAL, "1") field(PINI, "YES") }
record(mbbo, "l:e") { field(ZRST, "Aaa") field(ONST, "Bbb") field(PINI, "YES") }
record(waveform, "l:w") { field(FTVL, "DOUBLE") field(NELM, "100") }
record(calc, "l:tick") { field(INPA, "l:tick.VAL") field(CALC, "A+1") field(SCAN, ".1 second") }
${Array.from({ length: MANY }, (_, index) => `record(longout, "l:n${index}") { field(VAL, "${index}") field(PINI, "YES") }`).join("\n")}
`;

class Several extends Device {
  readonly a;
  readonly e;
  readonly w;
  readonly tick;

  constructor(context: Context, name: string) {
    super({ name });
    this.a = this.add("a", epicsSignalRW(t.float, "ca://l:a", { context }));
    this.e = this.add("e", epicsSignalRW(t.enum(["Aaa", "Bbb"]), "pva://l:e", { context }));
    this.w = this.add("w", epicsSignalR(t.array.f64, "pva://l:w", { context }));
    this.tick = this.add("tick", epicsSignalR(t.float, "ca://l:tick", { context }));
  }
}

const count = (folder: string) => readdirSync(`/proc/self/${folder}`).length;

/** What grows in a process that gives something back only in part. */
function held() {
  const { addon, id } = environment();
  const { channels, pendingOperations } = addon.counters(id);
  return { files: count("fd"), threads: count("task"), channels, pendingOperations, receivers: environment().pending };
}

describe("devices on an IOC", () => {
  let ioc: CIoc;
  let context: Context;

  beforeAll(async () => {
    ioc = await CIoc.start(records);
    context = getContext(ioc.context);
  });
  afterAll(async () => {
    await shutdownAll({ force: true });
    await ioc?.stop();
  });

  async function oneLife(round: number): Promise<void> {
    await using device = new Several(context, `d${round}`);
    await device.connect({ timeoutMs: 10_000 });
    await Promise.all([device.a.stage(), device.e.stage(), device.w.stage(), device.tick.stage()]);
    await device.a.set(round).wait();
    await waitForValue(device.a, round);
    expect(await device.e.get({ cached: false })).toBe("Aaa");
  }

  it("are made, used and dropped again and again without a thread, a file or memory more", async () => {
    const rounds = times(150, 1_000);
    await using keeper = context.channel("ca://l:a");
    await using other = context.channel("pva://l:a");
    await Promise.all([keeper.connect(), other.connect()]);
    for (let round = 0; round < 50; round += 1) await oneLife(round);
    const settled = { ...held(), channels: 2, pendingOperations: 0, receivers: 0 };
    await expect.poll(held).toEqual(settled);
    const memory = process.memoryUsage.rss();
    for (let round = 0; round < rounds; round += 1) await oneLife(round);
    // The client's own searching and beacons open and close a socket now and then.
    const { files, ...rest } = settled;
    await expect.poll(() => ({ ...held(), files })).toEqual({ ...rest, files });
    expect(held().files - files).toBeLessThan(5);
    const grown = process.memoryUsage.rss() - memory;
    process.stdout.write(`${rounds} devices: ${(grown / 1e6).toFixed(1)} MB more, ${JSON.stringify(settled)}\n`);
    expect(grown).toBeLessThan(60e6);
  });

  it("share their channels: one goes on when another on the same PVs is disposed of", async () => {
    const [one, two] = [new Several(context, "one"), new Several(context, "two")];
    await Promise.all([one.connect({ timeoutMs: 10_000 }), two.connect({ timeoutMs: 10_000 })]);
    const { addon, id } = environment();
    expect(addon.counters(id).channels).toBe(4);
    const ticks: number[] = [];
    two.tick.subscribeReading(({ value }) => ticks.push(value));
    one.tick.subscribeReading(() => {});
    await expect.poll(() => ticks.length).toBeGreaterThan(1);
    await one.dispose();
    const heard = ticks.length;
    await expect.poll(() => ticks.length).toBeGreaterThan(heard + 2);
    expect(ticks).toEqual(ticks.map((_, index) => (ticks[0] ?? 0) + index));
    await two.e.set("Bbb").wait();
    expect(await two.e.get({ cached: false })).toBe("Bbb");
    await two.e.set("Aaa").wait();
    expect(addon.counters(id).channels).toBe(4);
    await two.dispose();
    await expect.poll(() => addon.counters(id).channels).toBe(0);
  });

  it("need no thread for each PV that they monitor", async () => {
    const before = count("task");
    const channels = Array.from({ length: MANY }, (_, index) => [
      context.channel(`ca://l:n${index}`),
      context.channel(`pva://l:n${index}`),
    ]).flat();
    let told = 0;
    for (const channel of channels) channel.subscribe(() => told++);
    await expect.poll(() => told, { timeout: 20_000 }).toBe(channels.length);
    const threads = count("task");
    for (const channel of channels) channel.close();
    expect(threads - before).toBeLessThanOrEqual(2);
  });

  it("leave no files when everything is shut down, and all begins anew after", async () => {
    await using channel = context.channel("ca://l:a");
    await channel.connect();
    await expect(shutdownAll()).rejects.toThrow("ca://l:a");
    channel.close();
    const open = count("fd");
    await shutdownAll();
    await expect.poll(() => count("fd")).toBeLessThan(open);
    context = getContext(ioc.context);
    await using again = context.channel("ca://l:a");
    expect(await again.get()).toBeTypeOf("number");
  });
});
