import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Producer } from "@platformatic/kafka";
import { type Document, RunEngine } from "cerulean";
import { Catalog } from "cerulean/catalog";
import { count, fly } from "cerulean/plans";
import { hw } from "cerulean/sim";
import { KafkaPublisher, KafkaReader } from "cerulean/sinks/kafka";
import { MongoWriter } from "cerulean/sinks/mongo";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "../../src/documents/json.ts";
import { completeRun, pageOf, type SampleRun, simpleRun, startOf } from "../suites/sample-run.ts";
import { KafkaBroker } from "./support/kafka-broker.ts";
import { TestMongod } from "./support/mongod.ts";
import { python } from "./support/python.ts";

const script = fileURLToPath(new URL("support/kafka-reader.py", import.meta.url));
const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const LARGEST = 50_000;
/** A Java process on a busy machine takes its time to start. */
const PATIENCE_MS = 300_000;

let broker: KafkaBroker;
let mongod: TestMongod;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cerulean-publisher-"));
  // Less than the publisher's default, which the publisher has to find out.
  [broker, mongod] = await Promise.all([KafkaBroker.start({ "message.max.bytes": LARGEST }), TestMongod.start()]);
}, PATIENCE_MS);
afterAll(async () => {
  await Promise.all([broker.stop(), mongod.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

function publisher(topic: string, options = {}): Promise<KafkaPublisher> {
  return KafkaPublisher.connect(broker.address, { topic, journalDir: join(folder, "journal"), ...options });
}

async function readByPython(topic: string, runs: number): Promise<[name: string, doc: any][]> {
  const { stdout } = await promisify(execFile)(await python(), [script, broker.address, topic, String(runs)], {
    maxBuffer: 1e9,
  });
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => parse(line) as [string, any]);
}

/** A message whose acknowledgement was lost comes twice; readers know documents by their uids. */
function distinct(documents: readonly [name: string, doc: any][]): [name: string, doc: any][] {
  return [...new Map(documents.map((document) => [JSON.stringify(document[1].uid), document])).values()];
}

describe("bluesky-kafka's consumer", { timeout: PATIENCE_MS }, () => {
  it("gets the documents of our engine in order, and of a large page every row in messages that the broker takes", async () => {
    const engine = new RunEngine();
    const emitted: Document[] = [];
    engine.subscribe((document) => {
      emitted.push(document);
    });
    const topic = "bl1.bluesky.runengine.documents";
    await using sink = await publisher(topic);
    engine.subscribe(sink);
    await engine.run(count([hw().det], 3));
    const large = simpleRun(0);
    const page = pageOf(large.descriptor, 5_000);
    const [start, descriptor, stop] = large.documents as [Document, Document, Document];
    for (const document of [start, descriptor, { name: "event_page", doc: page } as Document, stop])
      sink.write(document);
    await sink.flush();
    expect(sink.counters).toMatchObject({ pending: 0, published: emitted.length + 4, refused: 0 });

    const read = distinct(await readByPython(topic, 2));
    const [{ uid: run } = { uid: "" }] = emitted.map(({ doc }) => doc as { uid: string });
    const uidOf = (doc: any): string => doc.run_start ?? doc.uid;
    const named = (name: string) => read.filter((document) => document[0] === name).map(([, doc]) => doc);
    const ours = named("descriptor").find((doc) => doc.run_start === run);
    const small = read.filter(([name, doc]) =>
      [run, ours.uid].includes(name === "event" ? doc.descriptor : uidOf(doc)),
    );
    expect(small.map(([name]) => name)).toEqual(emitted.map(({ name }) => name));
    expect(small.map(([, doc]) => doc)).toEqual(emitted.map(({ doc }) => doc));
    const pages = named("event_page");
    expect(pages.length).toBeGreaterThan(5);
    expect(pages.flatMap(({ uid }) => uid)).toEqual(page.uid);
    expect(pages.flatMap(({ data }) => data.x)).toEqual([...(page.data.x as Float64Array)]);
  });
});

describe("documents over Kafka into MongoDB", { timeout: PATIENCE_MS }, () => {
  it("are each there once, though the broker is killed, the reader starts anew and a message comes that is none", async () => {
    const topic = "bl2.bluesky.runengine.documents";
    const uri = mongod.uri();
    const told: string[] = [];
    const read = async (signal: AbortSignal): Promise<void> => {
      await using sink = await MongoWriter.connect(uri, { journalDir: join(folder, "mongo") });
      await using reader = await KafkaReader.connect(broker.address, {
        topics: [topic],
        commitMs: 100,
        report: ({ message }) => told.push(message),
      });
      await reader.readInto(sink, { signal });
    };
    await using sink = await publisher(topic);
    const engine = new RunEngine();
    const emitted: Document[] = [];
    engine.subscribe((document) => {
      emitted.push(document);
    });
    engine.subscribe(sink);
    const complete = completeRun();
    const half = Math.floor(complete.documents.length / 2);
    for (const document of complete.documents.slice(0, half)) sink.write(document);
    await sink.flush();
    const stranger = new Producer({ clientId: "stranger", bootstrapBrokers: [broker.address] });
    await stranger.send({ messages: [{ topic, value: Buffer.from("hello") }] });
    await stranger.close();

    await using catalog = await Catalog.open(uri);
    const first = new AbortController();
    const reading = read(first.signal);
    await expect.poll(async () => (await catalog.list()).length, { timeout: 60_000 }).toBe(1);
    await expect.poll(() => told, { timeout: 60_000 }).toHaveLength(1);
    first.abort();
    await reading;

    await broker.kill();
    // The scans go on, and their documents wait in the journal.
    await engine.run(count([hw().det], 20));
    await engine.run(fly([hw().flyer1]));
    for (const document of complete.documents.slice(half)) sink.write(document);
    await expect.poll(() => sink.state, { timeout: 60_000 }).toBe("degraded");
    await broker.restart();
    await sink.flush();
    expect(sink.state).toBe("connected");

    const second = new AbortController();
    const again = read(second.signal);
    await expect.poll(async () => (await catalog.list({ exitStatus: "success" })).length, { timeout: 60_000 }).toBe(3);
    second.abort();
    await again;
    expect(told[0]).toMatch(/bl2\.bluesky\.runengine\.documents, partition \d, offset \d+ is no document/);
    for (const { uid } of await catalog.list()) {
      const run = await catalog.run(uid);
      expect(await run.verify()).toMatchObject({ ok: true });
      const uids: string[] = [];
      for await (const { name, doc } of run.documents()) if (name === "event") uids.push(doc.uid);
      expect(new Set(uids).size).toBe(uids.length);
    }
    const points = await (await catalog.run(complete.uid)).columns("primary");
    expect(points.n).toEqual(BigInt64Array.of(1n, 9007199254740993n, -5n));
  });
});

describe("cerulean catalog fill", { timeout: PATIENCE_MS }, () => {
  const topic = "bl3.bluesky.runengine.documents";
  const args = (brokers: string, ...more: string[]): string[] => [
    command,
    "catalog",
    "fill",
    "--kafka",
    brokers,
    ...more,
  ];

  /** The command, and the lines that it has printed. */
  function filling(uri: string) {
    const place = ["--mongo", uri, "--journal", join(folder, "filled"), "--session", "2"];
    const child = spawn(process.execPath, args(broker.address, ...place, topic), { stdio: ["pipe", "pipe", "pipe"] });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => void lines.push(line));
    }
    const ended = once(child, "exit");
    return {
      lines,
      until: (found: () => unknown) => expect.poll(found, { timeout: 60_000 }).toBe(true),
      async end(signal: NodeJS.Signals) {
        child.kill(signal);
        return ended;
      },
      [Symbol.dispose]: () => void child.kill("SIGKILL"),
    };
  }

  it("goes on where it was, shares the work, waits for a broker that goes away, and ends in order when it is told to", async () => {
    const uri = mongod.uri();
    const runs = Array.from({ length: 8 }, () => simpleRun(20));
    await using sink = await publisher(topic);
    const publish = async (from: number, to: number): Promise<void> => {
      for (const { documents } of runs.slice(from, to)) for (const document of documents) sink.write(document);
      await sink.flush();
    };
    const has = (reader: { lines: string[] }, at: number): boolean =>
      reader.lines.includes(`${runs[at]?.uid}  success`);
    await publish(0, 1);
    using first = filling(uri);
    await first.until(() => has(first, 0));
    expect(first.lines[0]).toBe(`reading ${topic} from ${broker.address} into ${uri}; Ctrl-C ends it`);
    expect(await first.end("SIGTERM")).toEqual([0, null]);
    expect(first.lines).toHaveLength(2);

    using second = filling(uri);
    using third = filling(uri);
    const both = (at: number): boolean => has(second, at) || has(third, at);
    await publish(1, 4);
    for (const at of [1, 2, 3]) await second.until(() => both(at));
    await broker.kill();
    await second.until(() =>
      [second, third].every(({ lines }) => lines.some((line) => /can't be read from Kafka/.test(line))),
    );
    await broker.restart();
    await publish(4, 8);
    for (const at of [4, 5, 6, 7]) await second.until(() => both(at));
    // Its place was remembered when it ended.
    expect(both(0)).toBe(false);
    expect(await second.end("SIGINT")).toEqual([0, null]);
    expect(await third.end("SIGTERM")).toEqual([0, null]);
    await using catalog = await Catalog.open(uri);
    for (const { uid } of runs) expect(await (await catalog.run(uid)).verify()).toMatchObject({ ok: true });
  });

  it("says in one line what isn't there", () => {
    const told = (...more: string[]) => spawnSync(process.execPath, args(...(more as [string])), { encoding: "utf8" });
    const place = ["--mongo", mongod.uri(), "--journal", join(folder, "filled")];
    const wrongs: [ReturnType<typeof told>, RegExp][] = [
      [told("127.0.0.1:1", topic, ...place), /^cerulean: bl3\..* can't be read from Kafka at 127\.0\.0\.1:1: .*\n$/],
      [told(broker.address, "nobodys", ...place), /^cerulean: nobodys can't be read .*Unknown topic nobodys.*\n$/],
      [told(broker.address, topic, "--jsonl", folder), /^cerulean: say which database to fill: .*\n$/],
    ];
    for (const [{ status, stderr }, says] of wrongs) {
      expect(stderr).toMatch(says);
      expect(status).toBe(1);
    }
  });
});

describe("a Kafka publisher", { timeout: PATIENCE_MS }, () => {
  it("keeps what no message can carry in a dead letter, names it, and publishes the rest", async () => {
    await using sink = await publisher("large");
    const run = simpleRun(2, { padding: "x".repeat(2 * LARGEST) });
    for (const document of run.documents) sink.write(document);
    await expect(sink.flush()).rejects.toThrow(
      new RegExp(
        `A start of run ${run.uid} can't be published: it has 100\\d+ bytes, and the broker takes \\d+ at most`,
      ),
    );
    expect(sink.counters).toMatchObject({ pending: 0, published: 4, refused: 1 });
    const letters = join(folder, "journal", "kafka-large", "dead-letters");
    expect(readFileSync(join(letters, readdirSync(letters)[0] as string), "utf8")).toContain(run.uid);
    await sink.flush();
  });

  it("refuses to start without a broker unless it may, and leaves what it collected to the next", async () => {
    const nowhere = "127.0.0.1:1";
    const options = { topic: "away", journalDir: join(folder, "away"), connectTimeoutMs: 200 };
    await expect(KafkaPublisher.connect(nowhere, options)).rejects.toThrow(
      /Kafka is away: 127\.0\.0\.1:1 .*allowUnavailable/,
    );
    const collecting = await KafkaPublisher.connect(nowhere, { ...options, allowUnavailable: true });
    const run: SampleRun = simpleRun(5);
    for (const document of run.documents) collecting.write(document);
    expect(collecting.state).toBe("degraded");
    await expect(collecting.close({ timeoutMs: 50 })).rejects.toThrow(`8 documents of run ${run.uid}`);
    expect(() => collecting.write(startOf("late"))).toThrow(/closed/);
    await using next = await KafkaPublisher.connect(broker.address, options);
    await next.flush();
    expect(next.counters).toMatchObject({ replayed: 8, pending: 0 });
    const read = distinct(await readByPython("away", 1));
    expect(read.map(([, doc]) => doc.uid)).toEqual(run.documents.map(({ doc }) => (doc as { uid: string }).uid));
  });

  it("names a broker, a topic or an option that can't be used", async () => {
    const connect = (brokers: string, options: object) => KafkaPublisher.connect(brokers, { topic: "t", ...options });
    await expect(connect("localhost", {})).rejects.toThrow('"localhost" is no broker; it looks like host:9092');
    await expect(connect("localhost:1", { topic: "a b" })).rejects.toThrow('"a b" is no topic');
    await expect(connect("localhost:1", { fsync: "often" })).rejects.toThrow('fsync is "often"');
    await expect(connect("localhost:1", { maxMessageBytes: 10 })).rejects.toThrow("maxMessageBytes is 10");
    await expect(KafkaReader.connect("127.0.0.1:1", { topics: ["t"], connectTimeoutMs: 100 })).rejects.toThrow(
      /can't be read/,
    );
  });
});
