import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writevSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import { Catalog } from "cerulean/catalog";
import type { DataKey, Document, EventPage } from "cerulean/documents";
import { MongoWriter, type MongoWriterOptions, type WriterCounters } from "cerulean/sinks/mongo";
import { type Db, MongoClient } from "mongodb";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  completeRun,
  descriptorOf,
  eventOf,
  pageOf,
  type SampleRun,
  sharedColumn,
  simpleRun,
  startOf,
  stopOf,
} from "../suites/sample-run.ts";
import { describeSink } from "../suites/sink.ts";
import { anyMongod, type MongoServer, TestMongod } from "./support/mongod.ts";

let mongod: MongoServer;
let folder: string;
let writers: MongoWriter[];
let client: MongoClient;

beforeAll(async () => {
  mongod = await anyMongod();
  folder = mkdtempSync(join(tmpdir(), "cerulean-writer-"));
  client = new MongoClient(mongod.uri());
});
afterAll(async () => {
  await client.close();
  await mongod.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await Promise.all(writers.map((writer) => writer.close({ timeoutMs: 5_000 }).catch(() => undefined)));
  writers = [];
});
writers = [];

async function connect(uri: string, options: MongoWriterOptions = {}): Promise<MongoWriter> {
  const writer = await MongoWriter.connect(uri, { journalDir: join(folder, "journal"), ...options });
  writers.push(writer);
  return writer;
}

function databaseOf(uri: string): Db {
  return client.db(new URL(uri).pathname.slice(1));
}

function writeAll(writer: MongoWriter, documents: readonly Document[]): void {
  for (const document of documents) writer.write(document);
}

async function readRun(uri: string, uid: string): Promise<Document[]> {
  await using catalog = await Catalog.open(uri);
  const documents: Document[] = [];
  for await (const document of (await catalog.run(uid)).documents()) documents.push(document);
  return documents;
}

for (const layout of ["normalized", "columns"] as const) {
  describeSink(`MongoWriter in the ${layout} layout`, async () => {
    const uri = mongod.uri();
    return {
      open: () => MongoWriter.connect(uri, { layout, journalDir: join(folder, `suite-${layout}`) }),
      read: (uid) => readRun(uri, uid),
      end: async () => {},
    };
  });
}

