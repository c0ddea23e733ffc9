import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startMongod } from "../../src/cli/mongod.ts";
import { type Contender, interleave } from "../interleave.ts";
import { Peer } from "../peer.ts";
import { formatTable, type Row } from "../table.ts";
import { away } from "./away.ts";
import { bare, type Load, ours, type Place } from "./contenders.ts";
import { holds } from "./loop.ts";

const BATCH = 1_000;
const LOADS: readonly (Load & { readonly what: string })[] = [
  { what: "durable events of 1 field: us a row", fields: 1, rows: 20_000 },
  { what: "durable events of 10 fields: us a row", fields: 10, rows: 10_000 },
  { what: "durable events of 50 fields: us a row", fields: 50, rows: 10_000 },
  { what: "durable pages of 2,000 x 50: us a row", fields: 50, rows: 6_000, page: 2_000 },
];
/** Rows of a page, and how many other sinks read it. */
const PAGES = [
  [2_000, 0],
  [10_000, 0],
  [10_000, 1],
] as const;
const AWAY_S = 60;
/** It writes a document at a time, so fewer are enough. */
const SUITCASE_ROWS = 500;

/** Prints how long a row takes until MongoDB has acknowledged it, ours beside bare inserts of the same batches and beside suitcase-mongo. */
export async function benchStorage(python: string, rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "cerulean-bench-"));
  const mongod = await startMongod(join(folder, "data"));
  const peer = Peer.python("pymongo", python, "mongo_peer.py");
  const place: Place = { uri: mongod.uri, folder, batch: BATCH };
  const rows: Row[] = [];
  try {
    for (const load of LOADS) rows.push(...(await benchLoad(load, { place, peer, rounds })));
    console.log(formatTable(rows, "cerulean"));
    const held: Row[] = [];
    for (const [points, readers] of PAGES) held.push(...(await holds(place, points, readers, 3 * rounds)));
    console.log(`\n${formatTable(held, "write()")}`);
    console.log(`\n${(await away(folder, AWAY_S)).join("\n")}`);
  } finally {
    await peer.close();
    await mongod.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchLoad(
  { what, ...load }: Load & { readonly what: string },
  { place, peer, rounds }: { place: Place; peer: Peer; rounds: number },
): Promise<Row[]> {
  const { uri, batch } = place;
  const { fields, rows } = load;
  const database = `pymongo_${randomUUID().slice(0, 8)}`;
  const own = [await ours("cerulean", place, load), await bare(place, load)];
  if (load.page !== undefined) own.push(await ours("cerulean, columns layout", place, load, { layout: "columns" }));
  const contenders: Contender[] = [
    ...own,
    {
      who: "bare insert_many, pymongo",
      round: () => peer.ask({ op: "insert_many", n: rows, uri, database, fields, batch }),
    },
    { who: "suitcase-mongo", round: () => peer.ask({ op: "suitcase", n: SUITCASE_ROWS, uri, fields }) },
  ];
  try {
    return await interleave(what, contenders, rounds, console.error);
  } finally {
    for (const contender of own) await contender.close();
  }
}
