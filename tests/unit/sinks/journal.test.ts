import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Document, EventPage } from "../../../src/documents/document.ts";
import { Journal } from "../../../src/documents/sinks/journal/journal.ts";
import { isAlive, newOwner, OwnedFolder } from "../../../src/documents/sinks/journal/journal-owner.ts";
import { decodeRecord, encodeRecord } from "../../../src/documents/sinks/journal/record.ts";
import { makeSpare, retire, segmentIndex, segmentName } from "../../../src/documents/sinks/journal/segment-file.ts";
import { SegmentReader } from "../../../src/documents/sinks/journal/segment-reader.ts";
import { completeRun, eventOf, pageOf, sharedColumn, simpleRun } from "../../suites/sample-run.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cerulean-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function bytesOf(document: Document, run = "run"): Buffer {
  return Buffer.concat(encodeRecord(run, document, 1).parts);
}

function readAll(path: string): Document[] {
  const reader = new SegmentReader(path, segmentIndex(basename(path)) ?? 0);
  const documents: Document[] = [];
  for (let record = reader.read(); record !== undefined; record = reader.read()) documents.push(record.document);
  reader.close();
  return documents;
}

function journalIn(path: string): Journal {
  mkdirSync(path, { recursive: true });
  return new Journal(path, "never", (error) => expect(error).toBeUndefined());
}

describe("a journal record", () => {
  it("gives every type of document back with the same types of numbers and arrays", () => {
    for (const document of completeRun().documents) {
      expect(decodeRecord(bytesOf(document))).toMatchObject({ run: "run" });
      expect(decodeRecord(bytesOf(document))?.document).toEqual(document);
    }
  });

  it("keeps NaN, infinities, minus zero, bigint and null of an event", () => {
    const data = { a: Number.NaN, b: Number.NEGATIVE_INFINITY, c: -0, d: 2n ** 60n, e: null, f: "ü" };
    const event = eventOf("d", 1, data);
    expect(decodeRecord(bytesOf(event))?.document).toEqual(event);
  });

  it("follows a stream whose events change their keys, their filled or their kind of values", () => {
    const [one, two] = [eventOf("d", 1, { a: 1, b: -0 }), eventOf("d", 2, { b: Number.NaN, c: 2 })];
    const bare = eventOf("d", 3, { b: 1, c: 2 });
    delete (bare.doc as { filled?: unknown }).filled;
    const filled = eventOf("d", 4, { b: 1, c: 2 });
    (filled.doc as { filled: object }).filled = { c: false };
    const text = eventOf("d", 5, { b: "x", c: 2 });
    for (const event of [one, two, one, bare, filled, two, text, one, eventOf("e", 1, {})]) {
      expect(decodeRecord(bytesOf(event))?.document).toEqual(event);
      expect(decodeRecord(bytesOf(event, "other"))?.run).toBe("other");
    }
  });

  it("writes a column that occurs many times once, and doesn't copy it", () => {
    const page = pageOf("d", 1_000);
    const { parts, bytes } = encodeRecord("run", { name: "event_page", doc: page }, 1);
    const { x } = page.data as { x: Float64Array };
    expect(parts.some((part) => part.buffer === x.buffer)).toBe(true);
    expect(bytes).toBeLessThan(90_000);
    const read = decodeRecord(bytesOf({ name: "event_page", doc: page }))?.document.doc as EventPage;
    expect(read.timestamps.x).toBe(read.time);
    expect(Object.keys(read)).toEqual(Object.keys(page));
  });

  it("reads columns at any place in memory", () => {
    const document: Document = { name: "event_page", doc: pageOf("d", 100) };
    const shifted = Buffer.concat([Buffer.alloc(3), bytesOf(document)]).subarray(3);
    expect(decodeRecord(shifted)?.document).toEqual(document);
  });

  it("finds a page of the file that was never written, in the header and in the columns", () => {
    for (const at of [200, 5_000, 20_000]) {
      const record = bytesOf({ name: "event_page", doc: pageOf("d", 4_000, 2) });
      record.fill(0, at, at + 8_192);
      expect(decodeRecord(record)).toBeUndefined();
    }
    const event = bytesOf(eventOf("d", 1, { x: 1 }));
    event[40] = (event[40] as number) ^ 1;
    expect(decodeRecord(event)).toBeUndefined();
  });
});

