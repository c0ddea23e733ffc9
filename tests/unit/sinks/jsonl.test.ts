import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Catalog } from "../../../src/documents/catalog/index.ts";
import type { Document } from "../../../src/documents/document.ts";
import { stringify } from "../../../src/documents/json.ts";
import { JsonlWriter } from "../../../src/documents/sinks/jsonl.ts";
import { completeRun, eventOf, simpleRun } from "../../suites/sample-run.ts";
import { describeSink } from "../../suites/sink.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cerulean-jsonl-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function readAll(directory: string, uid: string): Promise<Document[]> {
  await using catalog = await Catalog.open(directory);
  const documents: Document[] = [];
  for await (const document of (await catalog.run(uid)).documents()) documents.push(document);
  return documents;
}

describeSink("JsonlWriter", async () => {
  const directory = mkdtempSync(join(tmpdir(), "cerulean-jsonl-suite-"));
  return {
    open: async () => new JsonlWriter(directory),
    read: (uid) => readAll(directory, uid),
    end: async () => rmSync(directory, { recursive: true, force: true }),
  };
});

describe("JsonlWriter", () => {
  it("writes one [name, document] line a document into <uid>.jsonl before write returns", () => {
    const writer = new JsonlWriter(join(folder, "lines"));
    const { documents, uid } = simpleRun(2);
    for (const [at, document] of documents.entries()) {
      writer.write(document);
      const lines = readFileSync(writer.pathOf(uid), "utf8").trimEnd().split("\n");
      expect(lines).toHaveLength(at + 1);
      expect(lines.at(-1)).toBe(stringify([document.name, document.doc]));
    }
  });

  it("writes NaN, infinities and 64-bit integers as Python's json does, and a page as a page", async () => {
    const writer = new JsonlWriter(join(folder, "python"));
    const { documents, uid } = completeRun();
    for (const document of documents) writer.write(document);
    await writer.close();
    const text = readFileSync(writer.pathOf(uid), "utf8");
    expect(text).toContain('"x":NaN');
    expect(text).toContain("Infinity");
    expect(text).toContain("9007199254740993");
    expect(text).toContain('["event_page",');
  });

  it("takes every fsync policy and refuses an unknown one by name", async () => {
    for (const fsync of ["never", "stop", "always"] as const) {
      const writer = new JsonlWriter(join(folder, fsync), { fsync });
      for (const document of simpleRun(3).documents) writer.write(document);
      await writer.flush();
      await writer.close();
    }
    expect(() => new JsonlWriter(folder, { fsync: "often" as never })).toThrow(/fsync is "often"/);
  });

  it("names the file that can't be written, and the directory that can't be made", () => {
    const file = join(folder, "a-file");
    writeFileSync(file, "");
    expect(() => new JsonlWriter(join(file, "sub"))).toThrow(`can't make the directory ${join(file, "sub")}`);
    const directory = join(folder, "gone");
    const writer = new JsonlWriter(directory);
    rmSync(directory, { recursive: true });
    const { documents, uid } = simpleRun(1);
    expect(() => writer.write(documents[0] as Document)).toThrow(`can't make ${join(directory, `${uid}.jsonl`)}`);
  });

  it("refuses a second run with the same uid instead of mixing them", () => {
    const writer = new JsonlWriter(join(folder, "twice"));
    const [start] = simpleRun(1).documents;
    writer.write(start as Document);
    expect(() => new JsonlWriter(join(folder, "twice")).write(start as Document)).toThrow(/exists/);
  });

  it("names the document whose run it has not seen", () => {
    const writer = new JsonlWriter(join(folder, "unseen"));
    expect(() => writer.write(eventOf("nobody", 1, { x: 1 }))).toThrow(/event document of a run that it has not seen/);
  });
});

