import { appendFileSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Catalog } from "../../../src/documents/catalog/index.ts";
import { JsonlDirectory } from "../../../src/documents/catalog/jsonl-directory.ts";
import type { Document, RunStart } from "../../../src/documents/document.ts";
import { stringify } from "../../../src/documents/json.ts";
import { completeRun, eventOf, simpleRun } from "../../suites/sample-run.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cerulean-catalog-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function store(run: { uid: string; documents: readonly Document[] }, modified?: number): string {
  const path = join(folder, `${run.uid}.jsonl`);
  writeFileSync(path, run.documents.map(({ name, doc }) => `${stringify([name, doc])}\n`).join(""));
  if (modified !== undefined) utimesSync(path, modified, modified);
  return path;
}

/** Runs of a second each, a minute apart, and their uids with the newest first. */
function storeMany(count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const run = simpleRun(1, { time: 1_700_000_000 + 60 * at, scan_id: at });
    store(run, 1_700_000_001 + 60 * at);
    return run.uid;
  }).reverse();
}

describe("a folder of many runs", () => {
  it("is listed page by page, in order and without a run twice or missing", async () => {
    const uids = storeMany(25);
    await using catalog = await Catalog.open(folder);
    const pages: string[][] = [];
    for (let before: string | undefined; ; before = pages.at(-1)?.at(-1)) {
      const page = await catalog.list({ limit: 10, ...(before === undefined ? {} : { before }) });
      if (page.length === 0) break;
      pages.push(page.map(({ uid }) => uid));
    }
    expect(pages.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(pages.flat()).toEqual(uids);
    const all: string[] = [];
    for await (const { uid } of catalog.runs({ skip: 3, limit: 21 })) all.push(uid);
    expect(all).toEqual(uids.slice(3, 24));
    await expect(catalog.list({ before: "nobody" })).rejects.toThrow(/no run "nobody"/);
  });

  it("is read only as far as a page needs it, and a run by its uid alone", async () => {
    const uids = storeMany(200);
    let read = 0;
    const directory = new JsonlDirectory(folder, async (path) => {
      read++;
      return JSON.parse(readFileSync(path, "utf8").split("\n")[0] as string)[1] as RunStart;
    });
    const page: string[] = [];
    for await (const { start } of directory.newestFirst()) if (page.push(start.uid) === 20) break;
    expect(page).toEqual(uids.slice(0, 20));
    expect(read).toBeLessThan(25);
    const [found] = await directory.beginningWith((uids[150] as string).slice(0, 8));
    expect(found?.start.uid).toBe(uids[150]);
    expect(read).toBeLessThan(26);
  });

  it("has the newest run first also where a longer one was written to later", async () => {
    const long = simpleRun(1, { time: 1_700_000_000 });
    const short = simpleRun(1, { time: 1_700_000_100 });
    store(long, 1_700_009_000);
    store(short, 1_700_000_101);
    await using catalog = await Catalog.open(folder);
    expect((await catalog.list()).map(({ uid }) => uid)).toEqual([short.uid, long.uid]);
  });
});

describe("a run", () => {
  it("is followed as its file grows, half a line included, and ends with its stop", async () => {
    const run = simpleRun(3);
    const lines = run.documents.map(({ name, doc }) => `${stringify([name, doc])}\n`);
    const path = join(folder, `${run.uid}.jsonl`);
    writeFileSync(path, (lines[0] as string) + (lines[1] as string).slice(0, 20));
    await using catalog = await Catalog.open(folder);
    const followed: Document[] = [];
    for await (const document of (await catalog.run(-1)).follow({ pollMs: 5 })) {
      followed.push(document);
      if (followed.length === 1) appendFileSync(path, (lines[1] as string).slice(20) + lines[2]);
      if (followed.length === 3) appendFileSync(path, lines.slice(3).join(""));
    }
    expect(followed).toEqual(run.documents);
  });

  it("is followed until the reader has enough", async () => {
    const run = simpleRun(3);
    store({ uid: run.uid, documents: run.documents.slice(0, -1) });
    await using catalog = await Catalog.open(folder);
    const enough = new AbortController();
    let documents = 0;
    for await (const _ of (await catalog.run(run.uid)).follow({ pollMs: 5, signal: enough.signal })) {
      if (++documents === 5) setImmediate(() => enough.abort());
    }
    expect(documents).toBe(5);
  });

  it("is recounted: points once, whatever was taken again, and what its stop announces beside them", async () => {
    const run = simpleRun(3);
    const again = eventOf(run.descriptor, 2, { x: 7, n: 7 });
    store({ uid: run.uid, documents: [...run.documents.slice(0, -1), again, ...run.documents.slice(-1)] });
    const short = simpleRun(3);
    store({ uid: short.uid, documents: short.documents.filter((_, at) => at !== 3) });
    const open = simpleRun(3);
    store({ uid: open.uid, documents: open.documents.slice(0, -1) });
    const complete = completeRun();
    store(complete);
    await using catalog = await Catalog.open(folder);
    const verify = async (uid: string) => (await catalog.run(uid)).verify();
    expect(await verify(run.uid)).toEqual({ ok: true, streams: { primary: { stored: 3, announced: 3 } } });
    expect(await verify(short.uid)).toEqual({ ok: false, streams: { primary: { stored: 2, announced: 3 } } });
    expect(await verify(open.uid)).toEqual({ ok: false, streams: { primary: { stored: 3, announced: 0 } } });
    expect((await verify(complete.uid)).streams).toEqual({
      primary: { stored: 3, announced: 3 },
      fly: { stored: 40, announced: 40 },
      frames: { stored: 5, announced: 5 },
    });
  });

  it("gives its points as rows, and what lies in files through handlers", async () => {
    const run = completeRun();
    store(run);
    await using catalog = await Catalog.open(folder);
    const opened = await catalog.run(run.uid);
    const files = {
      handlers: { TIFF: () => ({ read: ({ point }: { point?: number }) => [[point, 0]] }) },
      rootMap: { "/data": "/elsewhere" },
    };
    expect(Array.from((await opened.columns("primary")).image as string[], (id) => id.slice(-2))).toEqual([
      "/0",
      "/1",
      "/2",
    ]);
    const rows: Record<string, unknown>[] = [];
    for await (const row of opened.rows("primary", files)) rows.push(row);
    expect(rows.map(({ seq_num, label, image }) => [seq_num, label, image])).toEqual([
      [1, "a", [new Float64Array([0, 0])]],
      [2, "", [new Float64Array([1, 0])]],
      [3, "ü", [new Float64Array([2, 0])]],
    ]);
  });
});
