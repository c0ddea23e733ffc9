import { count, gridScan, scan } from "cerulean/plans";
import { bsrsPeer } from "../bsrs.ts";
import { type Contender, interleave } from "../interleave.ts";
import { Peer } from "../peer.ts";
import { formatTable, type Row } from "../table.ts";
import { detector, motor } from "./devices.ts";
import { ourFirstDocuments, ourRequests, ourRuns, ours } from "./ours.ts";
import { delegatedCount, endless, nested, nulls, ownCount, page, reusedNulls } from "./plans.ts";

const COLUMNS = 50;
const ROWS = 10_000;
const SIDE = 100;
/** bluesky takes some 10 s for such a page. */
const PAGE_ROUNDS = 3;

interface Bench {
  readonly what: string;
  readonly ours: readonly Contender[];
  /** What the peers are asked; bluesky twice, with and without the stack capture, unless `oneBluesky`. */
  readonly op: string;
  readonly n: number;
  readonly oneBluesky?: boolean;
  /** How often bsrs does it, which has not all of them. */
  readonly bsrs?: { readonly n: number; readonly note?: string };
  readonly rounds?: number;
}

const [x, y] = [motor("x"), motor("y")];

const BENCHES: readonly Bench[] = [
  {
    what: "count, one detector: us an event (7 messages)",
    ours: [
      ours("cerulean", 20_000, () => count([detector], 20_000)),
      ours("cerulean, inside an async function*", 20_000, () => delegatedCount(20_000)),
      ours("cerulean, written as an async function*", 20_000, () => ownCount(20_000)),
    ],
    op: "count",
    n: 200,
    bsrs: { n: 5_000, note: " (4 messages: checkpoint, create, read, save)" },
  },
  {
    what: "scan, one motor and one detector: us a point (9 messages)",
    ours: [ours("cerulean", 20_000, () => scan([detector], x, 0, 1, 20_000))],
    op: "scan",
    n: 200,
  },
  {
    what: "gridScan, two motors and one detector: us a point",
    ours: [ours("cerulean", SIDE * SIDE, () => gridScan([detector], x, 0, 1, SIDE, y, 0, 1, SIDE))],
    op: "grid_scan",
    n: 14,
  },
  {
    what: "null: us a message",
    ours: [
      ours("cerulean", 100_000, () => nulls(100_000)),
      ours("cerulean, one message reused", 100_000, () => reusedNulls(100_000)),
    ],
    op: "null",
    n: 3_000,
    bsrs: { n: 100_000 },
  },
  {
    what: "null, five plans deep: us a message",
    ours: [ours("cerulean", 50_000, () => nested(5, 50_000))],
    op: "nested",
    n: 2_000,
  },
  { what: "runs of one event: us a run", ours: [ourRuns(300)], op: "runs", n: 10, bsrs: { n: 500 } },
  { what: "from run to its start document: us", ours: [ourFirstDocuments(20)], op: "first", n: 5, bsrs: { n: 20 } },
  ...(["pause", "abort"] as const).map((request) => ({
    what: `${request}, requested to acknowledged: us`,
    ours: [
      ourRequests("cerulean", 10, request, endless),
      ourRequests("cerulean, in a scan", 10, request, () => scan([detector], x, 0, 1, 100_000)),
    ],
    op: request,
    n: 3,
  })),
  {
    what: `a run with a page of ${ROWS} rows x ${COLUMNS} columns collected: us`,
    ours: [ours("cerulean", 1, page(COLUMNS, ROWS))],
    op: "page",
    n: ROWS,
    oneBluesky: true,
    rounds: PAGE_ROUNDS,
  },
];

/** Prints what the engine itself costs, with devices that answer at once, ours beside bluesky's and that of the Rust crate bsrs. */
export async function benchEngine(python: string, rounds: number): Promise<void> {
  const bluesky = Peer.python("bluesky", python, "bluesky_peer.py");
  const bsrs = await bsrsPeer(console.error);
  const rows: Row[] = [];
  try {
    for (const bench of BENCHES) {
      const { op, n } = bench;
      const contenders = [...bench.ours, { who: "bluesky", round: () => bluesky.ask({ op, n }) }];
      if (bench.oneBluesky !== true) {
        contenders.push({ who: "bluesky without stack capture", round: () => bluesky.ask({ op, n, stack: false }) });
      }
      if (bsrs !== undefined && bench.bsrs !== undefined) {
        const { n, note = "" } = bench.bsrs;
        contenders.push({ who: `bsrs${note}`, round: () => bsrs.ask({ op, n }) });
      }
      rows.push(...(await interleave(bench.what, contenders, bench.rounds ?? rounds, console.error)));
      console.error(`${bench.what}: done`);
    }
    console.log(formatTable(rows, "cerulean"));
  } finally {
    await bluesky.close();
    await bsrs?.close();
  }
}