describe("what MongoWriter stores", () => {
  it("is a document for each event in databroker's collections, numbers by the descriptor's dtype, with its indexes", async () => {
    const uri = mongod.uri();
    const writer = await connect(uri);
    const run = completeRun();
    writeAll(writer, run.documents);
    await writer.flush();
    const db = databaseOf(uri);
    const counts: Record<string, number> = {};
    for (const { name } of await db.listCollections().toArray())
      counts[name] = await db.collection(name).countDocuments();
    expect(counts).toMatchObject({
      run_start: 1,
      run_stop: 1,
      event_descriptor: 3,
      event: 43,
      resource: 1,
      datum: 3,
      stream_resource: 1,
      stream_datum: 1,
    });
    expect(counts.event_page).toBeUndefined();
    const events = await db
      .collection("event")
      .find({ descriptor: run.descriptor }, { promoteValues: false })
      .toArray();
    const types = events.map(({ data, time, timestamps }) =>
      [data.x, data.n, data.wave[0], data.counts[0], time, timestamps.x].map((value) => value._bsontype),
    );
    expect(types).toEqual(Array(3).fill(["Double", "Long", "Double", "Long", "Double", "Double"]));
    expect(
      (await db.collection("event").indexes()).map(({ key, unique }) => ({ key, unique: unique ?? false })),
    ).toEqual([
      { key: { _id: 1 }, unique: false },
      { key: { uid: 1 }, unique: true },
      { key: { descriptor: -1, time: 1 }, unique: false },
    ]);
    const starts = await db.collection("run_start").indexes();
    expect(starts.map(({ name }) => name)).toContain("scan_id_-1__id_-1");
    expect(await writer.verify(run.uid)).toEqual({
      ok: true,
      streams: {
        primary: { stored: 3, announced: 3 },
        fly: { stored: 40, announced: 40 },
        frames: { stored: 5, announced: 5 },
      },
    });
  });

  it("is there within the age limit, without a flush", async () => {
    const uri = mongod.uri();
    const writer = await connect(uri, { batchAgeMs: 50, batchSize: 7 });
    const run = simpleRun(100);
    const db = databaseOf(uri);
    writeAll(writer, run.documents.slice(0, -1));
    const point = () => db.collection("event").countDocuments();
    await expect.poll(point, { timeout: 5_000 }).toBe(100);
    writeAll(writer, run.documents.slice(-1));
    await expect.poll(() => db.collection("run_stop").countDocuments(), { timeout: 5_000 }).toBe(1);
  });

  it("counts a stop only after all points of a large page", async () => {
    const uri = mongod.uri();
    const writer = await connect(uri);
    const run = simpleRun(0);
    const [start, descriptor] = run.documents as [Document, Document];
    writeAll(writer, [start, descriptor, { name: "event_page", doc: pageOf(run.descriptor, 10_000) }]);
    writer.write(stopOf(run.uid, { primary: 10_000 }));
    const db = databaseOf(uri);
    await expect.poll(() => db.collection("run_stop").countDocuments(), { timeout: 20_000, interval: 5 }).toBe(1);
    expect(await db.collection("event").countDocuments()).toBe(10_000);
  });

  it("is told of as it gets there", async () => {
    const writer = await MongoWriter.connect(mongod.uri(), { journalDir: join(folder, "told"), batchSize: 20 });
    const told: WriterCounters[] = [];
    const ended = new Promise<void>((complete) =>
      writer.progress$.subscribe({ next: (one) => told.push(one), complete }),
    );
    const { documents } = simpleRun(60);
    for (const document of documents) writer.write(document);
    await writer.close();
    await ended;
    expect(told[0]).toMatchObject({ stored: 0, pending: 0 });
    expect(told.at(-1)).toMatchObject({ stored: documents.length, pending: 0, batches: told.length - 1 });
    expect(told.map(({ stored }) => stored)).toEqual(
      told.map(({ stored }) => stored).sort((one, other) => one - other),
    );
  });

  it("leaves nothing in the journal once it is stored", async () => {
    const journalDir = join(folder, "empty");
    const writer = await connect(mongod.uri(), { journalDir });
    writeAll(writer, simpleRun(5).documents);
    await writer.flush();
    const files = () =>
      readdirSync(journalDir, { recursive: true }).filter((name) => String(name).endsWith(".journal"));
    await expect.poll(files).toEqual([]);
    await writer.close();
    expect(readdirSync(join(journalDir, readdirSync(journalDir)[0] as string, "writers"))).toEqual([]);
  });
});

describe("handing a page over", () => {
  const keys = Object.fromEntries(
    Array.from({ length: 50 }, (_, at) => [`ch${at}`, { dtype: "number", shape: [], source: "sim://ch" } as DataKey]),
  );

  function widePage(descriptor: string, rows: number): EventPage {
    const page = pageOf(descriptor, rows);
    const columns = Object.keys(keys).map((key, at) => [key, sharedColumn(rows, (row) => Math.sin(row + at))] as const);
    return {
      ...page,
      data: Object.fromEntries(columns),
      timestamps: Object.fromEntries(columns.map(([key]) => [key, page.time])),
    };
  }

  it("of 50 x 2,000 costs under 0.5 ms beside the write of its bytes", async () => {
    const writer = await connect(mongod.uri());
    const file = openSync(join(folder, "bytes"), "w");
    const [beside, bare]: [number[], number[]] = [[], []];
    for (let at = 0; at < 20; at++) {
      const { uid, descriptor } = simpleRun(0);
      const page = widePage(descriptor, 2_000);
      const bytes = Object.values(page.data).map((column) => new Uint8Array((column as Float64Array).buffer));
      writeAll(writer, [startOf(uid), descriptorOf(uid, descriptor, "primary", keys)]);
      await writer.flush();
      bare.push(cpuOf(() => writevSync(file, bytes, 0)));
      beside.push(cpuOf(() => writer.write({ name: "event_page", doc: page })));
      writer.write(stopOf(uid, { primary: 2_000 }));
      await writer.flush();
    }
    closeSync(file);
    // The other threads of the process only add to it.
    expect(Math.min(...beside) - Math.min(...bare)).toBeLessThan(0.5);
  });

  it("of 50 x 10,000 never holds the loop over 5 ms until it is stored, and leaves it to those who read it afterwards", async () => {
    const writer = await connect(mongod.uri());
    // A thread that does nothing sees what the machine itself holds up.
    const idle = new Worker(new URL("./support/idle-loop.mjs", import.meta.url));
    const holds: number[] = [];
    for (let at = 0; at < 7; at++) {
      const { uid, descriptor } = simpleRun(0);
      const page = widePage(descriptor, 10_000);
      const sum = sumOf(page);
      writeAll(writer, [startOf(uid), descriptorOf(uid, descriptor, "primary", keys)]);
      await writer.flush();
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      idle.postMessage("start");
      await once(idle, "message");
      delay.reset();
      writer.write({ name: "event_page", doc: page });
      await writer.flush();
      delay.disable();
      idle.postMessage("stop");
      const [elsewhere] = (await once(idle, "message")) as [number];
      holds.push((delay.max - elsewhere) / 1e6);
      expect(sumOf(page)).toBe(sum);
      writer.write(stopOf(uid, { primary: 10_000 }));
    }
    await idle.terminate();
    // What the writer itself holds is in every round; what a busy machine adds is not.
    expect(Math.min(...holds)).toBeLessThan(5);
  });
});

