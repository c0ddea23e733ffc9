// epics-tca: a Channel Access client in TypeScript, without native code. Its folder is the first argument.
import { createRequire } from "node:module";
import { serve, timed, Updates } from "./worker.mjs";

for (const method of ["debug", "error", "info", "log", "warn"]) console[method] = () => {}; // what a peer prints is no answer
const { Context } = createRequire(`${process.argv[2]}/`)("epics-tca");
const context = new Context();
await context.initialize();
const channels = new Map();
let updates;

async function channel(pv) {
  if (!channels.has(pv)) channels.set(pv, await context.createChannel(pv, "ca"));
  const found = channels.get(pv);
  if (found === undefined) throw new Error(`${pv} was not found`);
  return found;
}

async function fresh(each) {
  if ((await each.get())?.value === undefined) throw new Error("no value");
}

/** When its record was processed, in seconds since 1970; Channel Access counts from 1990. */
function stamped(each) {
  const { secondsSinceEpoch, nanoSeconds } = each.getDbrData();
  return secondsSinceEpoch + 631_152_000 + nanoSeconds / 1e9;
}

await serve({
  get: async ({ pv, n }) => {
    const read = await channel(pv);
    return timed(n, () => fresh(read));
  },
  sequence: async ({ pvs, n }) => {
    const all = await Promise.all(pvs.map(channel));
    return timed(n, async () => {
      for (const each of all) await fresh(each);
    });
  },
  bulk: async ({ pvs, n }) => {
    const all = await Promise.all(pvs.map(channel));
    return timed(n, () => Promise.all(all.map(fresh)));
  },
  put_get: async ({ pv, n }) => {
    const both = await channel(pv);
    return timed(n, async () => {
      await both.put(2.5, undefined, true);
      await fresh(both);
    });
  },
  connect: async ({ pvs }) => {
    const start = performance.now();
    await Promise.all(pvs.map(async (pv) => fresh(await channel(pv))));
    return [(performance.now() - start) * 1000];
  },
  subscribe: async ({ pvs }) => {
    const counting = new Updates(pvs);
    updates = counting;
    for (const pv of pvs) {
      const watched = await channel(pv);
      await watched.createMonitor(5, () => counting.add(pv, stamped(watched)));
    }
    await counting.ready();
    return [];
  },
  collect: ({ n, delays }) => updates.answer(n, delays),
});
