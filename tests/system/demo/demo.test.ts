import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Catalog } from "cerulean/catalog";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Mongod, startMongod } from "../../../src/cli/mongod.ts";
import { python } from "../support/python.ts";
import { DemoRun } from "./run-demo.ts";

const CHECK_DOCUMENTS = `
import json, sys
from event_model import DocumentNames, schema_validators
for path in sys.argv[1:]:
    for line in open(path):
        name, document = json.loads(line)
        schema_validators[DocumentNames[name]].validate(document)
        print(name)
`;

const READ_WHOLE = `
import json, sys
from databroker.mongo_normalized import MongoAdapter
catalog = MongoAdapter.from_uri(sys.argv[1])
for uid in sys.argv[2:]:
    run = catalog[uid]
    data = run["primary"]["data"]
    print(json.dumps({
        "names": [name for name, _ in run.documents(fill=False)],
        "columns": {key: [float(value) for value in data[key].read()] for key in data.keys()},
    }))
`;

describe("the demo", () => {
  const out = mkdtempSync(join(tmpdir(), "cerulean-demo-"));
  const started: DemoRun[] = [];
  const run = promisify(execFile);
  let interpreter: string;

  const demo = (...args: string[]): DemoRun => {
    const begun = new DemoRun(...args);
    started.push(begun);
    return begun;
  };
  const inPython = async (code: string, ...args: string[]): Promise<string> =>
    (await run(interpreter, ["-c", code, ...args], { maxBuffer: 1 << 27 })).stdout;

  beforeAll(async () => {
    interpreter = await python();
  });

  afterEach(async () => {
    for (const { child, ended } of started.splice(0)) {
      child.kill("SIGKILL");
      await ended;
    }
  });

  afterAll(() => rmSync(out, { recursive: true, force: true }));

  it("stores both scans as files without a database, and the printed Python opens them", {
    timeout: 120_000,
  }, async () => {
    const jsonl = demo("--store", "jsonl", "--out", join(out, "jsonl"));
    expect(await jsonl.ended, jsonl.printed).toBe(0);
    expect(jsonl.printed.match(/all \d+ documents agree/g)).toHaveLength(2);
    expect(jsonl.runs).toHaveLength(2);
    const opened = await inPython(jsonl.runs.map(({ python }) => python).join(""));
    expect(opened.match(/success/g)).toHaveLength(2);
    // The end of the IOC is no news to somebody who has ended it.
    expect(jsonl.printed).not.toMatch(/exception|disconnect/i);
    const files = jsonl.runs.map(({ stored }) => stored);
    const names = (await inPython(CHECK_DOCUMENTS, ...files)).trim().split("\n");
    expect(names.filter((name) => name === "event_page")).toHaveLength(1);
    expect(names.length).toBe(files.flatMap((file) => readFileSync(file, "utf8").trim().split("\n")).length);
    expect(jsonl.processes).toEqual([]);
  });

  it("shows a table, a curve, the peak and the times of the fly scan, and holds the beamline up until Ctrl-C if asked to", {
    timeout: 120_000,
  }, async () => {
    const jsonl = demo("--store", "jsonl", "--out", join(out, "shown"), "--hold");
    await jsonl.prints(/until Ctrl-C/);
    expect(jsonl.processes).toHaveLength(2);
    jsonl.interrupt();
    expect(await jsonl.ended, jsonl.printed).toBe(0);
    expect(jsonl.processes).toEqual([]);
    const [, centre, maximum, width] =
      /centre (\S+) mm.*\n.*maximum (\S+) at.*\n.*width (\S+) mm/.exec(jsonl.printed)?.map(Number) ?? [];
    expect(Math.abs(centre ?? Number.NaN)).toBeLessThan(1);
    expect(maximum).toBeGreaterThan(90_000);
    // A gaussian of sigma 5, in a beam that swings by 5 %.
    expect(Math.abs((width ?? Number.NaN) - 11.8)).toBeLessThan(2);
    expect(jsonl.printed.match(/^\|\s+\d+ \|/gm)?.length).toBe(31);
    for (const part of ["read", "correction", "page", "hand-over", "plan free", "durable"]) {
      expect(jsonl.printed).toMatch(new RegExp(`^ {2}${part}\\s+\\d+\\.\\d+ ms`, "m"));
    }
  });

  it("stores both scans in a MongoDB of its own, which its printed command starts again for the printed Python", {
    timeout: 180_000,
  }, async () => {
    const mongo = demo("--out", join(out, "mongo"));
    expect(await mongo.ended, mongo.printed).toBe(0);
    expect(mongo.processes).toEqual([]);
    expect(mongo.printed.match(/all \d+ documents agree/g)).toHaveLength(2);
    const [, port] = /127\.0\.0\.1:(\d+)/.exec(mongo.runs[0]?.stored ?? "") ?? [];
    expect(mongo.runs[0]?.stored).toContain(`--dbpath ${join(out, "mongo", "mongo")}`);
    const again = await startMongod(join(out, "mongo", "mongo"), { port: Number(port) });
    try {
      const opened = await inPython(mongo.runs.map(({ python }) => python).join(""));
      expect(opened.match(/\[[-\s\d.]+/g)).toHaveLength(2);
    } finally {
      await again.stop();
    }
  });

  describe("with a server that is there already", () => {
    let mongod: Mongod;

    beforeAll(async () => {
      mongod = await startMongod(join(out, "server"));
    });

    afterAll(() => mongod?.stop());

    it("leaves both runs whole for databroker, with the values that were emitted", { timeout: 180_000 }, async () => {
      const uri = `${mongod.uri}/facility`;
      const mongo = demo("--mongo", uri, "--out", join(out, "given"));
      expect(await mongo.ended, mongo.printed).toBe(0);
      const uids = mongo.runs.map(({ uid }) => uid);
      const [step, fly] = (await inPython(READ_WHOLE, uri, ...uids))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { names: string[]; columns: Record<string, number[]> });
      expect(step?.names[0]).toBe("start");
      expect(step?.names.at(-1)).toBe("stop");
      expect(step?.columns.ph).toHaveLength(31);
      // The demo has compared each stored document with the emitted one; here Python's columns are compared with those documents.
      await using catalog = await Catalog.open(uri);
      for (const [at, found] of [step, fly].entries()) {
        const stored = await (await catalog.run(uids[at] ?? "")).columns("primary");
        for (const [key, column] of Object.entries(found?.columns ?? {})) {
          expect(column, key).toEqual(Array.from(stored[key] ?? [], Number));
        }
      }
      expect(Object.keys(fly?.columns ?? {}).length).toBeGreaterThanOrEqual(50);
      for (const column of Object.values(fly?.columns ?? {})) expect(column).toHaveLength(2_000);
    });
  });

  it("refuses a MongoDB that is away before anything moves, and names it", { timeout: 60_000 }, async () => {
    const away = demo("--mongo", "mongodb://127.0.0.1:1/nowhere", "--out", join(out, "away"));
    expect(await away.ended).toBe(1);
    expect(away.printed).toContain("127.0.0.1:1");
    expect(away.printed).not.toContain("2. A step scan");
    expect(away.processes).toEqual([]);
  });

  it("names a mistyped option and ends with an error", async () => {
    const mistyped = demo("--store", "mango");
    expect(await mistyped.ended).toBe(1);
    expect(mistyped.printed).toContain("mango");
  });

  it("ends in order on Ctrl-C in mid-scan: the run is closed and stored, and no process is left", {
    timeout: 120_000,
  }, async () => {
    const interrupted = demo("--store", "jsonl", "--out", join(out, "interrupted"));
    await interrupted.prints(/^\|\s+5 \|/m);
    interrupted.interrupt();
    expect(await interrupted.ended, interrupted.printed).toBe(130);
    expect(interrupted.processes).toEqual([]);
    const stop = await inPython(
      "import glob, json, sys\n" +
        "for path in glob.glob(sys.argv[1] + '/*.jsonl'): print(json.loads(open(path).readlines()[-1]))",
      join(out, "interrupted"),
    );
    expect(stop).toContain("'exit_status': 'abort'");
  });

  it("leaves no process behind when it is killed in mid-scan", { timeout: 120_000 }, async () => {
    const killed = demo("--out", join(out, "killed"));
    await killed.prints(/^\|\s+5 \|/m);
    expect(killed.processes.length).toBeGreaterThan(2);
    killed.child.kill("SIGKILL");
    await killed.ended;
    await vi.waitFor(() => expect(killed.processes).toEqual([]), { timeout: 10_000, interval: 100 });
  });
});
