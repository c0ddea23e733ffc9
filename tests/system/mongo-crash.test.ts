import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Catalog } from "cerulean/catalog";
import { type Document, verifyRun } from "cerulean/documents";
import { MongoWriter } from "cerulean/sinks/mongo";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { times } from "../soak.ts";
import { eventOf, simpleRun } from "../suites/sample-run.ts";
import { EmissionLog } from "./support/emission-log.ts";
import { medianOf, randomOf } from "./support/kills.ts";
import { TestMongod } from "./support/mongod.ts";
import { MONGODB, type Moment, WireProxy } from "./support/wire-proxy.ts";

const CHILD = fileURLToPath(new URL("./support/storing-child.mjs", import.meta.url));
const KILLS = times(30, 600);
const SEED = 20261122;

/** Where the kills fall. */
const SERIES = [
  "when a write had just returned",
  "within a batch",
  "between a batch stored and its acknowledgement",
  "during the stop",
  "during the replay of what the last kill left",
  "after mongod, in the middle of a batch",
  "at random",
] as const;
type Series = (typeof SERIES)[number];

let mongod: TestMongod;
let folder: string;
let client: MongoClient;

beforeAll(async () => {
  mongod = await TestMongod.start();
  folder = mkdtempSync(join(tmpdir(), "cerulean-crash-"));
  client = new MongoClient(mongod.uri());
});
afterAll(async () => {
  await client.close();
  await mongod.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("kill -9 of the engine", () => {
  it(
    `loses nothing and doubles nothing, ${KILLS} times in a row, and runs that were cut off get a stop document`,
    async () => {
      const server = await TestMongod.start();
      const proxy = await WireProxy.start(server.port, MONGODB);
      const uri = `mongodb://127.0.0.1:${proxy.port}/crash`;
      const journalDir = join(folder, "journal");
      const log = new EmissionLog(join(folder, "log"));
      const direct = new MongoClient(server.uri("crash"));
      const random = randomOf(SEED);
      let child: ChildProcess | undefined;
      const inFlight = new Map<Series, number[]>(SERIES.map((series) => [series, []]));
      try {
        for (let at = 0; at < KILLS; at++) {
          const series = SERIES[at % SERIES.length] as Series;
          const arranged = { series, random, server, proxy };
          await killed(arranged, (dieAfter) => {
            const args = [CHILD, uri, journalDir, log.path, String(dieAfter)];
            child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
            return child;
          });
          inFlight.get(series)?.push(await log.unstored(direct.db()));
        }
        proxy.onRequest = () => undefined;
        const writer = await MongoWriter.connect(uri, { journalDir });
        const repaired = await writer.repair();
        expect(await log.unstored(direct.db())).toBe(0);
        expect(await log.doubled(direct.db())).toEqual([]);
        const starts = await direct.db().collection("run_start").distinct("uid");
        for (const uid of starts) expect(await writer.verify(uid)).toMatchObject({ ok: true });
        await writer.close();
        await using catalog = await Catalog.open(uri);
        for (const uid of [...repaired.map(({ runUid }) => runUid), ...starts].slice(0, 50)) {
          const documents: Document[] = [];
          for await (const document of (await catalog.run(uid)).documents()) documents.push(document);
          expect(verifyRun(documents)).toEqual([]);
        }
        expect(await direct.db().collection("run_stop").countDocuments()).toBe(starts.length);
        for (const { runUid } of repaired) {
          const stop = await direct.db().collection("run_stop").findOne({ run_start: runUid });
          expect(stop).toMatchObject({ exit_status: "fail", reason: "process died" });
        }
        console.info(`${log.documents} documents of ${starts.length} runs emitted, ${repaired.length} runs repaired`);
      } finally {
        child?.kill("SIGKILL");
        for (const [series, counts] of inFlight) console.info(`killed ${series}: in flight ${counts.join(" ")}`);
        await direct.close();
        await proxy.stop();
        await server.stop();
      }
      for (const [series, counts] of inFlight) {
        expect(medianOf(counts), `documents in flight when killed ${series}: ${counts}`).toBeGreaterThan(0);
      }
    },
    KILLS * 20_000,
  );
});

interface Arranged {
  readonly series: Series;
  readonly random: (below: number) => number;
  readonly server: TestMongod;
  readonly proxy: WireProxy;
}

/** Starts a child and ends with its death, at a moment of the series. */
async function killed(
  { series, random, server, proxy }: Arranged,
  start: (dieAfter: number) => ChildProcess,
): Promise<void> {
  const moments: readonly Moment[] = ["unsent", "torn", "unacknowledged"];
  const anyMoment = (): Moment => moments[random(3)] as Moment;
  const child = start(series === SERIES[0] ? 1 + random(150) : 0);
  const dead = once(child, "exit");
  const storing = once(child.stdout as NodeJS.ReadableStream, "data");
  const kill = (): boolean => child.kill("SIGKILL");
  /** At the n-th insert, counted from now, into the collection if one is named. */
  const strikeAt = (n: number, moment: Moment, strike: () => void, into?: string): void => {
    let left = n;
    proxy.onRequest = (collection) => {
      if ((into !== undefined && collection !== into) || --left > 0) return undefined;
      proxy.onRequest = () => undefined;
      return { moment, strike };
    };
  };
  proxy.onRequest = () => undefined;
  switch (series) {
    case "when a write had just returned":
      break;
    case "within a batch":
      strikeAt(1 + random(12), random(2) === 0 ? "unsent" : "torn", kill, "event");
      break;
    case "between a batch stored and its acknowledgement":
      strikeAt(1 + random(12), "unacknowledged", kill);
      break;
    case "during the stop":
      strikeAt(1 + random(3), anyMoment(), kill, "run_stop");
      break;
    case "during the replay of what the last kill left":
      strikeAt(1, anyMoment(), kill);
      break;
    case "after mongod, in the middle of a batch": {
      await storing;
      let down: Promise<void> | undefined;
      const struck = new Promise<void>((resolve) => {
        strikeAt(2 + random(8), anyMoment(), () => {
          down = server.kill();
          resolve();
        });
      });
      await struck;
      await down;
      await server.restart();
      strikeAt(1 + random(3), anyMoment(), kill);
      break;
    }
    case "at random":
      await storing;
      await new Promise((resolve) => setTimeout(resolve, 20 + random(400)));
      kill();
  }
  const [, signal] = await dead;
  storing.catch(() => undefined);
  expect(signal).toBe("SIGKILL");
}

describe("what was written while MongoDB was away", () => {
  it("is stored by the next writer, once, and its folder goes", async () => {
    const uri = mongod.uri();
    const journalDir = join(folder, "away");
    const away = uri.replace(/:\d+\//, ":1/");
    const first = await MongoWriter.connect(away, { journalDir, connectTimeoutMs: 200, allowUnavailable: true });
    const run = simpleRun(30);
    for (const document of run.documents) first.write(document);
    await first.close({ timeoutMs: 50 }).catch(() => undefined);
    const second = await MongoWriter.connect(uri, { journalDir });
    expect(second.counters.replayed).toBe(run.documents.length);
    expect(await second.verify(run.uid)).toEqual({ ok: true, streams: { primary: { stored: 30, announced: 30 } } });
    await second.close();
    const third = await MongoWriter.connect(uri, { journalDir });
    expect(third.counters.replayed).toBe(0);
    await third.close();
  });

  it("stands over what a repair has said of its run meanwhile", async () => {
    const uri = mongod.uri();
    const db = client.db(new URL(uri).pathname.slice(1));
    const journalDir = join(folder, "late");
    const away = uri.replace(/:\d+\//, ":1/");
    const first = await MongoWriter.connect(away, { journalDir, connectTimeoutMs: 200, allowUnavailable: true });
    const [ended, cut] = [simpleRun(5), simpleRun(4)];
    for (const document of ended.documents) first.write(document);
    for (const document of cut.documents) if (document.name !== "stop") first.write(document);
    await first.close({ timeoutMs: 50 }).catch(() => undefined);
    const repaired = { exit_status: "fail", reason: "process died", num_events: { primary: 1 }, time: 1 };
    const stops = db.collection("run_stop");
    await stops.insertMany([ended, cut].map(({ uid }) => ({ uid: `repair of ${uid}`, run_start: uid, ...repaired })));
    await using second = await MongoWriter.connect(uri, { journalDir });
    expect(second.counters).toMatchObject({ replayed: ended.documents.length + cut.documents.length - 1, refused: 0 });
    const own = ended.documents.find((document) => document.name === "stop");
    expect(await stops.findOne({ run_start: ended.uid })).toMatchObject({ uid: own?.doc.uid, exit_status: "success" });
    expect(await stops.findOne({ run_start: cut.uid })).toMatchObject({
      ...repaired,
      num_events: { primary: 4 },
      time: expect.any(Number),
    });
    expect(await stops.countDocuments({ run_start: { $in: [ended.uid, cut.uid] } })).toBe(2);
    expect(await second.verify(cut.uid)).toEqual({ ok: true, streams: { primary: { stored: 4, announced: 4 } } });
  });

  it("is left alone while the writer of it lives, whatever other writers there are", async () => {
    const uri = mongod.uri();
    const journalDir = join(folder, "two");
    const one = await MongoWriter.connect(uri.replace(/:\d+\//, ":1/"), {
      journalDir,
      connectTimeoutMs: 200,
      allowUnavailable: true,
    });
    const run = simpleRun(3);
    for (const document of run.documents.slice(0, 4)) one.write(document);
    const other = await MongoWriter.connect(uri, { journalDir });
    expect(other.counters.replayed).toBe(0);
    one.write(eventOf(run.descriptor, 3, { x: 1, n: 1 }));
    expect(one.counters.pending).toBe(5);
    await other.close();
    await one.close({ timeoutMs: 50 }).catch(() => undefined);
  });
});
