import { type Context, getContext } from "cerulean/epics";
import { CIoc } from "../../tests/system/support/c-ioc.ts";
import { floor } from "../floor.ts";
import { type Contender, interleave } from "../interleave.ts";
import { Peer } from "../peer.ts";
import { formatTable, type Row } from "../table.ts";

const WAVEFORMS = 50;
const POINTS = 1000;
const FRESH = 200;

/** Fresh names in each round and for each protocol, so that no client connects to what it knows already. */
function database(rounds: number): string {
  const lines = [`record(ao, "scalar") { field(VAL, "1.5") field(PINI, "YES") }`];
  for (let i = 0; i < WAVEFORMS; i++) {
    lines.push(`record(waveform, "wave${i}") { field(FTVL, "DOUBLE") field(NELM, "${POINTS}") }`);
  }
  for (let i = 0; i < rounds * FRESH; i++) lines.push(`record(ao, "fresh${i}") { field(EGU, "mm") field(PREC, "3") }`);
  return lines.join("\n");
}

const waves = Array.from({ length: WAVEFORMS }, (_, i) => `wave${i}`);
const fresh = (round: number): string[] => Array.from({ length: FRESH }, (_, i) => `fresh${round * FRESH + i}`);

async function timed(n: number, action: () => Promise<unknown>): Promise<number[]> {
  const us: number[] = [];
  for (let i = 0; i < n; i++) {
    const start = performance.now();
    await action();
    us.push((performance.now() - start) * 1000);
  }
  return us;
}

function ours(context: Context, protocol: "ca" | "pva"): Record<"get" | "bulk" | "connect", Contender> {
  const prefixed = (names: readonly string[]): string[] => names.map((name) => `${protocol}://${name}`);
  const channel = context.channel(`${protocol}://scalar`);
  const names = prefixed(waves);
  return {
    get: { who: "cerulean", round: () => timed(500, () => channel.get()) },
    bulk: { who: "cerulean", round: () => timed(50, () => context.bulkGet(names, { form: "value" })) },
    connect: {
      who: "cerulean",
      round: (round) =>
        timed(1, () => Promise.all(prefixed(fresh(round)).map((name) => context.channel(name).connectAndPrefetch()))),
    },
  };
}

function theirs(peer: Peer, protocol: "ca" | "pva"): Record<"get" | "bulk" | "connect", Contender> {
  return {
    get: { who: peer.name, round: () => peer.ask({ op: "get", protocol, pv: "scalar", n: 200 }) },
    bulk: { who: peer.name, round: () => peer.ask({ op: "bulk", protocol, pvs: waves, n: 20 }) },
    connect: { who: peer.name, round: (round) => peer.ask({ op: "connect", protocol, pvs: fresh(round), n: 1 }) },
  };
}

/** Prints awaited gets, bulk reads of 50 waveforms of 1,000 doubles, and connections of 200 fresh PVs with their metadata, beside the peers. */
export async function benchEpics(python: string, rounds: number): Promise<void> {
  await using ioc = await CIoc.start(database(rounds));
  const context = getContext(ioc.context);
  const peers = {
    aioca: Peer.python("aioca", python, "aioca_peer.py", ioc.environment),
    p4p: Peer.python("p4p", python, "p4p_peer.py", ioc.environment),
    ophyd: Peer.python("ophyd-epicsrs", python, "ophyd_epicsrs_peer.py", ioc.environment),
  };
  const rows: Row[] = [];
  try {
    for (const protocol of ["ca", "pva"] as const) {
      const us = ours(context, protocol);
      await Promise.all(
        waves.map((name) => context.channel(`${protocol}://${name}`).put(new Float64Array(POINTS).fill(1))),
      );
      await context.channel(`${protocol}://scalar`).connect();
      const others = [protocol === "ca" ? peers.aioca : peers.p4p, peers.ophyd].map((peer) => theirs(peer, protocol));
      const label = protocol.toUpperCase();
      const rest = (what: "get" | "bulk" | "connect"): Contender[] => [us[what], ...others.map((other) => other[what])];
      rows.push(
        ...(await interleave(`${label} get`, [...rest("get"), floor(24, 24, 500)], rounds, console.error)),
        ...(await interleave(
          `${label} bulk, ${WAVEFORMS} x ${POINTS} doubles`,
          [...rest("bulk"), floor(16 * WAVEFORMS, (8 * POINTS + 16) * WAVEFORMS, 50)],
          rounds,
          console.error,
        )),
        ...(await interleave(`${label} connect ${FRESH} with metadata`, rest("connect"), rounds, console.error)),
      );
    }
    console.log(formatTable(rows, "cerulean"));
  } finally {
    await Promise.all(Object.values(peers).map((peer) => peer.close()));
    await context.close({ force: true });
  }
}