describe("Journal", () => {
  it("has a document in its file when append returns, and gives all back in order", () => {
    const journal = journalIn(folder);
    const { documents } = completeRun();
    for (const [at, document] of documents.entries()) {
      journal.append("run", document);
      expect(readAll(join(folder, segmentName(1)))).toHaveLength(at + 1);
    }
    expect(readAll(join(folder, segmentName(1)))).toEqual(documents);
    journal.close();
  });

  it("goes on in a new segment when one is full, and after a rotation", () => {
    const journal = journalIn(folder);
    const page = { ...pageOf("d", 1_000), data: { x: sharedColumn(3_000_000, (at) => at) } };
    const document: Document = { name: "event_page", doc: page };
    for (let at = 0; at < 4; at++) journal.append("run", document);
    expect(journal.position.segment).toBe(4);
    journal.rotate();
    expect(journal.position).toEqual({ segment: 5, size: 0 });
    journal.append("run", eventOf("d", 1, { x: 1 }));
    expect(readdirSync(folder).sort()).toEqual([1, 2, 3, 4, 5].map(segmentName));
    journal.close();
  });

  it("writes over a file that was used before, and old documents in it are not read again", async () => {
    await makeSpare(folder);
    const journal = journalIn(folder);
    const [first, second] = [simpleRun(40), simpleRun(2)];
    for (const document of first.documents) journal.append("first", document);
    expect(readAll(join(folder, segmentName(1)))).toEqual(first.documents);
    journal.rotate();
    retire(folder, 1);
    expect(readdirSync(folder)).toEqual(["spare-1"]);
    for (const document of second.documents) journal.append("second", document);
    expect(readdirSync(folder)).toEqual([segmentName(2)]);
    expect(readAll(join(folder, segmentName(2)))).toEqual(second.documents);
    journal.close();
  });

  it("names the folder that it can't write to", () => {
    const journal = journalIn(join(folder, "sub"));
    rmSync(join(folder, "sub"), { recursive: true });
    const event = eventOf("d", 1, { x: 1 });
    expect(() => journal.append("run", event)).toThrow(`The journal ${join(folder, "sub")} takes no new file`);
  });

  it("forces every record to the disk when it is told to", () => {
    const journal = new Journal(folder, "always", () => {});
    journal.append("run", eventOf("d", 1, { x: 1 }));
    expect(readAll(join(folder, segmentName(1)))).toHaveLength(1);
    journal.close();
  });

  it("gives what comes before a torn tail, wherever it is torn", () => {
    const journal = journalIn(folder);
    const { documents } = simpleRun(3);
    for (const document of documents) journal.append("run", document);
    const whole = journal.position.size;
    journal.append("run", { name: "event_page", doc: pageOf("d", 500) });
    const { size } = journal.position;
    journal.close();
    const path = join(folder, segmentName(1));
    for (let end = size - 1; end > whole; end -= 997) {
      truncateSync(path, end);
      expect(readAll(path)).toEqual(documents);
    }
    appendFileSync(path, Buffer.alloc(10_000, 7));
    expect(readAll(path)).toEqual(documents);
  });
});

describe("the owner of a journal folder", () => {
  it("is alive while its process is, and not when another process has its number", () => {
    const owner = newOwner();
    expect(isAlive(owner)).toBe(true);
    expect(isAlive({ pid: owner.pid, started: "1" })).toBe(false);
    expect(isAlive({ pid: 2 ** 22 + 1, started: "" })).toBe(false);
  });

  it("takes over folders of owners who are gone, with what those had taken over, and leaves living ones alone", () => {
    const living = new OwnedFolder(folder, newOwner());
    const dead = new OwnedFolder(folder, newOwner());
    const older = join(dead.path, "adopted-older");
    mkdirSync(older);
    writeFileSync(join(dead.path, "owner.json"), JSON.stringify({ ...dead.owner, started: "1" }));
    const heir = new OwnedFolder(folder, newOwner());
    const adopted = heir.adopt();
    expect(adopted.map(({ path }) => path).sort()).toEqual(
      [join(heir.path, "adopted-older"), join(heir.path, `adopted-${dead.owner.id}`)].sort(),
    );
    expect(adopted.find(({ path }) => path.endsWith(dead.owner.id))?.owner?.id).toBe(dead.owner.id);
    expect(existsSync(living.path)).toBe(true);
    expect(heir.adopt()).toEqual([]);
    for (const owned of [living, dead, heir]) owned.release({ empty: true });
  });

  it("leaves its folder to the next one when not everything was stored", () => {
    const first = new OwnedFolder(folder, newOwner());
    first.release({ empty: false });
    const next = new OwnedFolder(folder, newOwner());
    expect(next.adopt()).toHaveLength(1);
    next.release({ empty: true });
    expect(readdirSync(folder)).toEqual([]);
  });
});