describe("duplicates and documents that can't be stored", () => {
  it("takes an equal duplicate for stored", async () => {
    const uri = mongod.uri();
    const run = completeRun();
    for (let at = 0; at < 2; at++) {
      const writer = await connect(uri);
      writeAll(writer, run.documents);
      await writer.close();
    }
    expect(await databaseOf(uri).collection("event").countDocuments()).toBe(43);
    expect(await databaseOf(uri).collection("resource").countDocuments()).toBe(1);
  });

  it("names both of two documents with one uid that differ, once, and stores the others", async () => {
    const uri = mongod.uri();
    const writer = await connect(uri);
    const run = simpleRun(3);
    writeAll(writer, run.documents.slice(0, 4));
    const event = run.documents[2] as Extract<Document, { name: "event" }>;
    writer.write({ name: "event", doc: { ...event.doc, data: { x: 77.5, n: 1 } } });
    writeAll(writer, run.documents.slice(4));
    await expect(writer.flush()).rejects.toMatchObject({
      code: "duplicate",
      message: expect.stringMatching(new RegExp(`event ${event.doc.uid} of run ${run.uid}.*"x":0.*77\\.5`)),
    });
    await writer.flush();
    expect(await writer.verify(run.uid)).toMatchObject({ ok: true });
  });

  it("keeps an oversize document in a file with the reason, stores the rest, and the run says so", async () => {
    const uri = mongod.uri();
    const writer = await connect(uri);
    const run = simpleRun(3);
    const large = eventOf(run.descriptor, 4, { x: new Float64Array(1_400_000), n: 4 });
    const errors: string[] = [];
    writer.errors$.subscribe(({ message }) => errors.push(message));
    writeAll(writer, [...run.documents.slice(0, 4), large, ...run.documents.slice(4)]);
    await expect(writer.flush()).rejects.toThrow(/could not be stored: it has \d+ bytes, and MongoDB takes 16777216/);
    const file = /kept in (.*\.jsonl)/.exec(errors[0] ?? "")?.[1] ?? "";
    const letter = readFileSync(file, "utf8");
    expect(letter).toContain((large.doc as { uid: string }).uid);
    const stored = await readRun(uri, run.uid);
    expect(stored.filter(({ name }) => name === "event")).toHaveLength(3);
    expect(stored.at(-1)?.doc).toMatchObject({
      reason: expect.stringMatching(/^1 document could not be stored, see /),
    });
  });

  it("keeps a document that no store can hold in the file too", async () => {
    const writer = await connect(mongod.uri());
    const run = simpleRun(2);
    const odd = eventOf(run.descriptor, 9, { x: () => 1, n: 1 });
    const wide = eventOf(run.descriptor, 10, { x: 1, n: 2n ** 70n });
    writeAll(writer, [...run.documents.slice(0, 3), odd, wide, ...run.documents.slice(3)]);
    await expect(writer.flush()).rejects.toMatchObject({
      code: "unstorable",
      message: expect.stringContaining("needs more than 64 bits"),
    });
    expect(writer.counters.refused).toBe(2);
    expect(await writer.verify(run.uid)).toMatchObject({ ok: true });
  });
});

