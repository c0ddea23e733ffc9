import { setTimeout as pause } from "node:timers/promises";
import { type Channel, type Context, getContext } from "cerulean/epics";
import { CIoc } from "../../tests/system/support/c-ioc.ts";
import { floor } from "../floor.ts";
import { type Contender, interleave, type Measured, rowOf } from "../interleave.ts";
import { Peer } from "../peer.ts";
import { formatTable, type Row } from "../table.ts";
import { epicsTca } from "./epics-tca.ts";
import { judge, SOCKET } from "./goals.ts";
import { COUNTERS, database, names, POINTS, READBACKS } from "./records.ts";
import { CLOCKWORK, FLOOD, label, type Protocol, PUMPED, TASKS, type Task, TICKS, waves } from "./tasks.ts";

const FRESH = TASKS.reduce((sum, { fresh = 0 }) => sum + fresh, 0);
const TICK_MS = 10;
const STREAM_ROUNDS = 3;

/** A client of one or both protocols; each is a process of its own. */
interface Client {
  readonly protocols: readonly Protocol[];
  /** The one stream that it takes part in, where it is no client but the floor of one. */
  readonly only?: string;
  start(): Promise<Peer | undefined>;
}

function clientsOf(python: string, env: NodeJS.ProcessEnv): readonly Client[] {
  const scripted = (name: string, script: string, ...protocols: readonly Protocol[]): Client => ({
    protocols,
    start: async () => Peer.python(name, python, script, env),
  });
  return [
    { protocols: ["ca", "pva"], start: async () => Peer.node("cerulean", "cerulean_peer.mjs", [], env) },
    scripted("pyepics", "pyepics_peer.py", "ca"),
    scripted("aioca", "aioca_peer.py", "ca"),
    scripted("p4p", "p4p_peer.py", "pva"),
    scripted("ophyd-epicsrs", "ophyd_epicsrs_peer.py", "ca", "pva"),
    { protocols: ["ca"], start: () => epicsTca(env, console.error) },
    { ...scripted(SOCKET, "socket_peer.py", "ca"), only: CLOCKWORK },
  ];
}

/** Prints what each client takes for the same tasks over both protocols, and which of our goals are met. */
export async function benchEpics(python: string, rounds: number): Promise<void> {
  await using ioc = await CIoc.start(database(rounds * FRESH));
  const context = getContext(ioc.context);
  const clients = clientsOf(python, ioc.environment);
  const rows: Row[] = [];
  try {
    await Promise.all(waves.map((name) => context.channel(name).put(new Float64Array(POINTS).fill(1))));
    for (const protocol of ["ca", "pva"] as const) {
      const of = clients.filter(({ protocols }) => protocols.includes(protocol));
      rows.push(...(await tasks(protocol, of, rounds)), ...(await streams(protocol, of, context, rounds)));
    }
    console.log(formatTable(rows, "cerulean"));
    console.log(`\n${judge(rows).join("\n")}`);
  } finally {
    await context.close({ force: true });
  }
}

async function tasks(protocol: Protocol, clients: readonly Client[], rounds: number): Promise<Row[]> {
  const started = await Promise.all(clients.filter(({ only }) => only === undefined).map((client) => client.start()));
  const peers = started.filter((peer) => peer !== undefined);
  const rows: Row[] = [];
  let used = 0;
  try {
    for (const task of TASKS) {
      const all = contenders(task, protocol, peers, used);
      used += rounds * (task.fresh ?? 0);
      rows.push(...(await interleave(label(protocol, task.what), all, rounds, console.error)));
    }
    return rows;
  } finally {
    await Promise.all(peers.map((peer) => peer.close()));
  }
}

function contenders(task: Task, protocol: Protocol, peers: readonly Peer[], from: number): Contender[] {
  const asked = peers.filter(({ name }) => task.only === undefined || task.only.includes(name));
  const theirs = asked.map(
    (peer): Contender => ({
      who: peer.name,
      round: (round) => {
        const { fresh } = task;
        const pvs = fresh === undefined ? {} : { pvs: names("fresh", fresh, from + round * fresh) };
        return peer.measure({ ...task.request, protocol, ...pvs });
      },
    }),
  );
  return task.floor === undefined ? theirs : [...theirs, floor(...task.floor)];
}

interface Stream {
  readonly what: string;
  readonly pvs: readonly string[];
  readonly pump: string;
  drive(pump: Channel): Promise<void>;
  readonly updates: number;
  /** Each update's delay, instead of the time for all. */
  readonly delays: boolean;
}

const STREAMS: readonly Stream[] = [
  {
    what: FLOOD,
    ...{ pvs: names("counter", COUNTERS), pump: "pump.PROC", drive: flood },
    ...{ updates: COUNTERS * PUMPED, delays: false },
  },
  {
    what: CLOCKWORK,
    ...{ pvs: names("readback", READBACKS), pump: "tick.PROC", drive: clockwork },
    ...{ updates: READBACKS * TICKS, delays: true },
  },
];

/** Monitors: as many updates as the IOC can post, and readbacks at 100 Hz. Only one client at a time is subscribed. */
async function streams(
  protocol: Protocol,
  clients: readonly Client[],
  context: Context,
  rounds: number,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const stream of STREAMS) {
    await using pump = context.channel(stream.pump);
    const measured = new Map<string, Measured[]>();
    for (let round = 0; round < Math.min(rounds, STREAM_ROUNDS); round++) {
      for (const client of clients) {
        if (client.only !== undefined && client.only !== stream.what) continue;
        const peer = await client.start();
        if (peer === undefined) continue;
        try {
          const result = await streamed(stream, protocol, peer, pump);
          measured.set(peer.name, [...(measured.get(peer.name) ?? []), result]);
        } catch (error) {
          console.error(`${label(protocol, stream.what)}: ${error instanceof Error ? error.message : String(error)}`);
        } finally {
          await peer.close();
        }
      }
    }
    for (const [who, all] of measured) {
      const lost = all.reduce((sum, { count = stream.updates }) => sum + stream.updates - count, 0);
      const told = all.some((each) => each.told !== undefined)
        ? { told: all.reduce((sum, each) => sum + (each.told ?? 0), 0) }
        : {};
      rows.push({ ...rowOf(label(protocol, stream.what), who, all), lost, ...told });
    }
  }
  return rows;
}

async function streamed(stream: Stream, protocol: Protocol, peer: Peer, pump: Channel): Promise<Measured> {
  const { pvs, updates, delays } = stream;
  await peer.measure({ op: "subscribe", protocol, pvs, n: 0 });
  const collected = peer.measure({ op: "collect", protocol, n: updates, delays });
  await stream.drive(pump);
  return collected;
}

async function flood(pump: Channel): Promise<void> {
  for (let round = 0; round < PUMPED; round++) await pump.put(1);
}

async function clockwork(tick: Channel): Promise<void> {
  const start = performance.now();
  for (let at = 1; at <= TICKS; at++) {
    await tick.put(1);
    await pause(Math.max(0, start + at * TICK_MS - performance.now()));
  }
}
