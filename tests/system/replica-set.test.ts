import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunEngine } from "cerulean";
import { Catalog } from "cerulean/catalog";
import { count, fly } from "cerulean/plans";
import { hw } from "cerulean/sim";
import { MongoWriter } from "cerulean/sinks/mongo";
import { type Db, MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { times } from "../soak.ts";
import { ReplicaSet } from "./support/replica-set.ts";

const KILLS = times(2, 50);
const COLLECTIONS = ["run_start", "event_descriptor", "event", "run_stop"];

let set: ReplicaSet;
let folder: string;

beforeAll(async () => {
  set = await ReplicaSet.start();
  folder = mkdtempSync(join(tmpdir(), "cerulean-failover-"));
});
afterAll(async () => {
  await set.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function storedUids(db: Db): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const collection of COLLECTIONS) {
    const found = db.collection(collection).find({}, { projection: { uid: 1 }, readPreference: "primary" });
    for await (const { uid } of found) counts.set(uid, (counts.get(uid) ?? 0) + 1);
  }
  return counts;
}

describe("the primary of a replica set", () => {
  it(
    `is killed in mid-run ${KILLS} times: the scan goes on, nothing is lost and nothing is stored twice`,
    async () => {
      const uri = set.uri("failover");
      const log = join(folder, "log");
      const fd = openSync(log, "a");
      const engine = new RunEngine();
      // What was emitted is on the disk before the writer sees it.
      engine.subscribe(({ doc }) => {
        writeSync(
          fd,
          [(doc as { uid: string | string[] }).uid]
            .flat()
            .map((uid) => `${uid}\n`)
            .join(""),
        );
        fdatasyncSync(fd);
      });
      const writer = await MongoWriter.connect(uri, { journalDir: join(folder, "journal"), batchSize: 50 });
      engine.subscribe(writer);

      let isOver = false;
      const scanning = (async () => {
        const { det, flyer1 } = hw();
        while (!isOver) {
          await engine.run(count([det], 100, { delay: 0.002 }));
          await engine.run(fly([flyer1]));
        }
      })();
      const inFlight: number[] = [];
      for (let at = 0; at < KILLS; at++) {
        const { stored } = writer.counters;
        await expect.poll(() => writer.counters.stored, { timeout: 30_000 }).toBeGreaterThan(stored + 50 + 37 * at);
        const primary = await set.primary();
        await set.kill(primary);
        inFlight.push(writer.counters.pending);
        const killed = writer.counters.stored;
        // The two that are left elect one of them.
        expect(await set.primary()).not.toBe(primary);
        await expect.poll(() => writer.counters.stored, { timeout: 30_000 }).toBeGreaterThan(killed + 50);
        await set.restart(primary);
        await set.settled();
      }
      isOver = true;
      await scanning;
      await writer.close();
      closeSync(fd);

      const client = new MongoClient(uri);
      const stored = await storedUids(client.db());
      await client.close();
      const emitted = readFileSync(log, "utf8").trimEnd().split("\n");
      expect(emitted.filter((uid) => !stored.has(uid))).toEqual([]);
      expect([...stored.values()].filter((times) => times > 1)).toEqual([]);
      expect(stored.size).toBe(emitted.length);
      expect(inFlight.sort((one, other) => one - other)[KILLS >> 1]).toBeGreaterThan(0);
      await using catalog = await Catalog.open(uri);
      for await (const { uid, exitStatus } of catalog.runs()) {
        expect(exitStatus).toBe("success");
        expect(await (await catalog.run(uid)).verify()).toMatchObject({ ok: true });
      }
    },
    60_000 + KILLS * 20_000,
  );
});