describe("MongoDB away", () => {
  it("is refused at the start, with the URI and not the password", async () => {
    const error = await connect("mongodb://me:secret@127.0.0.1:1/db", { connectTimeoutMs: 300 }).catch((e) => e);
    expect(error).toMatchObject({ name: "SinkError", code: "unreachable" });
    expect(error.message).toContain("mongodb://me:***@127.0.0.1:1/db");
    expect(error.message).not.toContain("secret");
  });

  it("collects into the journal when that was asked for, and a flush says what is missing", async () => {
    const journalDir = join(folder, "spill");
    const writer = await connect("mongodb://127.0.0.1:1/db", {
      connectTimeoutMs: 300,
      allowUnavailable: true,
      journalDir,
      highWaterMark: 3,
    });
    expect(writer.state).toBe("degraded");
    const run = simpleRun(5);
    writeAll(writer, run.documents);
    expect(writer.state).toBe("spilling");
    expect(writer.ready).toBeUndefined();
    await expect(writer.flush({ timeoutMs: 200 })).rejects.toThrow(`8 documents of run ${run.uid} within 200 ms`);
    await expect(writer.close({ timeoutMs: 100 })).rejects.toMatchObject({ code: "timeout" });
  });

  it("holds the engine back when the journal has its limit", async () => {
    const options = { connectTimeoutMs: 300, allowUnavailable: true, journalBytes: 2_000 };
    const writer = await connect("mongodb://127.0.0.1:1/db", { ...options, journalDir: join(folder, "full") });
    writeAll(writer, simpleRun(20).documents);
    expect(writer.state).toBe("blocked");
    expect(writer.ready).toBeInstanceOf(Promise);
    await writer.close({ timeoutMs: 50 }).catch(() => undefined);
  });

  it("in mid-run, killed and started again, loses nothing and doubles nothing", async () => {
    const server = await TestMongod.start();
    try {
      const uri = server.uri();
      const writer = await connect(uri, { batchSize: 20 });
      const states: string[] = [];
      writer.state$.subscribe((state) => states.push(state));
      const run = simpleRun(2_000);
      writeAll(writer, run.documents.slice(0, 1_000));
      await server.kill();
      writeAll(writer, run.documents.slice(1_000));
      await expect.poll(() => writer.state, { timeout: 20_000 }).toBe("degraded");
      expect(writer.counters.pending).toBeGreaterThan(0);
      await server.restart();
      await writer.flush({ timeoutMs: 40_000 });
      expect(states).toContain("degraded");
      expect(writer.state).toBe("connected");
      const stored = await readRun(uri, run.uid);
      expect(stored.map(uidOf)).toEqual(run.documents.map(uidOf));
      await writer.close();
    } finally {
      await server.stop();
    }
  });

  it("hangs in mid-run: the run goes on, and all is stored when it answers again", async () => {
    const server = await TestMongod.start();
    try {
      const uri = server.uri();
      const writer = await connect(uri, { highWaterMark: 100 });
      const run = simpleRun(500);
      writeAll(writer, run.documents.slice(0, 10));
      await writer.flush();
      server.freeze();
      writeAll(writer, run.documents.slice(10));
      expect(writer.ready).toBeInstanceOf(Promise);
      await writer.ready;
      expect(writer.state).toBe("spilling");
      server.thaw();
      await writer.flush({ timeoutMs: 40_000 });
      expect((await readRun(uri, run.uid)).map(uidOf)).toEqual(run.documents.map(uidOf));
      await writer.close();
    } finally {
      server.thaw();
      await server.stop();
    }
  });
});

describe("ownership", () => {
  it("repairs no run of a living engine, and gives that of a dead one a stop document with what is stored", async () => {
    const uri = mongod.uri();
    const writer = await connect(uri);
    const mine = simpleRun(4);
    writeAll(writer, mine.documents.slice(0, -1));
    const dead = simpleRun(6);
    const rewound = eventOf(dead.descriptor, 6, { x: 1, n: 1 });
    const other = await connect(uri);
    writeAll(other, [...dead.documents.slice(0, -1), rewound]);
    await other.flush();
    await writer.flush();
    expect(await writer.repair()).toEqual([]);
    const db = databaseOf(uri);
    // Its engine was another process with the same number, which shows itself no more.
    const engine = await db.collection<any>("cerulean_engines").findOne({ _id: await engineOf(uri, dead.uid) });
    await db.collection<any>("cerulean_engines").insertOne({ ...engine, _id: "dead", started: "1" });
    await db.collection<any>("cerulean_runs").updateOne({ _id: dead.uid }, { $set: { engine: "dead" } });
    const repairing = await connect(uri);
    expect(await repairing.repair()).toEqual([{ runUid: dead.uid, numEvents: { primary: 6 } }]);
    expect(await repairing.repair()).toEqual([]);
    expect((await readRun(uri, dead.uid)).at(-1)).toMatchObject({
      name: "stop",
      doc: { run_start: dead.uid, exit_status: "fail", reason: "process died", num_events: { primary: 6 } },
    });
    expect((await readRun(uri, mine.uid)).at(-1)?.name).toBe("event");
  });
});

