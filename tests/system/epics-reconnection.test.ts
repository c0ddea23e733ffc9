import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { type SignalRW, t, waitForValue } from "cerulean/devices";
import { bulkGetF64, type Context, counters, epicsSignalRW, getContext, prometheusText } from "cerulean/epics";
import { describe, expect, it } from "vitest";
import { times } from "../soak.ts";
import { CIoc } from "./support/c-ioc.ts";

const RECORDS = `record(ao, "r:x") { field(VAL, "1") field(PINI, "YES") }
record(mbbo, "r:mode") { field(ZRST, "Off") field(ONST, "On") field(VAL, "1") field(PINI, "YES") }
${Array.from({ length: 50 }, (_, at) => `record(ao, "r:n${at}") { field(VAL, "${at}") field(PINI, "YES") }`).join("\n")}`;

describe.each(["ca", "pva"] as const)("an IOC that is killed and comes back over %s", (protocol) => {
  it.each(["the same port", "another port"])(
    "on %s is taken up again within 5 s, with one subscription",
    async (port) => {
      const ioc = await CIoc.start(RECORDS);
      const context = getContext(ioc.context);
      const occupied = createServer();
      try {
        const signal = await connected(context, `${protocol}://r:x`);
        const others = await Promise.all(
          Array.from({ length: 50 }, (_, at) => connected(context, `${protocol}://r:n${at}`)),
        );
        const seen: unknown[] = [];
        signal.subscribeReading(({ value, alarmSeverity }) => seen.push([value, alarmSeverity]));
        for (const other of others) await other.stage();
        await waitForValue(signal, 1);
        await ioc.kill();
        await expect.poll(() => seen.at(-1), { timeout: 5_000 }).toEqual([1, -1]);
        if (port === "another port") {
          await occupy(occupied, protocol === "ca" ? ioc.ports.ca : ioc.ports.pva);
        }
        await new Promise((resolve) => setTimeout(resolve, times(3_000, 30_000)));
        await ioc.restart();
        const served = performance.now();
        await expect.poll(() => seen.at(-1), { timeout: 20_000, interval: 20 }).toEqual([1, 0]);
        await expect
          .poll(() => others.every((other) => other.latest?.alarmSeverity === 0), { timeout: 20_000 })
          .toBe(true);
        expect(performance.now() - served).toBeLessThan(5_000);
        seen.length = 0;
        await signal.set(2).wait();
        await waitForValue(signal, 2);
        await signal.set(3).wait();
        await waitForValue(signal, 3);
        expect(seen).toEqual([
          [2, 0],
          [3, 0],
        ]);
        await Promise.all([signal, ...others].map((one) => one.dispose()));
      } finally {
        occupied.close();
        await context.close({ force: true });
        await ioc.stop();
      }
    },
  );

  it("is found soon by those who asked for it before it was there", async () => {
    const ioc = await CIoc.start(RECORDS);
    const context = getContext(ioc.context);
    await ioc.kill();
    await using channel = context.channel(`${protocol}://r:x`);
    const got = channel.get({ timeoutMs: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await ioc.restart();
    const served = performance.now();
    expect(await got).toBe(1);
    expect(performance.now() - served).toBeLessThan(10_000);
    await context.close({ force: true });
    await ioc.stop();
  });

  it("with labels changed while it runs never gives or takes another's label", async () => {
    await using ioc = await CIoc.start(RECORDS);
    const context = getContext(ioc.context);
    const text = epicsSignalRW(t.string, `${protocol}://r:mode`, { name: "mode", context });
    const strict = epicsSignalRW(t.enum(["Off", "On"]), `${protocol}://r:mode`, { name: "strict", context });
    await Promise.all([text.connect(), strict.connect()]);
    expect(await text.get()).toBe("On");
    const events: string[] = [];
    strict.onConnection((event) => events.push(event));
    await using label = context.channel("ca://r:mode.ONST");
    await label.put("Standby");
    await expect.poll(() => text.get()).toBe("Standby");
    await expect.poll(() => events).toEqual(["mismatched"]);
    await expect(strict.get()).rejects.toThrow('the record has ["Standby"] too');
    await expect(text.set("On").wait()).rejects.toThrow("On is not a valid choice");
    await label.put("On");
    await expect.poll(() => events).toEqual(["mismatched", "connected"]);
    expect(await strict.get()).toBe("On");
    await Promise.all([text.dispose(), strict.dispose()]);
    await context.close({ force: true });
  });
});

describe("what EPICS costs", () => {
  it("is counted: circuits, channels, requests, losses and searches", async () => {
    const ioc = await CIoc.start(RECORDS);
    const context = getContext(ioc.context);
    const before = counters();
    const names = ["ca://r:n7", "pva://r:n8", "ca://r:mode", "ca://r:n9.DESC", "ca://r:nope"];
    const { values, timestamps, severities, errors } = await context.bulkGetF64(names, { timeoutMs: 2_000 });
    expect(values).toEqual(Float64Array.of(7, 8, 1, Number.NaN, Number.NaN));
    expect([...severities]).toEqual([0, 0, 0, -1, -1]);
    expect(Math.abs((timestamps[0] ?? 0) - Date.now() / 1000)).toBeLessThan(60);
    expect(String(errors.get("ca://r:n9.DESC"))).toContain("has no single number");
    expect(String(errors.get("ca://r:nope"))).toContain("ca://r:nope was not found in time");
    const connections = await context.bulkConnect(["ca://r:mode", "pva://r:mode"], { metadata: true });
    for (const connection of connections.values()) {
      expect(connection).toMatchObject({
        connected: true,
        info: { kind: "enum" },
        metadata: { choices: ["Off", "On"] },
      });
    }
    const after = counters();
    expect(after.circuits - before.circuits).toBe(2);
    expect(after.connectedChannels - before.connectedChannels).toBe(5);
    expect(after.requests - before.requests).toBe(7);
    expect(after.retries).toBeGreaterThan(before.retries);
    await ioc.kill();
    await expect.poll(() => counters().disconnections - before.disconnections).toBe(5);
    expect(prometheusText()).toContain(`cerulean_epics_circuits ${before.circuits}\n`);
    await context.close({ force: true });
    await ioc.stop();
    expect((await bulkGetF64([])).values).toEqual(new Float64Array());
  });
});

/** A search for the server that was there may hold its port for a moment. */
async function occupy(server: Server, port: number): Promise<void> {
  for (let attempt = 0; !server.listening; attempt += 1) {
    server.listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
    } catch {
      // Then another has it for good, which will do as well.
      if (attempt === 50) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function connected(context: Context, pv: string): Promise<SignalRW<number>> {
  const signal = epicsSignalRW(t.float, pv, { name: pv, context });
  await signal.connect({ timeoutMs: 10_000 });
  return signal;
}
