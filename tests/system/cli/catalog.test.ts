import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MongoWriter } from "cerulean/sinks/mongo";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "../../../src/documents/json.ts";
import { completeRun, type SampleRun, simpleRun } from "../../suites/sample-run.ts";
import { TestMongod } from "../support/mongod.ts";
import { python } from "../support/python.ts";

const command = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const readArrow = fileURLToPath(new URL("../support/read-arrow.py", import.meta.url));
const storing = fileURLToPath(new URL("../support/storing-child.mjs", import.meta.url));

let folder: string;
let runs: string;
let complete: SampleRun;
let plain: SampleRun;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cerulean-catalog-cli-"));
  runs = mkdtempSync(join(folder, "runs-"));
  complete = completeRun();
  plain = simpleRun(3, { time: 1_700_000_500, scan_id: 8, plan_name: "scan", sample: { name: "LaB6" } });
  for (const run of [complete, plain]) store(run);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function store({ uid, documents }: SampleRun): string {
  const path = join(runs, `${uid}.jsonl`);
  writeFileSync(path, documents.map(({ name, doc }) => `${stringify([name, doc])}\n`).join(""));
  return path;
}

function catalog(...args: string[]) {
  return spawnSync(process.execPath, [command, "catalog", ...args], { encoding: "utf8" });
}

const inFolder = (subcommand: string, ...args: string[]) => catalog(subcommand, ...args, "--jsonl", runs);

function lines(text: string): any[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => parse(line));
}

describe("cerulean catalog", () => {
  it("lists and finds runs, for people and as JSON, and says how to go on", () => {
    const all = inFolder("list", "--limit", "1");
    expect(all.stdout).toMatch(
      new RegExp(`^${plain.uid.slice(0, 8)} +8  2023-11-\\d\\d .* scan +success +primary 3\n$`),
    );
    expect(all.stderr).toContain(`more: --before ${plain.uid}`);
    const next = inFolder("list", "--before", plain.uid, "--json");
    expect(lines(next.stdout)).toMatchObject([{ uid: complete.uid, scanId: 7, numEvents: { fly: 40 } }]);
    const found = inFolder(
      "search",
      "lab6",
      "--since",
      "1700000100",
      "--md",
      "sample.name=LaB6",
      "--status",
      "success",
      "--json",
    );
    expect(lines(found.stdout)).toMatchObject([{ uid: plain.uid }]);
    const none = inFolder("list", "--plan", "gridScan");
    expect([none.status, none.stdout]).toEqual([0, ""]);
    expect(none.stderr).toContain("no such runs");
  });

  it("shows a run, its streams, and the points of one", () => {
    const { stdout } = inFolder("show", "7");
    expect(stdout).toContain(`run ${complete.uid}`);
    expect(stdout).toMatch(/count 7 {2}began .*, success at /);
    expect(stdout).toMatch(/stream fly, 40 points\n {2}x: number, sim:\/\/x/);
    expect(stdout).toMatch(/wave: array\[3\], sim:\/\/wave/);
    expect(stdout).toMatch(/metadata[\s\S]*thickness: 1\.5/);
    expect(inFolder("show", "-1", "--stream", "primary").stdout).toMatch(/\| +2 \|.*\| +0\.500 \| +1 \|/);
    const rows = lines(inFolder("show", "7", "--stream", "primary", "--json").stdout);
    expect(rows.map(({ x, n }) => [x, n])).toEqual([
      [1, 1],
      [Number.NaN, 9007199254740993n],
      [2 ** 31, -5],
    ]);
    const unknown = inFolder("show", "7", "--stream", "primry");
    expect([unknown.status, unknown.stdout]).toEqual([1, ""]);
    expect(unknown.stderr).toContain('no stream "primry"; it has primary, fly, frames');
  });

  it("exports documents, CSV, and Arrow that pyarrow reads", async () => {
    const documents = join(folder, "run.jsonl");
    expect(inFolder("export", complete.uid, "--out", documents).stderr).toBe("");
    expect(readFileSync(documents, "utf8")).toBe(readFileSync(join(runs, `${complete.uid}.jsonl`), "utf8"));
    const csv = inFolder("export", plain.uid.slice(0, 8), "--format", "csv").stdout.split("\n");
    expect(csv.slice(0, 2)).toEqual(["seq_num,time,x,ts_x,n,ts_n", "1,1700000002,0,1700000001,0,1700000001"]);

    const arrow = join(folder, "run.arrow");
    expect(inFolder("export", complete.uid, "--out", arrow).status).toBe(0);
    const read = JSON.parse(
      execFileSync(await python(), [readArrow, arrow], { encoding: "utf8" })
        .replaceAll("NaN", '"NaN"')
        .replaceAll("Infinity", '"inf"'),
    );
    expect(read.types).toMatchObject({
      time: "double",
      x: "double",
      n: "int64",
      label: "string",
      open: "bool",
      wave: "fixed_size_list<item: double>[3]",
      ts_wave: "double",
    });
    expect(read.columns).toMatchObject({
      x: [1, "NaN", 2 ** 31],
      label: ["a", "", "ü"],
      open: [true, false, true],
      wave: [
        [1, 2, 3],
        [1.5, "inf", -0],
        [0, 0, 0],
      ],
    });
    expect(read).toMatchObject({ uid: complete.uid, source: "sim://x" });
  });

  it("leaves no half file behind, and says what is missing", () => {
    const out = join(folder, "nothing.csv");
    const unknown = inFolder("export", complete.uid, "--stream", "dark", "--out", out);
    expect(unknown.status).toBe(1);
    expect(unknown.stderr).toContain('no stream "dark"');
    expect([existsSync(out), readdirSync(folder).filter((name) => name.endsWith(".part"))]).toEqual([false, []]);
    expect(inFolder("export", complete.uid).stderr).toContain("say which --format");
    expect(catalog("list", "--since", "yesterday", "--jsonl", runs).stderr).toContain("Write a date like");
    const { CERULEAN_MONGO_URI: _, ...env } = process.env;
    const nowhere = spawnSync(process.execPath, [command, "catalog", "list"], { cwd: folder, encoding: "utf8", env });
    expect([nowhere.status, nowhere.stderr]).toEqual([1, expect.stringContaining("say where the runs are")]);
  });

  it("follows a run until it ends", async () => {
    const run = simpleRun(4, { time: 1_700_001_000 });
    const path = store({ ...run, documents: run.documents.slice(0, 3) });
    const child = spawn(process.execPath, [command, "catalog", "follow", run.uid, "--json", "--jsonl", runs], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    await once(child.stdout, "data");
    appendFileSync(
      path,
      run.documents
        .slice(3)
        .map(({ name, doc }) => `${stringify([name, doc])}\n`)
        .join(""),
    );
    expect(await once(child, "close")).toEqual([0, null]);
    expect(lines(output)).toEqual(run.documents.map(({ name, doc }) => [name, doc]));
    expect(inFolder("follow", run.uid).stdout).toMatch(/\| +4 \|[\s\S]*success$/m);
    rmSync(path);
  });

  it("tells with its exit code whether all that was announced is stored", () => {
    expect(inFolder("verify", complete.uid, "8")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/complete {2}primary 3, fly 40, frames 5\n.*complete {2}primary 3\n/),
    });
    const short = simpleRun(3, { time: 1 });
    const path = store({ ...short, documents: short.documents.filter((_, at) => at !== 3) });
    const verdict = inFolder("verify", short.uid, "--json");
    rmSync(path);
    expect(verdict.status).toBe(1);
    expect(lines(verdict.stdout)).toEqual([
      { uid: short.uid, ok: false, hasStop: true, streams: { primary: { stored: 2, announced: 3 } } },
    ]);
  });
});

