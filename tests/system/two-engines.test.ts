import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MongoWriter } from "cerulean/sinks/mongo";
import { type Db, MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { times } from "../soak.ts";
import { TestMongod } from "./support/mongod.ts";

const CHILD = fileURLToPath(new URL("./support/owning-child.mjs", import.meta.url));
const ROUNDS = times(3, 30);
const COLLECTIONS = ["run_start", "event_descriptor", "event", "run_stop"];

let mongod: TestMongod;
let folder: string;
let client: MongoClient;
const children: Engine[] = [];

beforeAll(async () => {
  mongod = await TestMongod.start();
  folder = mkdtempSync(join(tmpdir(), "cerulean-two-engines-"));
  client = new MongoClient(mongod.uri());
});
afterAll(async () => {
  for (const { child } of children) child.kill("SIGKILL");
  await client.close();
  await mongod.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An engine in a process of its own, which scans until it is ended or killed. */
class Engine {
  readonly runs: string[] = [];
  readonly emitted: string[] = [];
  readonly stopped: string[] = [];
  readonly child: ChildProcess;

  constructor(uri: string, journalDir: string) {
    this.child = fork(CHILD, [uri, journalDir]);
    children.push(this);
    this.child.on("message", ({ name, uid, runStart }: any) => {
      if (name === undefined) return;
      this.emitted.push(uid);
      if (name === "start") this.runs.push(uid);
      if (name === "stop") this.stopped.push(runStart);
    });
  }

  async ask(message: string): Promise<any> {
    const answered = new Promise((resolve) => {
      this.child.on("message", (said: any) => {
        if (said.name === undefined) resolve(said);
      });
    });
    this.child.send(message);
    return answered;
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await once(this.child, "close");
  }
}

async function storedUids(db: Db): Promise<string[]> {
  const found = await Promise.all(
    COLLECTIONS.map((name) =>
      db
        .collection(name)
        .find({}, { projection: { uid: 1 } })
        .toArray(),
    ),
  );
  return found.flat().map(({ uid }) => uid);
}

describe.each(["one journal folder", "a journal folder each"])("two engines on one database, with %s", (folders) => {
  it(
    `never touch each other's runs: ${ROUNDS} times one is killed, and repaired by the other while that takes data`,
    async () => {
      const uri = mongod.uri();
      const db = client.db(new URL(uri).pathname.slice(1));
      const stops = db.collection("run_stop");
      const journalOf = (name: string) => join(folder, folders, folders === "one journal folder" ? "journal" : name);
      const survivor = new Engine(uri, journalOf("survivor"));
      const dead: Engine[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const doomed = new Engine(uri, journalOf("doomed"));
        dead.push(doomed);
        const runs = survivor.runs.length;
        await expect.poll(() => doomed.runs.length, { timeout: 20_000 }).toBeGreaterThan(1 + (round % 3));
        await expect.poll(() => survivor.runs.length, { timeout: 20_000 }).toBeGreaterThan(runs);
        // While both live nothing of theirs is repaired, whoever looks; a journal of one before may have brought another run of its own.
        const gone = dead.slice(0, -1).flatMap((engine) => engine.runs);
        for (const engine of [survivor, doomed]) {
          for (const { runUid } of (await engine.ask("repair")).repaired) expect(gone).toContain(runUid);
        }
        await doomed.kill();
        const { repaired } = await survivor.ask("repair");
        for (const { runUid } of repaired) expect(doomed.runs).toContain(runUid);
        const open = await db.collection("run_start").distinct("uid", { uid: { $in: doomed.runs } });
        expect(await stops.countDocuments({ run_start: { $in: open } })).toBe(open.length);
      }
      // A third, in this process, stores what the journals of the dead still hold, and repairs what that opened.
      for (const journalDir of new Set([journalOf("survivor"), journalOf("doomed")])) {
        await using writer = await MongoWriter.connect(uri, { journalDir });
        for (const { runUid } of await writer.repair()) expect(dead.flatMap(({ runs }) => runs)).toContain(runUid);
      }
      await survivor.ask("end");
      await once(survivor.child, "close");
      const stored = await storedUids(db);
      expect(new Set(stored).size).toBe(stored.length);
      expect([survivor, ...dead].flatMap(({ emitted }) => emitted).filter((uid) => !stored.includes(uid))).toEqual([]);
      // Each run of the survivor has its own stop, each that was cut off the one of the repair.
      const own = await stops.find({ run_start: { $in: survivor.runs } }).toArray();
      expect(own.map(({ run_start }) => run_start).sort()).toEqual([...survivor.runs].sort());
      expect(new Set(own.map(({ exit_status }) => exit_status))).toEqual(new Set(["success"]));
      for (const { runs, stopped } of dead) {
        const cut = await stops.find({ run_start: { $in: runs }, exit_status: "fail" }).toArray();
        for (const { run_start } of cut) expect(stopped).not.toContain(run_start);
        expect(cut.map(({ reason }) => reason)).toEqual(cut.map(() => "process died"));
        expect(await stops.countDocuments({ run_start: { $in: runs } })).toBe(runs.length);
      }
    },
    ROUNDS * 60_000,
  );
});
