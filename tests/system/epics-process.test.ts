import { spawn } from "node:child_process";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import {
  type ContextOptions,
  caughtPanicCount,
  getContext,
  type LogEntry,
  onLog,
  setLogLevel,
  shutdownAll,
} from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environment } from "../../dist/devices/epics/environment.js";
import { CIoc } from "./support/c-ioc.ts";

const root = new URL("../../", import.meta.url);

describe("the addon in a process", () => {
  let ioc: CIoc;
  let context: ContextOptions;

  beforeAll(async () => {
    ioc = await CIoc.start(`record(longout, "p:n") { field(VAL, "3") field(PINI, "YES") }
record(calc, "p:tick") { field(INPA, "p:tick.VAL") field(CALC, "A+1") field(SCAN, ".1 second") }`);
    context = ioc.context;
  });
  afterAll(async () => {
    await shutdownAll({ force: true });
    await ioc?.stop();
  });

  it("serves several threads from one connection, each its own answers", async () => {
    await using mine = getContext(context).channel("ca://p:n");
    expect(await mine.get()).toBe(3);
    const workers = [1, 2].map(
      () =>
        new Worker(new URL("support/epics-worker.mjs", import.meta.url), {
          workerData: { context, name: "ca://p:n" },
        }),
    );
    // All at once: a message that comes while another worker is waited for would be missed.
    const first = await Promise.all(workers.map((worker) => once(worker, "message")));
    expect(first.map(([{ read }]) => read)).toEqual([3, 3]);
    expect(environment().addon.counters(environment().id).channels).toBe(1);
    await mine.put(4);
    for (const worker of workers) {
      await expect
        .poll(
          async () => {
            worker.postMessage("read");
            return (await once(worker, "message"))[0];
          },
          { timeout: 10_000 },
        )
        .toEqual({ read: 4, updates: expect.arrayContaining([4]) });
      await worker.terminate();
    }
    expect(await mine.get()).toBe(4);
  });

  it.each(["ca", "pva"])(
    "has a client for each set of ports, over %s, and closing one leaves the other",
    async (protocol) => {
      await using twin = await CIoc.start('record(longout, "p:n") { field(VAL, "5") field(PINI, "YES") }');
      const mine = getContext({ ...context, user: `mine-${protocol}` });
      const other = getContext(twin.context);
      const updates: unknown[] = [];
      mine.channel(`${protocol}://p:n`).subscribe(({ value }) => updates.push(value));
      const channel = other.channel(`${protocol}://p:n`);
      expect(await channel.get()).toBe(5);
      await mine.channel(`${protocol}://p:n`).put(6);
      expect(await channel.get()).toBe(5);
      await other.close({ force: true });
      await mine.channel(`${protocol}://p:n`).put(7);
      await expect.poll(() => updates.slice(-2)).toEqual([6, 7]);
      await mine.channel(`${protocol}://p:n`).put(3);
      await mine.close({ force: true });
    },
  );

  it("is refused a shutdown while a channel is held in another thread, which it names", async () => {
    const worker = new Worker(new URL("support/epics-worker.mjs", import.meta.url), {
      workerData: { context, name: "pva://p:n" },
    });
    await once(worker, "message");
    await expect(shutdownAll()).rejects.toThrow("pva://p:n");
    await worker.terminate();
    await expect.poll(() => shutdownAll().then(() => "closed", String)).toBe("closed");
    await using channel = getContext(context).channel("pva://p:n");
    expect(await channel.connect()).toMatchObject({ kind: "int32" });
  });

  it("turns a panic into an error, counts it, and goes on", async () => {
    const { addon, id } = environment();
    const before = caughtPanicCount();
    expect(() => addon.provokePanic(id, 0, false)).toThrow();
    const failed = environment().once({ source: "ca://x", channel: undefined }, "read", {}, (operation) =>
      addon.provokePanic(id, operation, true),
    );
    await expect(failed).rejects.toThrow("ended an operation without an answer");
    expect(caughtPanicCount()).toBe(before + 2);
    await using channel = getContext(context).channel("ca://p:n");
    expect(await channel.get()).toBeTypeOf("number");
  });

  it("tells what the EPICS clients log with level, module and fields, and follows a new level from the next message on", async () => {
    await using other = await CIoc.start(["a", "b", "c", "d"].map((name) => `record(ao, "p:${name}") {}`).join("\n"));
    const elsewhere = getContext(other.context);
    const entries: LogEntry[] = [];
    using _listening = onLog((entry) => entries.push(entry));
    const told = (pv: string) => entries.filter(({ fields }) => fields.pv === pv).map(({ message }) => message);
    const connect = (name: string) => elsewhere.channel(name).connect();

    await connect("ca://p:a");
    setLogLevel("ca", "debug");
    await connect("ca://p:b");
    await expect.poll(() => told("p:b")).toEqual(["PV search resolved", "channel connected"]);
    expect(told("p:a")).toEqual([]);
    expect(entries.find(({ message }) => message === "channel connected")).toEqual({
      level: "info",
      target: "epics_ca_rs::client",
      message: "channel connected",
      fields: expect.objectContaining({ pv: "p:b", server: `127.0.0.1:${other.ports.ca}` }),
    });

    setLogLevel("epics_ca_rs::client::search", "warn");
    await connect("ca://p:c");
    await expect.poll(() => told("p:c")).toEqual(["channel connected"]);
    setLogLevel("ca", "warn");
    await connect("ca://p:d");
    await connect("pva://p:d");
    await other.stop();
    await expect.poll(() => entries.map(({ message }) => message)).toContain("TCP circuit closed");
    expect(told("p:d")).toEqual([]);
    expect(entries.filter(({ target }) => !target.startsWith("epics_ca_rs"))).toEqual([]);
    expect(() => setLogLevel("ca", "loud" as "warn")).toThrow('no log level "loud"');
  });

  it("leaves nothing behind after a thousand channels", async () => {
    const { addon, id } = environment();
    const start = addon.counters(id);
    for (let round = 0; round < 10; round += 1) {
      const channels = Array.from({ length: 100 }, (_, index) =>
        getContext(context).channel(`${index % 2 === 0 ? "ca" : "pva"}://p:n`),
      );
      for (const channel of channels) channel.subscribe(() => {});
      await Promise.all(channels.map((channel) => channel.get()));
      for (const channel of channels) channel.close();
    }
    await expect.poll(() => addon.counters(id).pendingOperations).toBe(start.pendingOperations);
    await expect.poll(() => addon.counters(id).channels).toBeLessThanOrEqual(start.channels);
  });

  it.each([
    ["ends by itself with a live monitor, which holds nothing", "", 0],
    ["ends at once with process.exit and live monitors", "setTimeout(() => process.exit(7), 300);", 7],
    ["is held by an operation until it is answered", "await channel.put(5); process.exitCode = 9;", 9],
    ["is held by a subscription that asks for it", "channel.subscribe(stop, { hold: true });", 11],
  ])("%s", async (_name, rest, code) => {
    const script = `import { getContext } from "cerulean/epics";
const context = getContext(${JSON.stringify(context)});
const channel = context.channel("ca://p:tick.PREC");
const ticks = context.channel("ca://p:tick");
let left = 3;
const stop = () => { left -= 1; if (left === 0) process.exit(11); };
for (const name of ["ca://p:tick", "pva://p:tick"]) context.channel(name).subscribe(() => {});
await channel.connect();
${rest.replace("channel.subscribe", "ticks.subscribe")}`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd: root, stdio: "inherit" });
    expect(await once(child, "exit")).toEqual([code, null]);
  });
});
