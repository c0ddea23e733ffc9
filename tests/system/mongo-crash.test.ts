import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MongoWriter } from "cerulean/sinks/mongo";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { times } from "../soak.ts";
import { eventOf, simpleRun } from "../suites/sample-run.ts";
import { TestMongod } from "./support/mongod.ts";

const CHILD = fileURLToPath(new URL("./support/storing-child.mjs", import.meta.url));
const KILLS = times(30, 500);

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

async function startStoring(uri: string, journalDir: string, log: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [CHILD, uri, journalDir, log], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout as NodeJS.ReadableStream, "data");
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

interface Comparison {
  /** Documents whose write had returned, and that the database lacks. */
  readonly missing: string[];
  readonly doubled: string[];
  /** Documents in the log, and not in the database. */
  readonly unstored: number;
}

async function compare(uri: string, log: string): Promise<Comparison> {
  const db = client.db(new URL(uri).pathname.slice(1));
  const counts = new Map<string, number>();
  for (const collection of ["run_start", "event_descriptor", "event", "run_stop"]) {
    for await (const { uid } of db.collection(collection).find({}, { projection: { uid: 1 } })) {
      counts.set(uid, (counts.get(uid) ?? 0) + 1);
    }
  }
  const sessions = readFileSync(log, "utf8").split("session\n").slice(1);
  const uidsOf = (line: string): string[] => line.split(" ").slice(1);
  const isMissing = (uid: string): boolean => !counts.has(uid);
  const writes = sessions.map((session) => session.trimEnd().split("\n"));
  return {
    // Of the last line of a session nobody knows whether the process got as far as the write.
    missing: writes.flatMap((lines) => lines.slice(0, -1).flatMap(uidsOf).filter(isMissing)),
    doubled: [...counts].filter(([, count]) => count > 1).map(([uid]) => uid),
    unstored: writes.flat().flatMap(uidsOf).filter(isMissing).length,
  };
}

describe("kill -9 of the engine", () => {
  it(
    `loses nothing and doubles nothing, ${KILLS} times in a row, and runs that were cut off get a stop document`,
    async () => {
      const uri = mongod.uri();
      const journalDir = join(folder, "journal");
      const log = join(folder, "log");
      const inFlight: number[] = [];
      for (let at = 0; at < KILLS; at++) {
        const child = await startStoring(uri, journalDir, log);
        await new Promise((resolve) => setTimeout(resolve, 20 + ((at * 137) % 400)));
        await kill(child);
        inFlight.push((await compare(uri, log)).unstored);
      }
      const writer = await MongoWriter.connect(uri, { journalDir });
      const repaired = await writer.repair();
      await writer.close();
      expect(await compare(uri, log)).toMatchObject({ missing: [], doubled: [] });
      expect(inFlight.sort((one, other) => one - other)[Math.floor(KILLS / 2)]).toBeGreaterThan(0);
      const db = client.db(new URL(uri).pathname.slice(1));
      expect(await db.collection("run_stop").countDocuments()).toBe(await db.collection("run_start").countDocuments());
      for (const { runUid } of repaired) {
        const stop = await db.collection("run_stop").findOne({ run_start: runUid });
        expect(stop).toMatchObject({ exit_status: "fail", reason: "process died" });
      }
    },
    KILLS * 10_000,
  );
});

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
