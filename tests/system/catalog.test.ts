import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Catalog } from "cerulean/catalog";
import type { Document } from "cerulean/documents";
import { MongoWriter } from "cerulean/sinks/mongo";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { times } from "../soak.ts";
import { completeRun, pageOf, simpleRun } from "../suites/sample-run.ts";
import { TestMongod } from "./support/mongod.ts";

const RUNS = times(20_000, 100_000);
const PAGE = 20;

let mongod: TestMongod;
let folder: string;
let client: MongoClient;

beforeAll(async () => {
  mongod = await TestMongod.start();
  folder = mkdtempSync(join(tmpdir(), "cerulean-catalog-"));
  client = new MongoClient(mongod.uri());
});
afterAll(async () => {
  await client.close();
  await mongod.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe(`${RUNS} runs in MongoDB`, () => {
  it("are listed page by page, each page with no more documents read than it has runs, at any depth", async () => {
    const uri = mongod.uri();
    // It makes the indexes.
    await (await MongoWriter.connect(uri, { journalDir: join(folder, "journal") })).close();
    const db = client.db(new URL(uri).pathname.slice(1));
    const starts = Array.from({ length: RUNS }, (_, at) => ({
      uid: randomUUID(),
      // Several in the same second.
      time: 1_700_000_000 + Math.floor(at / 3),
      scan_id: at,
      plan_name: "count",
    }));
    for (let at = 0; at < RUNS; at += 10_000) {
      const part = starts.slice(at, at + 10_000);
      await db.collection("run_start").insertMany(part.map((start) => ({ ...start })));
    }
    const stopped = starts.slice(-2 * PAGE);
    await db
      .collection<object>("run_stop")
      .insertMany(
        stopped.map(({ uid, time }) => ({ uid: randomUUID(), run_start: uid, time, exit_status: "success" })),
      );
    const expected = starts.map(({ uid }) => uid).reverse();
    await using catalog = await Catalog.open(uri);

    await db.command({ profile: 2 });
    const first = await catalog.list({ limit: PAGE });
    const second = await catalog.list({ limit: PAGE, before: first.at(-1)?.uid as string });
    const deep = await catalog.list({ limit: PAGE, before: expected[RUNS - 2 * PAGE] as string });
    await db.command({ profile: 0 });

    expect(first.map(({ uid }) => uid)).toEqual(expected.slice(0, PAGE));
    expect(first.every(({ exitStatus }) => exitStatus === "success")).toBe(true);
    expect(second.map(({ uid }) => uid)).toEqual(expected.slice(PAGE, 2 * PAGE));
    expect(deep.map(({ uid }) => uid)).toEqual(expected.slice(RUNS - 2 * PAGE + 1, RUNS - PAGE + 1));
    const reads = await db.collection("system.profile").find({ "command.aggregate": "run_start" }).toArray();
    expect(reads).toHaveLength(3);
    // The run and its stop, and the few of the same second as the run before.
    for (const { docsExamined } of reads) expect(docsExamined).toBeLessThanOrEqual(2 * PAGE + 5);

    let last: string | undefined;
    let counted = 0;
    for await (const { uid } of catalog.runs({ until: 1_700_000_000 + 400 })) {
      last = uid;
      counted++;
    }
    expect([counted, last]).toEqual([401 * 3, starts[0]?.uid]);
  });
});

describe.each(["normalized", "columns"] as const)("a run that goes on, in the %s layout", (layout) => {
  it("is followed to its end, each document once", async () => {
    const uri = mongod.uri();
    await using writer = await MongoWriter.connect(uri, {
      layout,
      journalDir: join(folder, layout),
      batchAgeMs: 5,
    });
    const run = completeRun();
    const [start, ...rest] = run.documents as [Document, ...Document[]];
    writer.write(start);
    await writer.flush();
    await using catalog = await Catalog.open(uri);
    const followed: Document[] = [];
    for await (const document of (await catalog.run(-1)).follow({ pollMs: 5 })) {
      followed.push(document);
      // One by one: each is stored when the one before it has been seen.
      const next = rest.shift();
      if (next !== undefined) writer.write(next);
    }
    const count = (documents: readonly Document[], name: string): number =>
      documents.filter((document) => document.name === name).length;
    for (const name of ["start", "descriptor", "resource", "stream_resource", "stream_datum", "stop"]) {
      expect([name, count(followed, name)]).toEqual([name, count(run.documents, name)]);
    }
    expect(count(followed, "datum")).toBe(3);
    expect(count(followed, "event")).toBe(layout === "normalized" ? 43 : 3);
    expect(count(followed, "event_page")).toBe(layout === "normalized" ? 0 : 1);
    expect(followed.at(-1)?.name).toBe("stop");
    const opened = await catalog.run(run.uid);
    expect(await opened.verify()).toMatchObject({ ok: true, streams: { fly: { stored: 40, announced: 40 } } });
    const files = { handlers: { TIFF: () => ({ read: ({ point }: { point?: number }) => [[point]] }) } };
    expect((await opened.columns("primary", files)).image?.[2]).toEqual([new Float64Array([2])]);
  });

  it("gives its points while they come, many at a time", async () => {
    const uri = mongod.uri();
    await using writer = await MongoWriter.connect(uri, { layout, journalDir: join(folder, layout), batchSize: 100 });
    const run = simpleRun(0);
    const [start, descriptor, stop] = run.documents as [Document, Document, Document];
    writer.write(start);
    writer.write(descriptor);
    await writer.flush();
    await using catalog = await Catalog.open(uri);
    const seqNums: number[] = [];
    const pages = 10;
    let written = 0;
    for await (const { name, doc } of (await catalog.run(run.uid)).follow({ pollMs: 5 })) {
      if (name === "event") seqNums.push(doc.seq_num);
      if (name === "event_page") seqNums.push(...Array.from(doc.seq_num));
      if (written < pages && seqNums.length >= written * 50) {
        writer.write({ name: "event_page", doc: pageOf(run.descriptor, 100, written * 100 + 1) });
        if (++written === pages) writer.write(stop);
      }
    }
    expect(seqNums).toEqual(Array.from({ length: pages * 100 }, (_, at) => at + 1));
  });
});
