import { quantile, type Row } from "../table.ts";

const OURS = "cerulean";

interface Goal {
  readonly goal: string;
  readonly what: string;
  /** What was reached, in the goal's own unit; undefined when a contender was not there. */
  reached(row: (who: string) => Row | undefined): number | undefined;
  readonly limit: number;
}

const median = (row: Row | undefined): number | undefined => (row === undefined ? undefined : quantile(row.us, 0.5));

/** Our median over another one's, or over the least of several. */
function against(...others: readonly string[]): Goal["reached"] {
  return (row) => {
    const theirs = others.map((other) => median(row(other))).filter((us) => us !== undefined);
    const ours = median(row(OURS));
    return ours === undefined || theirs.length === 0 ? undefined : ours / Math.min(...theirs);
  };
}

/** A quantile of ours, divided. */
const own =
  (q: number, divisor = 1): Goal["reached"] =>
  (row) => {
    const ours = row(OURS);
    return ours === undefined ? undefined : quantile(ours.us, q) / divisor;
  };

/** How much later than another one we are, at a quantile. */
const after =
  (other: string, q: number, divisor: number): Goal["reached"] =>
  (row) => {
    const [ours, theirs] = [row(OURS), row(other)];
    return ours === undefined || theirs === undefined
      ? undefined
      : (quantile(ours.us, q) - quantile(theirs.us, q)) / divisor;
  };

const MS = 1000;
export const SOCKET = "floor (bare socket)";
const FLOOR = "floor (TCP ping-pong)";

const GOALS: readonly Goal[] = [
  { goal: "x the floor", what: "CA get, fresh", reached: against(FLOOR), limit: 3 },
  { goal: "x aioca", what: "CA get, fresh", reached: against("aioca"), limit: 0.4 },
  { goal: "x ophyd-epicsrs", what: "CA get, fresh", reached: against("ophyd-epicsrs"), limit: 1 },
  { goal: "x p4p", what: "PVA get, fresh", reached: against("p4p"), limit: 0.4 },
  { goal: "x ophyd-epicsrs", what: "PVA get, fresh", reached: against("ophyd-epicsrs"), limit: 1 },
  { goal: "us", what: "CA latest value, without I/O", reached: own(0.5), limit: 0.5 },
  { goal: "us", what: "CA get, cached", reached: own(0.5), limit: 2 },
  { goal: "us a PV", what: "CA bulk get of 200 with time stamps", reached: own(0.5, 200), limit: 2.5 },
  {
    goal: "x the best of pyepics and aioca",
    what: "CA bulk get of 50 x 1000 doubles",
    reached: against("pyepics", "aioca"),
    limit: 0.25,
  },
  { goal: "x p4p", what: "PVA bulk get of 50 x 1000 doubles", reached: against("p4p"), limit: 0.25 },
  { goal: "ms", what: "CA connect 200 with metadata", reached: own(0.5, MS), limit: 10 },
  { goal: "ms", what: "PVA connect 200 with metadata", reached: own(0.5, MS), limit: 40 },
  { goal: "ms", what: "CA connect a device of 200 PVs", reached: own(0.5, MS), limit: 30 },
  { goal: "x aioca", what: "CA 100000 updates, us each", reached: against("aioca"), limit: 0.5 },
  { goal: "lost", what: "CA 100000 updates, us each", reached: (row) => row(OURS)?.lost, limit: 0 },
  {
    goal: "ms after a bare socket at p99",
    what: "CA 20 readbacks at 100 Hz, time stamp to callback",
    reached: after(SOCKET, 0.99, MS),
    limit: 2,
  },
  { goal: "ms at p99", what: "CA put, then get", reached: own(0.99, MS), limit: 5 },
];

/** A line for each goal: what was wanted, what was reached. */
export function judge(rows: readonly Row[]): string[] {
  return GOALS.map(({ goal, what, reached, limit }) => {
    const value = reached((who) => rows.find((row) => row.what === what && row.who === who));
    if (value === undefined) return `not measured  ${what}: at most ${limit} ${goal}`;
    return `${value <= limit ? "reached" : "MISSED "}  ${what}: ${value.toFixed(2)} ${goal}, at most ${limit}`;
  });
}
