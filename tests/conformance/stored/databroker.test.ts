import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Document, toWire, unpackEventPage } from "cerulean/documents";
import { JsonlWriter } from "cerulean/sinks/jsonl";
import { MongoWriter } from "cerulean/sinks/mongo";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { soaking } from "../../soak.ts";
import { TestMongod } from "../../system/support/mongod.ts";
import { databroker1, python } from "../../system/support/python.ts";
import { CORPUS, documentsOf } from "./corpus.ts";

const scriptFile = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const NAMES = Object.keys(CORPUS);

interface Column {
  readonly shape: readonly number[];
  readonly kind?: string;
  readonly values: readonly unknown[];
}

interface Read {
  readonly streams: Readonly<Record<string, { columns: Readonly<Record<string, Column>>; same: boolean }>>;
  /** Null of a run whose documents the reader doesn't give. */
  readonly events: number | null;
  readonly descriptors: number;
  /** Null of a run that goes on. */
  readonly exit_status: string | null;
  readonly reason: string | null;
  readonly plan_name: string;
}

let mongod: TestMongod;
let folder: string;
const emitted = new Map<string, readonly Document[]>();
let uri: string;

beforeAll(async () => {
  mongod = await TestMongod.start();
  folder = mkdtempSync(join(tmpdir(), "cerulean-databroker-"));
  uri = mongod.uri();
  await using writer = await MongoWriter.connect(uri, { journalDir: join(folder, "journal") });
  const files = new JsonlWriter(join(folder, "jsonl"));
  for (const name of NAMES) {
    const documents = await documentsOf(name);
    for (const document of documents) {
      writer.write(document);
      files.write(document);
    }
    emitted.set(name, documents);
  }
  await files.close();
});
afterAll(async () => {
  await mongod.stop();
  rmSync(folder, { recursive: true, force: true });
});

function uidOf(name: string): string {
  const [start] = emitted.get(name) ?? [];
  return start?.name === "start" ? start.doc.uid : "";
}

function readBy(interpreter: string, script: string, place: string): Map<string, Read> {
  const args = ["-W", "ignore", scriptFile(script), place, ...NAMES.map(uidOf)];
  const lines = execFileSync(interpreter, args, { encoding: "utf8" }).trimEnd().split("\n");
  return new Map(NAMES.map((name, at) => [name, JSON.parse(lines[at] as string) as Read]));
}

/** What a reader must find: of each stream the points, of one that was taken again the last, unless it is asked for all. */
function expected(name: string, { once }: { once: boolean }): Record<string, Record<string, unknown[]>> {
  const streamOf = new Map<string, string>();
  const points = new Map<string, Map<unknown, Record<string, unknown>>>();
  let order = 0;
  for (const { name: type, doc } of (emitted.get(name) ?? []).map(toWire)) {
    if (type === "descriptor") {
      streamOf.set(doc.uid, doc.name as string);
      if (!points.has(doc.name as string)) points.set(doc.name as string, new Map());
    }
    const events = type === "event" ? [doc] : type === "event_page" ? [...unpackEventPage(doc)] : [];
    for (const { descriptor, seq_num, data } of events) {
      points.get(streamOf.get(descriptor) as string)?.set(once ? Number(seq_num) : order++, data);
    }
  }
  const columns: Record<string, Record<string, unknown[]>> = {};
  for (const [stream, taken] of points) {
    const rows = [...taken].sort(([one], [other]) => Number(one) - Number(other)).map(([, data]) => data);
    const keys = Object.keys(rows[0] ?? {});
    columns[stream] = Object.fromEntries(keys.map((key) => [key, rows.map((row) => told(row[key]))]));
  }
  return columns;
}

/** As the script tells values, so that 1 and 1.0 are one, and 64-bit integers keep their digits. */
function told(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(told);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "number") return value;
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Number.isSafeInteger(value) ? String(value) : value;
}

/** Python's floats with whole values, as integers are told. */
function whole(value: unknown): unknown {
  return Array.isArray(value) ? value.map(whole) : told(value);
}

const KINDS: Readonly<Record<string, string>> = { number: "f", integer: "i", string: "U", boolean: "b" };

function check(name: string, read: Read, { once }: { once: boolean }): void {
  const documents: readonly { name: string; doc: any }[] = emitted.get(name) ?? [];
  const descriptors = documents.filter((document) => document.name === "descriptor").map(({ doc }) => doc);
  for (const [stream, columns] of Object.entries(expected(name, { once }))) {
    const dataKeys = descriptors.find((descriptor) => descriptor.name === stream)?.data_keys ?? {};
    for (const [key, values] of Object.entries(columns)) {
      const column = read.streams[stream]?.columns[key];
      expect(whole(column?.values), `${stream} ${key}`).toEqual(values);
      expect(column?.shape, `${stream} ${key}`).toEqual([values.length, ...dataKeys[key].shape]);
      const kind = KINDS[dataKeys[key].dtype];
      // Of lines of JSON the types are those that the values have by themselves.
      if (kind !== undefined && column?.kind !== undefined) expect(column?.kind, `${stream} ${key}`).toBe(kind);
    }
    expect(read.streams[stream]?.same, `${stream} together`).toBe(true);
  }
  const start = documents.at(0)?.doc;
  const stop = documents.find((document) => document.name === "stop")?.doc;
  expect(read).toMatchObject({
    exit_status: stop?.exit_status ?? null,
    reason: stop?.reason ?? null,
    plan_name: start.plan_name,
    descriptors: descriptors.length,
  });
  if (read.events !== null) expect(read.events).toBe(rowsOf(documents));
}

/** Every event, also of points that were taken again, and every row of a page. */
function rowsOf(documents: readonly { name: string; doc: any }[]): number {
  const rows = documents.map(({ name, doc }) => (name === "event" ? 1 : name === "event_page" ? doc.uid.length : 0));
  return rows.reduce((sum: number, count: number) => sum + count, 0);
}

describe("databroker 2 reads", () => {
  let read: Map<string, Read>;
  beforeAll(async () => {
    read = readBy(await python(), "read-databroker.py", uri);
  });

  it.each(NAMES)("%s", (name) => check(name, read.get(name) as Read, { once: true }));
});

describe("Python reads from lines of JSON, each valid for event-model,", () => {
  let read: Map<string, Read>;
  beforeAll(async () => {
    read = readBy(await python(), "read-jsonl.py", join(folder, "jsonl"));
  });

  it.each(NAMES)("%s", (name) => check(name, read.get(name) as Read, { once: true }));
});

// It needs an environment of its own, with older versions of what both use.
if (soaking) {
  describe("databroker 1 reads", () => {
    let read: Map<string, Read>;
    beforeAll(async () => {
      read = readBy(await databroker1(), "read-databroker.py", uri);
    });

    // It shows a point as often as it was taken.
    it.each(NAMES)("%s", (name) => check(name, read.get(name) as Read, { once: false }));
  });
}