describe("cerulean catalog on MongoDB", () => {
  let mongod: TestMongod;
  beforeAll(async () => {
    mongod = await TestMongod.start();
  });
  afterAll(async () => mongod.stop());

  it("finds by words and status, and exports as it does from files", async () => {
    const uri = mongod.uri();
    await using writer = await MongoWriter.connect(uri, { journalDir: join(folder, "journal") });
    for (const document of [...complete.documents, ...plain.documents]) writer.write(document);
    await writer.flush();
    const found = catalog("search", "LaB6", "--mongo", uri, "--status", "success", "--json");
    expect(lines(found.stdout)).toMatchObject([{ uid: plain.uid }]);
    const csv = (place: string[]) =>
      catalog("export", complete.uid, "--format", "csv", "--stream", "fly", ...place).stdout;
    expect(csv(["--mongo", uri])).toBe(csv(["--jsonl", runs]));
  });

  it("repairs what a killed process left: its journal is stored and its run gets a stop document", async () => {
    const uri = mongod.uri();
    const journal = join(folder, "left");
    const child = spawn(process.execPath, [storing, uri, journal, join(folder, "log")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    const client = new MongoClient(uri);
    const db = client.db(new URL(uri).pathname.slice(1));
    await expect.poll(() => db.collection("run_stop").countDocuments(), { timeout: 10_000 }).toBeGreaterThan(0);
    child.kill("SIGKILL");
    await once(child, "exit");
    const repaired = catalog("repair", "--mongo", uri, "--journal", journal);
    expect(repaired.stderr).toBe("");
    expect(repaired.status).toBe(0);
    expect(await db.collection("run_stop").countDocuments()).toBe(await db.collection("run_start").countDocuments());
    expect(catalog("repair", "--mongo", uri, "--journal", journal).stdout).toBe("no run of a dead engine is open\n");
    expect(inFolder("repair").stderr).toContain("files of runs need no repair");
    await client.close();
  });
});
