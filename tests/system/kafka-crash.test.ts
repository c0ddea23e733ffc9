import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { KafkaPublisher } from "cerulean/sinks/kafka";
import { MongoWriter } from "cerulean/sinks/mongo";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { times } from "../soak.ts";
import { EmissionLog } from "./support/emission-log.ts";
import { KafkaBroker } from "./support/kafka-broker.ts";
import { medianOf, randomOf } from "./support/kills.ts";
import { TestMongod } from "./support/mongod.ts";
import { TopicLog } from "./support/topic-log.ts";
import { MONGODB, type Moment, WireProxy } from "./support/wire-proxy.ts";

const PUBLISHING = fileURLToPath(new URL("./support/storing-child.mjs", import.meta.url));
const COMMAND = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const PUBLISHERS = times(5, 300);
const READERS = times(3, 80);
const SEED = 20261123;
/** A Java process on a busy machine takes its time to start. */
const PATIENCE_MS = 300_000;
const TOPIC = "bl1.bluesky.runengine.documents";
const SESSION_S = "2";

const random = randomOf(SEED);
const children = new Set<ChildProcess>();
let broker: KafkaBroker;
let mongod: TestMongod;
let folder: string;
let client: MongoClient;
let emitted: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cerulean-kafka-crash-"));
  emitted = join(folder, "log");
  [broker, mongod] = await Promise.all([KafkaBroker.start(), TestMongod.start()]);
  client = new MongoClient(mongod.uri("kafka"));
  // As if it were in another building, so that something is always in flight.
  broker.proxy.latencyMs = 30;
}, PATIENCE_MS);
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await client.close();
  await Promise.all([broker.stop(), mongod.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

function started(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

const journalDir = (): string => join(folder, "published");

/** Takes data and publishes it through the proxy, until it is killed. */
function publishing({ dieAfter = 0, pause = 0 } = {}): ChildProcess {
  const place = `kafka://127.0.0.1:${broker.proxy.port}/${TOPIC}`;
  return started(PUBLISHING, place, journalDir(), emitted, String(dieAfter), String(pause));
}

/** Kills at the n-th request about the subject, counted from now. */
function strikeAt(proxy: WireProxy, subject: string, n: number, moment: Moment, strike: () => void): void {
  let left = n;
  proxy.onRequest = (found) => {
    if (found !== subject || --left > 0) return undefined;
    proxy.onRequest = () => undefined;
    return { moment, strike };
  };
}

async function killed(child: ChildProcess): Promise<void> {
  const [, signal] =
    child.exitCode === null && child.signalCode === null ? await once(child, "exit") : [0, child.signalCode];
  expect(signal).toBe("SIGKILL");
}

/** Tells how many documents were in flight in each series; the median of none may be 0. */
async function inSeries<S extends string>(
  kills: number,
  series: Readonly<Record<S, () => Promise<void>>>,
  count: () => Promise<number>,
): Promise<void> {
  const names = Object.keys(series) as S[];
  const inFlight = new Map<S, number[]>(names.slice(0, kills).map((name) => [name, []]));
  for (let at = 0; at < kills; at++) {
    const name = names[at % names.length] as S;
    await series[name]();
    inFlight.get(name)?.push(await count());
  }
  for (const [name, counts] of inFlight) console.info(`killed ${name}: in flight ${counts.join(" ")}`);
  // One kill alone may fall when nothing is on its way: where there are few, they are judged together.
  const judged = kills < 3 * names.length ? new Map([["all", [...inFlight.values()].flat()]]) : inFlight;
  for (const [name, counts] of judged) {
    expect(medianOf(counts), `documents in flight when killed ${name}: ${counts}`).toBeGreaterThan(0);
  }
}

const unheard = (): Moment => (random(2) === 0 ? "unsent" : "torn");

describe("kill -9 of a publisher", () => {
  it(
    `loses nothing, ${PUBLISHERS} times in a row`,
    async () => {
      const log = new EmissionLog(emitted);
      const topic = await TopicLog.follow(broker.address, TOPIC);
      const unpublished = async (): Promise<number> => {
        await topic.caughtUp();
        return log.missing(async (uids) => [...uids].filter((uid) => topic.has(uid)));
      };
      const struck = async (n: number, moment: Moment): Promise<void> => {
        const child = publishing();
        strikeAt(broker.proxy, "produce", n, moment, () => child.kill("SIGKILL"));
        await killed(child);
      };
      await inSeries(
        PUBLISHERS,
        {
          "when a write had just returned": () => killed(publishing({ dieAfter: 1 + random(150) })),
          "before a request arrived": () => struck(2 + random(30), unheard()),
          "between a request and its acknowledgement": () => struck(2 + random(30), "unacknowledged"),
          "during the replay of what the last kill left": () =>
            struck(1, random(2) === 0 ? unheard() : "unacknowledged"),
          async "at random"() {
            const child = publishing();
            await new Promise<void>((resolve) => {
              broker.proxy.onRequest = () => void resolve();
            });
            await sleep(random(400));
            child.kill("SIGKILL");
            await killed(child);
          },
        },
        unpublished,
      );
      await using last = await KafkaPublisher.connect(broker.address, { topic: TOPIC, journalDir: journalDir() });
      await last.flush();
      expect(await unpublished()).toBe(0);
      console.info(
        `${log.documents} documents emitted, ${topic.distinct} in the topic, ${topic.total} with those that came twice`,
      );
      await topic.stop();
    },
    PUBLISHERS * 20_000,
  );
});

describe("kill -9 of the reader that fills MongoDB", () => {
  it(
    `leaves each document there once, ${READERS} times in a row while the engine goes on`,
    async () => {
      const db = client.db();
      const log = new EmissionLog(emitted);
      const wire = await WireProxy.start(mongod.port, MONGODB);
      const [reads, journal] = [`127.0.0.1:${broker.proxy.port}`, join(folder, "read")];
      const uri = `mongodb://127.0.0.1:${wire.port}/kafka`;
      const reading = (): ChildProcess => {
        const options = ["--kafka", reads, "--mongo", uri, "--journal", journal, "--session", SESSION_S];
        return started(COMMAND, "catalog", "fill", TOPIC, ...options);
      };
      const publisher = publishing({ pause: 0.02 });
      const struck = async (proxy: WireProxy, subject: string, n: number, moment: Moment): Promise<void> => {
        const child = reading();
        strikeAt(proxy, subject, n, moment, () => child.kill("SIGKILL"));
        await killed(child);
      };
      try {
        await inSeries(
          READERS,
          {
            "within a batch": () => struck(wire, "event", 1 + random(8), unheard()),
            "between a batch stored and its acknowledgement": () =>
              struck(wire, "event", 1 + random(8), "unacknowledged"),
            "before its place was remembered": () => struck(broker.proxy, "commit", 1 + random(2), unheard()),
            async "at random"() {
              const child = reading();
              await once(child.stdout as NodeJS.ReadableStream, "data");
              await sleep(100 + random(2_000));
              child.kill("SIGKILL");
              await killed(child);
            },
          },
          () => log.unstored(db),
        );
        publisher.kill("SIGKILL");
        await killed(publisher);
        await using last = await KafkaPublisher.connect(broker.address, { topic: TOPIC, journalDir: journalDir() });
        await last.flush();
        const child = reading();
        await expect.poll(() => log.unstored(db), { timeout: PATIENCE_MS, interval: 200 }).toBe(0);
        child.kill("SIGTERM");
        expect(await once(child, "exit")).toEqual([0, null]);
        expect(await log.doubled(db)).toEqual([]);
        await using writer = await MongoWriter.connect(mongod.uri("kafka"), { journalDir: journal });
        const starts = await db.collection("run_start").distinct("uid");
        for (const uid of starts) expect(await writer.verify(uid)).toMatchObject({ ok: true });
        // The next publisher has ended the runs of those who were killed.
        const stops = db.collection("run_stop");
        expect(await stops.countDocuments()).toBe(starts.length);
        const cut = await stops.countDocuments({ exit_status: "fail", reason: "process died" });
        expect(cut).toBeGreaterThan(0);
        expect(await writer.repair()).toEqual([]);
        console.info(`${log.documents} documents of ${starts.length} runs in MongoDB, ${cut} of them cut off`);
      } finally {
        await wire.stop();
      }
    },
    READERS * 40_000,
  );
});