describe("Catalog of MongoDB", () => {
  it("gives a stream as typed columns, pages and rewound points included, in both layouts", async () => {
    for (const layout of ["normalized", "columns"] as const) {
      const uri = mongod.uri();
      const writer = await connect(uri, { layout });
      const run = simpleRun(3);
      const [start, descriptor, ...events] = run.documents.slice(0, -1) as [Document, Document, ...Document[]];
      const page: Document = { name: "event_page", doc: pageOf(run.descriptor, 1_000, 4) };
      const again = eventOf(run.descriptor, 3, { x: -1, n: 2n ** 53n + 1n });
      writeAll(writer, [start, descriptor, ...events, again, page, stopOf(run.uid, { primary: 1_003 })]);
      await writer.close();
      await using catalog = await Catalog.open(uri);
      const columns = await (await catalog.run(run.uid)).columns("primary");
      expect(columns.seq_num).toEqual(Float64Array.from({ length: 1_003 }, (_, at) => at + 1));
      expect([...(columns.x as Float64Array).slice(0, 5)]).toEqual([0, 0.5, -1, 0, 0.5]);
      expect(columns.n?.[2]).toBe(2n ** 53n + 1n);
      expect(columns.ts_x?.[3]).toBe(1_700_000_100);
    }
  });

  it("finds runs by uid, its beginning, scan_id and position, and by a query", async () => {
    const uri = mongod.uri();
    const writer = await connect(uri);
    const one = simpleRun(1, { time: 100, scan_id: 1, plan_name: "scan", sample: { name: "gold foil" } });
    const two = simpleRun(2, { time: 200, scan_id: 2 });
    const three = simpleRun(3, { time: 300, scan_id: 2, plan_name: "scan" });
    const open = randomUUID();
    for (const { documents } of [one, three, two]) writeAll(writer, documents);
    writer.write(startOf(open, { time: 50, scan_id: 9 }));
    await writer.flush();
    await using catalog = await Catalog.open(uri);
    const uids = async (query?: Parameters<Catalog["list"]>[0]): Promise<string[]> =>
      (await catalog.list(query)).map(({ uid }) => uid);
    expect(await uids()).toEqual([three.uid, two.uid, one.uid, open]);
    expect(await catalog.list({ scanId: 1 })).toEqual([
      { uid: one.uid, scanId: 1, time: 100, planName: "scan", exitStatus: "success", numEvents: { primary: 1 } },
    ]);
    expect(await uids({ planName: "scan" })).toEqual([three.uid, one.uid]);
    expect(await uids({ since: 150, until: 250 })).toEqual([two.uid]);
    expect(await uids({ text: "FOIL gold" })).toEqual([one.uid]);
    expect(await uids({ md: { sample: { name: "gold foil" } } })).toEqual([one.uid]);
    expect(await uids({ exitStatus: "success", skip: 1, limit: 1 })).toEqual([two.uid]);
    expect((await catalog.run(one.uid.slice(0, 8))).start.uid).toBe(one.uid);
    expect((await catalog.run(2)).start.uid).toBe(three.uid);
    expect((await catalog.run(-4)).start.uid).toBe(open);
    await expect(catalog.run("zzzz")).rejects.toThrow(/no run "zzzz" in mongodb:/);
  });

  it("says where no MongoDB answers", async () => {
    await expect(Catalog.open("mongodb://me:secret@127.0.0.1:1/db?serverSelectionTimeoutMS=300")).rejects.toThrow(
      /mongodb:\/\/me:\*\*\*@127\.0\.0\.1:1\/db.* can't be read/,
    );
  });
});

/** The time on a processor in ms, which other processes on the machine don't change as they change the time on the clock. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function sumOf({ data }: EventPage): number {
  return Object.values(data).reduce(
    (sum, column) => sum + (column as Float64Array).reduce((one, other) => one + other, 0),
    0,
  );
}

function uidOf({ doc }: Document): unknown {
  return (doc as { uid?: string }).uid;
}

async function engineOf(uri: string, run: SampleRun["uid"]): Promise<never> {
  const owned = await databaseOf(uri)
    .collection<{ _id: string; engine: string }>("cerulean_runs")
    .findOne({ _id: run });
  return owned?.engine as never;
}
