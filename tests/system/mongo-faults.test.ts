import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { RunEngine } from "cerulean";
import { Status } from "cerulean/devices";
import type { Document } from "cerulean/documents";
import { count } from "cerulean/plans";
import { hw } from "cerulean/sim";
import { MongoWriter, type MongoWriterOptions } from "cerulean/sinks/mongo";
import { MongoClient } from "mongodb";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { times } from "../soak.ts";
import { eventOf, simpleRun } from "../suites/sample-run.ts";
import { anyMongod, type MongoServer, TestMongod } from "./support/mongod.ts";
import { onSmallDisk } from "./support/small-disk.ts";
import { withItsThread } from "./support/worker-threads.ts";

const CHILD = fileURLToPath(new URL("./support/full-disk-child.mjs", import.meta.url));

let mongod: MongoServer;
let folder: string;
let client: MongoClient;
const writers: MongoWriter[] = [];

beforeAll(async () => {
  mongod = await anyMongod();
  folder = mkdtempSync(join(tmpdir(), "cerulean-faults-"));
  client = new MongoClient(mongod.uri());
});
afterAll(async () => {
  await client.close();
  await mongod.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const writer of writers.splice(0)) await writer.close({ timeoutMs: 5_000 }).catch(() => undefined);
});

async function connect(uri: string, options: MongoWriterOptions = {}): Promise<MongoWriter> {
  const writer = await MongoWriter.connect(uri, { journalDir: join(folder, "journal"), ...options });
  writers.push(writer);
  return writer;
}

function writeAll(writer: MongoWriter, documents: readonly Document[]): void {
  for (const document of documents) writer.write(document);
}

async function uidsOf(uri: string): Promise<string[]> {
  const events = client.db(new URL(uri).pathname.slice(1)).collection("event");
  return (await events.find({}, { projection: { uid: 1 } }).toArray()).map(({ uid }) => uid);
}

function eventUids(documents: readonly Document[]): string[] {
  return documents.filter(({ name }) => name === "event").map(({ doc }) => (doc as { uid: string }).uid);
}

describe("a disk that is full", () => {
  it("fails the run with the journal's name, keeps what was written, and takes more when there is room again", async () => {
    const uri = mongod.uri();
    const journalDir = join(folder, "small");
    mkdirSync(journalDir);
    const child = onSmallDisk(journalDir, 4 * 1024 * 1024, [process.execPath, CHILD, uri, journalDir]);
    const told = text(child.stdout as NodeJS.ReadableStream);
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
    const { written, ...rest } = JSON.parse(await told);
    expect(rest).toEqual({
      code: "journal",
      message: expect.stringMatching(new RegExp(`The journal ${journalDir}.* (can't be written|takes no new file): E`)),
      states: expect.arrayContaining(["blocked"]),
      ok: true,
    });
    const stored = await uidsOf(uri);
    expect(stored).toHaveLength(new Set(stored).size);
    expect(stored).toEqual(expect.arrayContaining(written));
  });
});

describe("a MongoDB that refuses the user", () => {
  it("is refused at the start by that name, and what it refuses in mid-run waits until it doesn't", async () => {
    const server = await TestMongod.start("--auth");
    const host = new URL(server.uri()).host;
    const uri = `mongodb://me:secret@${host}/beam?authSource=admin`;
    const root = new MongoClient(`mongodb://root:root@${host}/admin`);
    try {
      // A server without users lets the first be made from its own machine.
      const bare = new MongoClient(server.uri());
      await bare.db("admin").command({ createUser: "root", pwd: "root", roles: ["root"] });
      await bare.close();
      const readWrite = [{ role: "readWrite", db: "beam" }];
      await root.db("admin").command({ createUser: "me", pwd: "secret", roles: readWrite });
      for (const wrong of [uri.replace("secret", "other"), `mongodb://${host}/beam`]) {
        const error = await connect(wrong, { allowUnavailable: true }).catch((error) => error);
        expect(error).toMatchObject({ name: "SinkError", code: "refused" });
        expect(error.message).toMatch(/MongoDB refuses the user of mongodb:.*(uthentication|authoriz)/);
        expect(error.message).not.toContain("other");
      }
      const writer = await connect(uri);
      const { documents } = simpleRun(20);
      writeAll(writer, documents.slice(0, 10));
      await writer.flush();
      await root.db("admin").command({ updateUser: "me", roles: [{ role: "read", db: "beam" }] });
      writeAll(writer, documents.slice(10));
      await expect.poll(() => writer.state, { timeout: 20_000 }).toBe("degraded");
      await root.db("admin").command({ updateUser: "me", roles: readWrite });
      await writer.flush({ timeoutMs: 20_000 });
      expect(writer.state).toBe("connected");
      expect(await root.db("beam").collection("event").countDocuments()).toBe(20);
      await writer.close();
    } finally {
      await root.close();
      await server.stop();
    }
  });
});