describe("Catalog of JSONL files", () => {
  it("takes a torn last line for missing, and any other broken line for an error with its place", async () => {
    const directory = join(folder, "torn");
    const writer = new JsonlWriter(directory);
    const { documents, uid } = simpleRun(3);
    for (const document of documents.slice(0, 4)) writer.write(document);
    await writer.close();
    appendFileSync(writer.pathOf(uid), '["event",{"uid":"x');
    expect(await readAll(directory, uid)).toHaveLength(4);
    appendFileSync(writer.pathOf(uid), `\n${stringify(["stop", documents.at(-1)?.doc])}\n`);
    await expect(readAll(directory, uid)).rejects.toThrow(/line 5 is no document/);
  });

  it("reads bluesky's own form of lines too", async () => {
    const directory = join(folder, "bluesky");
    new JsonlWriter(directory);
    const { documents, uid } = simpleRun(3);
    const lines = documents.map(({ name, doc }) => `${stringify({ name, doc })}\n`);
    writeFileSync(join(directory, `${uid.slice(0, 8)}.jsonl`), lines.join(""));
    const read = await readAll(directory, uid);
    expect(read).toEqual(documents);
  });

  it("gives a stream as typed columns, each point once as it was the last time", async () => {
    const directory = join(folder, "columns");
    const writer = new JsonlWriter(directory);
    const { documents, uid, descriptor } = simpleRun(4);
    const again = eventOf(descriptor, 2, { x: 99, n: 2 ** 40 });
    for (const document of [...documents.slice(0, 4), again, ...documents.slice(4)]) writer.write(document);
    await writer.close();
    await using catalog = await Catalog.open(directory);
    const run = await catalog.run(uid);
    expect(run.streams).toEqual(["primary"]);
    const columns = await run.columns("primary");
    expect(columns.seq_num).toEqual(new Float64Array([1, 2, 3, 4]));
    expect(columns.x).toEqual(new Float64Array([0, 99, 1, 1.5]));
    expect(columns.n).toEqual(new Float64Array([0, 2 ** 40, 2, 3]));
    await expect(run.columns("nothing")).rejects.toThrow(/no stream "nothing"; it has primary/);
  });

  it("gives integers that a double can't hold as BigInt64Array, pages as their columns, and waveforms as arrays", async () => {
    const directory = join(folder, "types");
    const writer = new JsonlWriter(directory);
    const { documents, uid } = completeRun();
    for (const document of documents) writer.write(document);
    await writer.close();
    await using catalog = await Catalog.open(directory);
    const run = await catalog.run(uid);
    const primary = await run.columns("primary");
    expect(primary.n).toEqual(BigInt64Array.of(1n, 9007199254740993n, -5n));
    expect(primary.x).toEqual(Float64Array.of(1, Number.NaN, 2 ** 31));
    expect(primary.label).toEqual(["a", "", "ü"]);
    expect(primary.open).toEqual([true, false, true]);
    expect(primary.wave?.[1]).toEqual(Float64Array.of(1.5, Number.POSITIVE_INFINITY, -0));
    const fly = await run.columns("fly");
    expect(fly.x).toEqual(Float64Array.from({ length: 40 }, (_, at) => at / 2));
    expect(fly.n).toEqual(Int32Array.from({ length: 40 }, (_, at) => at * 3));
    expect(fly.ts_x).toHaveLength(40);
  });

  it("finds runs by uid, its beginning, scan_id and position, and by a query", async () => {
    const directory = join(folder, "query");
    const writer = new JsonlWriter(directory);
    const one = simpleRun(1, { time: 100, scan_id: 1, plan_name: "scan", sample: { name: "gold foil" } });
    const two = simpleRun(2, { time: 200, scan_id: 2 });
    const three = simpleRun(3, { time: 300, scan_id: 2, plan_name: "scan" });
    for (const { documents } of [one, three, two]) for (const document of documents) writer.write(document);
    const open = simpleRun(1, { time: 50, scan_id: 9 });
    writer.write(open.documents[0] as Document);
    await writer.flush();
    await using catalog = await Catalog.open(directory);
    expect((await catalog.list()).map(({ uid }) => uid)).toEqual([three.uid, two.uid, one.uid, open.uid]);
    expect(await catalog.list({ scanId: 1 })).toEqual([
      { uid: one.uid, scanId: 1, time: 100, planName: "scan", exitStatus: "success", numEvents: { primary: 1 } },
    ]);
    const uids = async (query: Parameters<Catalog["list"]>[0]): Promise<string[]> =>
      (await catalog.list(query)).map(({ uid }) => uid);
    expect(await uids({ planName: "scan" })).toEqual([three.uid, one.uid]);
    expect(await uids({ since: 150, until: 250 })).toEqual([two.uid]);
    expect(await uids({ text: "FOIL gold" })).toEqual([one.uid]);
    expect(await uids({ md: { sample: { name: "gold foil" } } })).toEqual([one.uid]);
    expect(await uids({ exitStatus: "success", skip: 1, limit: 1 })).toEqual([two.uid]);
    expect((await catalog.run(one.uid.slice(0, 8))).start.uid).toBe(one.uid);
    expect((await catalog.run(2)).start.uid).toBe(three.uid);
    expect((await catalog.run(-1)).start.uid).toBe(three.uid);
    expect((await catalog.run(-4)).stop).toBeUndefined();
    await expect(catalog.run("zzzz")).rejects.toThrow(/no run "zzzz"/);
    await expect(catalog.run(77)).rejects.toThrow(/no run with scan_id 77/);
    await expect(catalog.run("")).rejects.toThrow(/no run ""/);
    await writer.close();
  });

  it("says which directory is not there", async () => {
    expect(existsSync(join(folder, "nowhere"))).toBe(false);
    await expect(Catalog.open(join(folder, "nowhere"))).rejects.toThrow(/nowhere is no directory/);
  });
});
