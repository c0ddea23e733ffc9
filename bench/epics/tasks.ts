import { COUNTERS, names, POINTS, READBACKS, WAVEFORMS } from "./records.ts";

export type Protocol = "ca" | "pva";

/** One row of the table: what the clients are asked to do, and how often. */
export interface Task {
  readonly what: string;
  readonly request: Record<string, unknown>;
  /** Names that nobody has connected to yet, so many in each round. */
  readonly fresh?: number;
  /** The bytes of the same exchange as a bare TCP ping-pong, and how many of them. */
  readonly floor?: readonly [request: number, reply: number, count: number];
  /** Only these of the clients have it. */
  readonly only?: readonly string[];
}

const CA_HEADER = 16;
export const waves = names("wave", WAVEFORMS);
const scalars = (count: number): string[] => names("scalar", count);

/** Those that have devices; ophyd's own do not work with the pyepics of these versions. */
const DEVICES = ["cerulean", "aioca", "p4p", "ophyd-epicsrs"];

export const TASKS: readonly Task[] = [
  { what: "get, fresh", request: { op: "get", pv: "scalar", n: 300 }, floor: [CA_HEADER, CA_HEADER + 8, 300] },
  { what: "get, cached", request: { op: "cached", pv: "scalar", n: 100 }, only: ["cerulean", "pyepics"] },
  { what: "latest value, without I/O", request: { op: "latest", pv: "scalar", n: 100 }, only: ["cerulean"] },
  { what: "48 gets, one after another", request: { op: "sequence", pvs: scalars(48), n: 10 } },
  ...[10, 25, 48, 50, 100, 200].map(
    (count): Task => ({
      what: `bulk get of ${count}`,
      request: { op: "bulk", pvs: scalars(count), n: 30 },
      floor: [CA_HEADER * count, (CA_HEADER + 8) * count, 30],
    }),
  ),
  ...[10, 50, 100, 200].map(
    (count): Task => ({
      what: `bulk get of ${count} with time stamps`,
      request: { op: "bulk", pvs: scalars(count), n: 30, form: "time" },
      only: ["cerulean", "aioca"],
    }),
  ),
  {
    what: `bulk get of ${WAVEFORMS} x ${POINTS} doubles`,
    request: { op: "bulk", pvs: waves, n: 20 },
    floor: [CA_HEADER * WAVEFORMS, (8 * POINTS + CA_HEADER) * WAVEFORMS, 20],
  },
  { what: "put, then get", request: { op: "put_get", pv: "scalar", n: 150 } },
  { what: "connect 30 with metadata", request: { op: "connect", n: 1 }, fresh: 30 },
  { what: "connect 200 with metadata", request: { op: "connect", n: 1 }, fresh: 200 },
  ...[4, 9, 11, 30, 200].map(
    (count): Task => ({
      what: `connect a device of ${count} PVs`,
      request: { op: "device", n: 1 },
      fresh: count,
      only: DEVICES,
    }),
  ),
];

/** Times that all counters are pumped, and that all readbacks tick. */
export const PUMPED = 500;
export const TICKS = 200;

export const FLOOD = `${COUNTERS * PUMPED} updates, us each`;
export const CLOCKWORK = `${READBACKS} readbacks at 100 Hz, time stamp to callback`;

/** What a row of the table is called. */
export const label = (protocol: Protocol, what: string): string => `${protocol.toUpperCase()} ${what}`;
