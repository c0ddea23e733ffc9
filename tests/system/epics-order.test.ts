import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type Context, getContext, shutdownAll } from "cerulean/epics";
import { afterEach, describe, expect, it } from "vitest";
import { times } from "../soak.ts";
import { CIoc } from "./support/c-ioc.ts";
import { FlightCounter } from "./support/flight-counter.ts";
import { startP4pServer } from "./support/p4p-server.ts";

const COUNTERS = 100;
const VALUES = times(20_000, 100_000);
const BLOCKED_MS = 2_000;
const WAIT = { timeout: 60_000, interval: 50 };

/** Nothing else runs on this thread meanwhile. */
function block(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

function inOrder(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value === (values[index - 1] ?? 0) + 1);
}

/** Collects each PV's values and what was reported as dropped. */
function collect(context: Context, names: readonly string[], queueSize: number) {
  const values = new Map<string, number[]>(names.map((name) => [name, []]));
  const all = { values, count: 0, dropped: 0 };
  for (const name of names) {
    context.channel(name).subscribe(
      ({ value }) => {
        values.get(name)?.push(Number(value));
        all.count += 1;
      },
      {
        queueSize,
        onDropped: (count) => {
          all.dropped += count;
        },
      },
    );
  }
  return all;
}

describe(`${VALUES} values to a subscriber that is blocked for 2 s`, () => {
  afterEach(() => shutdownAll({ force: true }));

  it("all come over Channel Access, in order, from many PVs of one circuit", async () => {
    const names = Array.from({ length: COUNTERS }, (_, index) => `ca://o:n${index}`);
    await using ioc = await CIoc.start(
      names
        .map((name) => name.slice(5))
        .map((name) => `record(calcout, "${name}") { field(INPA, "${name}.VAL") field(CALC, "A+1") }`)
        .join("\n"),
    );
    const context = getContext(ioc.context);
    const seen = collect(context, names, VALUES);
    await expect.poll(() => seen.count, WAIT).toBe(COUNTERS);
    const memory = process.memoryUsage.rss();
    const rounds = VALUES / COUNTERS;
    const pump = new Worker(new URL("support/pumping-worker.mjs", import.meta.url), {
      workerData: { context: ioc.context, names, rounds },
    });
    const pumped = once(pump, "message");
    const begun = performance.now();
    await expect.poll(() => seen.count, WAIT).toBeGreaterThan(COUNTERS * 2);
    block(BLOCKED_MS);
    await pumped;
    await expect.poll(() => seen.count, WAIT).toBe(COUNTERS * (rounds + 2));
    const grown = process.memoryUsage.rss() - memory;
    const took = performance.now() - begun;
    process.stdout.write(`CA: ${VALUES} in ${took.toFixed(0)} ms, ${(grown / 1e6).toFixed(0)} MB more\n`);
    expect(seen.dropped).toBe(0);
    for (const [name, values] of seen.values) expect(inOrder(values), name).toBe(true);
    expect(grown).toBeLessThan(250e6);
  });

  it("all come over pvAccess, in order, when so large a queue was asked for", async () => {
    await using server = await startP4pServer({ "o:n": "i" });
    const context = getContext(server.context);
    const seen = collect(context, ["pva://o:n"], VALUES * 2);
    await expect.poll(() => seen.count, WAIT).toBe(1);
    const memory = process.memoryUsage.rss();
    const begun = performance.now();
    const posted = server.burst("o:n", VALUES);
    await expect.poll(() => seen.count, WAIT).toBeGreaterThan(1);
    block(BLOCKED_MS);
    await posted;
    await expect.poll(() => seen.count, WAIT).toBe(VALUES + 1);
    const grown = process.memoryUsage.rss() - memory;
    const took = performance.now() - begun;
    process.stdout.write(`PVA: ${VALUES} in ${took.toFixed(0)} ms, ${(grown / 1e6).toFixed(0)} MB more\n`);
    expect(seen.dropped).toBe(0);
    expect(inOrder(seen.values.get("pva://o:n") ?? [])).toBe(true);
    expect(grown).toBeLessThan(250e6);
  });

  it("come in order with the last one always, where the queue at the server is shorter", async () => {
    await using server = await startP4pServer({ "o:n": "i" });
    const seen = collect(getContext(server.context), ["pva://o:n"], 100);
    await expect.poll(() => seen.count, WAIT).toBe(1);
    const posted = server.burst("o:n", 5_000);
    block(500);
    await posted;
    const values = seen.values.get("pva://o:n") ?? [];
    await expect.poll(() => values.at(-1), WAIT).toBe(5_000);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(new Set(values).size).toBe(values.length);
  });
});

describe("updates that come in one rush over Channel Access", () => {
  /** A header alone, aligned as all messages are. */
  const EVENTS_OFF = Buffer.concat([Buffer.from([0, 8]), Buffer.alloc(14)]);
  const asksToHold = (sent: Buffer) => {
    for (let at = 0; at < sent.length; at += 8) if (sent.subarray(at, at + 16).equals(EVENTS_OFF)) return true;
    return false;
  };

  it("are taken, and the server never asked to hold back, which would merge what waits and say nothing of it", async () => {
    const names = Array.from({ length: COUNTERS }, (_, index) => `ca://o:n${index}`);
    const bare = names.map((name) => name.slice(5));
    await using ioc = await CIoc.start(
      bare.map((name) => `record(calcout, "${name}") { field(INPA, "${name}.VAL") field(CALC, "A+1") }`).join("\n"),
    );
    const dammed: (() => void)[] = [];
    let isDammed = false;
    let asked = Buffer.alloc(0);
    const between = await FlightCounter.start(ioc.ports, (bytes, pass, towards) => {
      if (towards === "server") asked = Buffer.concat([asked, bytes]);
      if (towards === "client" && isDammed) dammed.push(() => pass(bytes));
      else pass(bytes);
    });
    try {
      const seen = collect(getContext(between.context), names, VALUES);
      await expect.poll(() => seen.count, WAIT).toBe(COUNTERS);
      const processing = new Map(names.map((name) => [`${name}.PROC`, 1]));
      const aside = getContext({ ...ioc.context, user: "aside" });
      isDammed = true;
      const rounds = 100;
      for (let round = 0; round < rounds; round += 1) await aside.bulkPut(processing);
      const last = (await aside.bulkGetF64(names)).values;
      isDammed = false;
      for (const burst of dammed.splice(0)) burst();
      const newest = () => names.map((name) => seen.values.get(name)?.at(-1));
      await expect.poll(newest, WAIT).toEqual([...last]);
      expect(asksToHold(asked)).toBe(false);
      expect(seen.dropped).toBe(0);
    } finally {
      await shutdownAll({ force: true });
      await between.stop();
    }
  });
});
