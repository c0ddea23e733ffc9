// We, in a process of our own as the peers are.
import { Device, t } from "cerulean/devices";
import { epicsSignalR, getContext } from "cerulean/epics";
import { serve, timed, Updates } from "./worker.mjs";

const context = getContext();
const channels = new Map();
const CACHED_IN_ONE = 1000;
let updates;

function channel(protocol, pv) {
  const name = `${protocol}://${pv}`;
  if (!channels.has(name)) channels.set(name, context.channel(name));
  return channels.get(name);
}

const named = (protocol, pvs) => pvs.map((pv) => `${protocol}://${pv}`);

async function monitored(protocol, pv) {
  const signal = epicsSignalR(t.float, `${protocol}://${pv}`, { name: "bench" });
  await signal.connect();
  signal.subscribe(() => {});
  while (signal.latest === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  return signal;
}

await serve({
  get: ({ protocol, pv, n }) => {
    const read = channel(protocol, pv);
    return timed(n, () => read.get());
  },
  sequence: ({ protocol, pvs, n }) => {
    const all = pvs.map((pv) => channel(protocol, pv));
    return timed(n, async () => {
      for (const each of all) await each.get();
    });
  },
  bulk: ({ protocol, pvs, n, form = "value" }) => {
    const names = named(protocol, pvs);
    return timed(n, () => context.bulkGet(names, { form }));
  },
  put_get: ({ protocol, pv, n }) => {
    const both = channel(protocol, pv);
    return timed(n, async () => {
      await both.put(2.5);
      await both.get();
    });
  },
  connect: async ({ protocol, pvs }) => {
    const start = performance.now();
    await Promise.all(pvs.map((pv) => channel(protocol, pv).connectAndPrefetch()));
    return [(performance.now() - start) * 1000];
  },
  device: async ({ protocol, pvs }) => {
    const device = new Device({ name: "bench" });
    for (const [at, name] of named(protocol, pvs).entries()) device.add(`signal${at}`, epicsSignalR(t.float, name));
    const start = performance.now();
    await device.connect();
    return [(performance.now() - start) * 1000];
  },
  cached: async ({ protocol, pv, n }) => {
    const signal = await monitored(protocol, pv);
    const us = await timed(n, async () => {
      for (let i = 0; i < CACHED_IN_ONE; i++) await signal.read({ cached: true });
    });
    await signal.dispose();
    return { us: us.map((each) => each / CACHED_IN_ONE), count: n * CACHED_IN_ONE };
  },
  latest: async ({ protocol, pv, n }) => {
    const signal = await monitored(protocol, pv);
    let sum = 0;
    const us = await timed(n, async () => {
      for (let i = 0; i < CACHED_IN_ONE; i++) sum += signal.latest.value;
    });
    await signal.dispose();
    if (Number.isNaN(sum)) throw new Error("no value");
    return { us: us.map((each) => each / CACHED_IN_ONE), count: n * CACHED_IN_ONE };
  },
  subscribe: async ({ protocol, pvs }) => {
    const counting = new Updates(pvs);
    updates = counting;
    for (const pv of pvs) {
      // As large as what is posted while a round lasts: a server merges what its queue can't hold.
      channel(protocol, pv).subscribe(({ timestamp }) => counting.add(pv, timestamp), {
        queueSize: 10_000,
        onDropped: (count) => counting.tell(count),
      });
    }
    await counting.ready();
    return [];
  },
  collect: ({ n, delays }) => updates.answer(n, delays),
});