describe("a worker that dies in mid-run", () => {
  const threads: readonly [what: string, limits: object | undefined, end: (thread: any) => void][] = [
    ["is terminated", undefined, (thread) => void thread.terminate()],
    // The worker's own code meets something that it never expects.
    ["throws", undefined, (thread) => thread.postMessage({ type: "begin" })],
    ["runs out of memory", { maxOldGenerationSizeMb: 32 }, () => {}],
  ];
  it.each(threads)(
    "and %s loses nothing: the run goes on into the journal, and a new worker stores it, and says so",
    async (_what, limits, end) => {
      const uri = mongod.uri();
      const [writer, thread] = await withItsThread(() => connect(uri), limits);
      const errors: string[] = [];
      writer.errors$.subscribe(({ message }) => errors.push(message));
      const states: string[] = [];
      writer.state$.subscribe((state) => states.push(state));
      const run = simpleRun(3_000);
      const long = Array.from({ length: 45 }, (_, at) =>
        eventOf(run.descriptor, 3_001 + at, { x: 1, n: 1, text: "x".repeat(1_000_000) }),
      );
      writeAll(writer, run.documents.slice(0, 1_000));
      end(thread);
      if (limits !== undefined) writeAll(writer, long);
      await expect.poll(() => states, { timeout: 20_000 }).toContain("degraded");
      writeAll(writer, run.documents.slice(1_000));
      await writer.flush();
      expect(errors).toEqual([expect.stringMatching(/^The MongoDB writer's worker failed: .*; it is started anew/)]);
      expect(writer.counters).toMatchObject({ restarts: 1, pending: 0, pendingRows: 0, journalBytes: 0 });
      await expect.poll(() => writer.state).toBe("connected");
      const emitted = eventUids([...run.documents, ...(limits === undefined ? [] : long)]);
      expect((await uidsOf(uri)).sort()).toEqual(emitted.sort());
      expect(writer.counters.stored).toBe(run.documents.length + (limits === undefined ? 0 : long.length));
      await writer.close();
      expect(readdirSync(join(folder, "journal", new URL(uri).pathname.slice(1), "writers"))).toEqual([]);
    },
  );

  const DEATHS = times(5, 50);
  it(
    `is replaced ${DEATHS} times in one scan, and everything is stored once`,
    async () => {
      const uri = mongod.uri();
      const connected = await withItsThread(() => connect(uri, { batchAgeMs: 20 }));
      const [writer] = connected;
      let thread = connected[1];
      const engine = new RunEngine();
      const emitted: Document[] = [];
      const errors: string[] = [];
      writer.errors$.subscribe(({ message }) => errors.push(message));
      engine.subscribe((document) => void emitted.push(document));
      engine.subscribe(writer);
      let isOver = false;
      const scanning = (async () => {
        while (!isOver) await engine.run(count([hw().det], 50, { delay: 0.001 }));
      })();
      const inFlight: number[] = [];
      for (let death = 1; death <= DEATHS; death++) {
        const least = writer.counters.stored + writer.counters.pending + 11 * (death % 7);
        await expect.poll(() => writer.counters.stored, { timeout: 20_000 }).toBeGreaterThan(least);
        [, thread] = await withItsThread(async () => {
          inFlight.push(writer.counters.pending);
          void thread.terminate();
          await expect.poll(() => errors.length, { timeout: 20_000 }).toBe(death);
          await expect.poll(() => writer.state, { timeout: 20_000 }).toBe("connected");
        });
      }
      isOver = true;
      await scanning;
      await writer.close();
      expect(errors.filter((message) => !message.includes("started anew"))).toEqual([]);
      expect(writer.counters).toMatchObject({ pending: 0, stored: emitted.length, restarts: DEATHS });
      expect((await uidsOf(uri)).sort()).toEqual(eventUids(emitted).sort());
      expect(inFlight.sort((one, other) => one - other)[DEATHS >> 1]).toBeGreaterThan(0);
    },
    DEATHS * 20_000,
  );

  it("again and again is given up, with the reason: the run goes on, the next writer stores it", async () => {
    const uri = mongod.uri();
    const [writer, thread] = await withItsThread(() => connect(uri));
    const errors: string[] = [];
    writer.errors$.subscribe(({ message }) => errors.push(message));
    const run = simpleRun(10);
    const long = Array.from({ length: 45 }, (_, at) =>
      eventOf(run.descriptor, 11 + at, { x: 1, n: 1, text: "x".repeat(1_000_000) }),
    );
    const stop = run.documents.at(-1) as Document;
    const limits = { maxOldGenerationSizeMb: 32 };
    await withItsThread(async () => {
      void thread.terminate();
      writeAll(writer, [...run.documents.slice(0, -1), ...long]);
      await expect.poll(() => errors.length, { timeout: 40_000 }).toBe(4);
    }, limits);
    writeAll(writer, [stop]);
    expect(errors.at(-1)).toMatch(/^The MongoDB writer's worker failed 4 times in a row: /);
    const closing = await writer.close().catch((error) => error);
    expect(closing).toMatchObject({ name: "SinkError", code: "worker" });
    expect(closing.message).toMatch(/\d+ documents of run .* are in the journal .* and the next writer stores them/);
    const next = await connect(uri);
    expect((await uidsOf(uri)).sort()).toEqual(eventUids([...run.documents, ...long]).sort());
    await next.close();
  });
});

describe("a journal that somebody damaged", () => {
  it("gives what comes before the damage and after it, and is kept for people, and says so", async () => {
    const uri = mongod.uri();
    const journalDir = join(folder, "damaged");
    const away = { connectTimeoutMs: 200, allowUnavailable: true, journalDir };
    const first = await connect(uri.replace(/:\d+\//, ":1/"), away);
    const run = simpleRun(50);
    writeAll(first, run.documents);
    await first.close({ timeoutMs: 50 }).catch(() => undefined);
    const segment = readdirSync(journalDir, { recursive: true }).find((name) => String(name).endsWith(".journal"));
    const path = join(journalDir, String(segment));
    const bytes = readFileSync(path);
    const hit = eventUids(run.documents)[20] as string;
    bytes.fill(0x55, bytes.indexOf(hit), bytes.indexOf(hit) + 40);
    writeFileSync(path, bytes);
    const next = await connect(uri, { journalDir });
    const error = await next.flush().catch((error) => error);
    expect(error).toMatchObject({ name: "SinkError", code: "journal" });
    expect(error.message).toMatch(/documents in the middle of it are lost.* the file is kept as .*\.journal/);
    await next.close();
    const stored = await uidsOf(uri);
    const lost = eventUids(run.documents).filter((uid) => !stored.includes(uid));
    expect(lost).toContain(hit);
    // The record that was hit, and the next one, whose beginning was.
    expect(lost.length).toBeLessThanOrEqual(2);
    const kept = readdirSync(join(journalDir, new URL(uri).pathname.slice(1), "dead-letters"));
    expect(kept).toEqual([expect.stringMatching(/\.journal$/)]);
  });
});

describe("a clock that is set while data is taken", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("neither loses nor disorders anything, and nobody takes the engine for dead", async () => {
    const uri = mongod.uri();
    const writer = await connect(uri, { batchSize: 7 });
    const engine = new RunEngine();
    engine.subscribe(writer);
    const seen: Document[] = [];
    engine.subscribe((document) => void seen.push(document));
    const real = Date.now.bind(Date);
    let step = 0;
    vi.spyOn(Date, "now").mockImplementation(() => real() + step);
    const hours = [0, 10, -20, 3, -48, 1_000];
    let point = 0;
    const detector = {
      name: "det",
      trigger: () => Status.finished(),
      read: () => {
        step = 3_600_000 * (hours[point++ % hours.length] as number);
        return { x: { value: point, timestamp: Date.now() / 1000 } };
      },
      describe: () => ({ x: { dtype: "number" as const, shape: [], source: "sim://x" } }),
    };
    const other = await connect(uri);
    const { runUids } = await engine.run(count([detector], 60));
    expect(await other.repair()).toEqual([]);
    await writer.flush();
    expect(await writer.verify(String(runUids[0]))).toEqual({
      ok: true,
      streams: { primary: { stored: 60, announced: 60 } },
    });
    const stamps = seen.map(({ doc }) => (doc as { time: number }).time);
    expect(stamps).toEqual([...stamps].sort((one, other) => one - other));
  });
});
