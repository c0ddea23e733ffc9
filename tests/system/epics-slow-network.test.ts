import { type Context, getContext, shutdownAll } from "cerulean/epics";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CIoc } from "./support/c-ioc.ts";
import { FlightCounter } from "./support/flight-counter.ts";

const PVS = 50;
const ROUND_TRIP_MS = 30;
const names = (protocol: string) => Array.from({ length: PVS }, (_, index) => `${protocol}://s:n${index}`);

let ioc: CIoc;
let between: FlightCounter;
let context: Context;

beforeAll(async () => {
  const records = names("ca").map(
    (name, index) => `record(longout, "${name.slice(5)}") { field(VAL, "${index}") field(PINI, "YES") }`,
  );
  ioc = await CIoc.start(records.join("\n"));
  between = await FlightCounter.start(ioc.ports, (bytes, pass) => setTimeout(pass, ROUND_TRIP_MS / 2, bytes));
  context = getContext(between.context);
});

afterAll(async () => {
  await shutdownAll({ force: true });
  await between?.stop();
  await ioc?.stop();
});

it.each(["ca", "pva"])("50 PVs at 30 ms round trip come over %s in little more than one", async (protocol) => {
  const wanted = names(protocol);
  await using one = context.channel(wanted[0] ?? "");
  await Promise.all([one.get(), context.bulkGet(wanted)]);
  const took = { one: Number.POSITIVE_INFINITY, bulk: Number.POSITIVE_INFINITY };
  // The best of several on a machine that others use too; a loop over the PVs would take 1.5 s at its best.
  for (let round = 0; round < 60 && (round < 5 || took.bulk > 40); round += 1) {
    let begun = performance.now();
    await one.get();
    took.one = Math.min(took.one, performance.now() - begun);
    begun = performance.now();
    const readings = await context.bulkGet(wanted);
    took.bulk = Math.min(took.bulk, performance.now() - begun);
    expect([...readings.values()].map((reading) => ("value" in reading ? reading.value : reading.error))).toEqual(
      wanted.map((_, index) => index),
    );
  }
  process.stdout.write(`${protocol} at 30 ms: one ${took.one.toFixed(1)} ms, 50 in bulk ${took.bulk.toFixed(1)} ms\n`);
  expect(took.one).toBeGreaterThan(ROUND_TRIP_MS - 2);
  expect(took.bulk).toBeLessThan(40);
});
