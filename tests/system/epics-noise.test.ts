import { caughtPanicCount, getContext, shutdownAll } from "cerulean/epics";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { environment } from "../../dist/devices/epics/environment.js";
import { times } from "../soak.ts";
import { CIoc } from "./support/c-ioc.ts";
import { FlightCounter, type Path } from "./support/flight-counter.ts";
import { noise } from "./support/noise.ts";
import { startP4pServer } from "./support/p4p-server.ts";

const ROUNDS = times(5, 200);
/** How many parts of what the server sends are spoiled in a round: after the first one those of the next circuit. */
const HITS = times(1, 3);
const WAIT = { timeout: 30_000, interval: 5 };

/** What befalls the server's bytes, each after some of them: noise in their place, amid them, or in their headers, and halves of answers. */
const SPOILS: readonly ((bytes: Buffer) => Buffer)[] = [
  (bytes) => noise(bytes.length + 64),
  (bytes) => Buffer.concat([bytes, noise(40)]),
  (bytes) => bytes.subarray(0, Math.ceil(bytes.length / 2)),
  (bytes) => Buffer.from(bytes.map((byte, at) => (at < 12 ? byte : byte ^ 0x5a))),
  (bytes) => Buffer.from(bytes.map((byte, at) => (at % 7 === 6 ? byte ^ 0x10 : byte))),
];

describe.each(["ca", "pva"] as const)("a subscription over %s whose circuit is full of noise at times", (protocol) => {
  let ioc: CIoc;
  let between: FlightCounter;
  let path: Path | undefined;
  let panics: number;

  beforeEach(async () => {
    panics = caughtPanicCount();
    path = undefined;
    ioc =
      await CIoc.start(`record(calc, "n:tick") { field(INPA, "n:tick.VAL") field(CALC, "A+1") field(SCAN, ".1 second") }
record(calcout, "n:count") { field(INPA, "n:count.VAL") field(CALC, "A+1") }`);
    between = await FlightCounter.start(ioc.ports, (bytes, pass, towards) =>
      path === undefined ? pass(bytes) : path(bytes, pass, towards),
    );
  });
  afterEach(async () => {
    await shutdownAll({ force: true });
    await between.stop();
    await ioc.stop();
    const { addon, id } = environment();
    await expect.poll(() => addon.counters(id).pendingOperations).toBe(0);
    expect(caughtPanicCount()).toBe(panics);
  });

  it(
    `goes on after each of ${ROUNDS} times, once only`,
    async () => {
      const context = getContext(between.context);
      const tick = context.channel(`${protocol}://n:tick`);
      const count = context.channel(`${protocol}://n:count`);
      const ticks: number[] = [];
      const counts: number[] = [];
      tick.subscribe(({ value }) => ticks.push(Number(value)), { onError: () => {} });
      count.subscribe(({ value }) => counts.push(Number(value)), { onError: () => {} });
      await expect.poll(() => [ticks.length > 0, counts.length], WAIT).toEqual([true, 1]);
      for (let round = 0; round < ROUNDS; round += 1) {
        const spoil = SPOILS[round % SPOILS.length] as (bytes: Buffer) => Buffer;
        const spoiled = new Promise<void>((resolve) => {
          let left = 1 + (round % HITS);
          path = (bytes, pass, towards) => {
            const isHit = towards === "client" && left > 0;
            pass(isHit ? spoil(bytes) : bytes);
            if (!isHit) return;
            left -= 1;
            if (left === 0) resolve();
          };
        });
        await spoiled;
        path = undefined;
        // What noise has not broken may wait for the rest of an announced answer: only its end frees such a circuit.
        between.cut();
        await expect.poll(() => tick.connected && count.connected, WAIT).toBe(true);
        const heard = ticks.length;
        await expect.poll(() => ticks.length, WAIT).toBeGreaterThan(heard + 1);
      }
      const before = await count.read();
      await expect.poll(() => counts.at(-1), WAIT).toBe(before.value);
      const seen = counts.length;
      for (let step = 0; step < 5; step += 1) await context.channel(`${protocol}://n:count.PROC`).put(1);
      await expect.poll(() => counts.at(-1), WAIT).toBe(Number(before.value) + 5);
      expect(counts.slice(seen)).toEqual([1, 2, 3, 4, 5].map((step) => Number(before.value) + step));
    },
    // A C IOC gives each spoiled greeting 6 s before it greets anyone else, over pvAccess.
    times(60_000, 3_000_000),
  );
});

it("a pvAccess client is back within 5 s where the greetings of two circuits were noise", async () => {
  await using server = await startP4pServer({ "n:value": "d" });
  const { serverPort = 0, broadcastPort = 0 } = server.context.pva ?? {};
  let left = 0;
  const between = await FlightCounter.start(
    { ca: 1, pva: serverPort, pvaSearch: broadcastPort, repeater: 1 },
    (bytes, pass, towards) => {
      const isHit = towards === "client" && left > 0;
      if (isHit) left -= 1;
      pass(isHit ? noise(bytes.length) : bytes);
    },
  );
  await using channel = getContext(between.context).channel("pva://n:value");
  const states: string[] = [];
  const heard: number[] = [];
  channel.subscribe(({ value }) => heard.push(Number(value)), { onConnection: (state) => states.push(state) });
  await expect.poll(() => heard.length, WAIT).toBe(1);
  left = 2;
  between.cut();
  await expect.poll(() => states.at(-1), WAIT).toBe("disconnected");
  const begun = performance.now();
  await expect.poll(() => heard.length, WAIT).toBe(2);
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect([left, states]).toEqual([0, ["connected", "disconnected", "connected"]]);
  await between.stop();
});
