import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Catalog } from "cerulean/catalog";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type MiniBeamline, startMiniBeamline } from "../support/mini-beamline.ts";
import { TestMongod } from "../support/mongod.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const command = join(root, "dist/cli/main.js");
const examples = join(root, "examples/beamline");

const SCANS = `
import type { Plan } from "cerulean";
import { scan } from "cerulean/plans";
import * as bps from "cerulean/plans/stubs";
import { SynAxis, SynGauss } from "cerulean/sim";

export const x = new SynAxis({ velocity: 20, limits: [-5, 5], units: "mm" });
export const y = new SynAxis({ velocity: 1 });
export const det = new SynGauss("det", x, "x", 0, 100, { sigma: 1 });
export class Helper {}

export const peak = (points = 5): Plan<string> => scan([det], x, -3, 3, points);
export const tooFar = (): Plan<string> => scan([det], x, -8, 3, 12);
export const slow = (): Plan<string> => scan([det], y, 0, 10, 200);
export async function* answer(question: { of: number }): Plan<number> {
  yield* bps.null();
  return question.of * 2;
}
export async function* broken(): Plan {
  yield* bps.mv(x, 1);
  const readings = yield* bps.read(x);
  if (readings.x?.value === 1) throw new Error("it broke at 1");
}
export async function* forever(): Plan {
  for (;;) yield* bps.checkpoint();
}
`;

let folder: string;
let ioc: MiniBeamline;
let cache: string;

/** A project outside of the repository, without a type in its package, that has the package linked into it. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cerulean-run-"));
  cache = join(folder, "cache");
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/cerulean"));
  writeFileSync(join(folder, "scans.ts"), SCANS);
  ioc = await startMiniBeamline();
});

afterAll(async () => {
  await ioc?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function environment(): NodeJS.ProcessEnv {
  const { CERULEAN_MONGO_URI: _, ...env } = process.env;
  return { ...env, ...ioc.env, XDG_CACHE_HOME: cache };
}

function start(...args: string[]): { child: ChildProcess; said(part: string): Promise<void>; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [command, "run", ...args], {
    cwd: folder,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, "close").then(([code]) => ({ code, stdout, stderr }));
  return {
    child,
    said: (part) => vi.waitFor(() => expect(stdout).toContain(part), { timeout: 30_000, interval: 10 }),
    ended,
  };
}

const run = (...args: string[]): Promise<Ended> => start(...args).ended;

function documentsIn(directory: string): [string, any][] {
  const [file] = readdirSync(join(folder, directory));
  return readFileSync(join(folder, directory, file ?? ""), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("cerulean run", () => {
  it("runs a plan of a file with arguments, shows table and peak, and stores the run with the metadata of a file", async () => {
    writeFileSync(join(folder, "md.json"), '{ "proposal": 7, "sample": "LaB6" }');
    const { code, stdout, stderr } = await run(
      "scans.ts",
      "peak",
      "--args",
      "[7]",
      "--jsonl",
      "data",
      "--md",
      "md.json",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("peak: 7 points, 1 run, 10 documents");
    expect(stdout).toMatch(/\| +4 \| [\d:.]+ \| +0\.000 \| +100\.000 \|/);
    expect(stdout).toMatch(/x: centre .*, maximum 100 at 0/);
    const documents = documentsIn("data");
    expect(documents[0]?.[1]).toMatchObject({
      proposal: 7,
      sample: "LaB6",
      plan_name: "scan",
      pid: expect.any(Number),
    });
    expect(documents.at(-1)?.[1]).toMatchObject({ exit_status: "success", num_events: { primary: 7 } });
    expect(existsSync(join(folder, ".cerulean/recovery.json"))).toBe(false);
  });

  it("stores in files where no place is named, and where the catalog looks, and nothing when it is told so", async () => {
    const runs = ".cerulean/runs";
    expect((await run("scans.ts", "peak", "--no-store")).code).toBe(0);
    expect(existsSync(join(folder, runs))).toBe(false);
    const { stdout } = await run("scans.ts", "peak");
    const uid = documentsIn(runs)[0]?.[1].uid;
    expect(stdout).toContain(`run ${uid}`);
    const listed = spawnSync(process.execPath, [command, "catalog", "list", "--json"], {
      cwd: folder,
      env: environment(),
      encoding: "utf8",
    });
    expect(JSON.parse(listed.stdout)).toMatchObject({ uid, exitStatus: "success" });
    const both = await run("scans.ts", "peak", "--jsonl", "data", "--mongo", "mongodb://localhost/beamline");
    expect(both).toMatchObject({ code: 1, stderr: expect.stringContaining("--mongo and --jsonl name two places") });
    rmSync(join(folder, runs), { recursive: true });
  });

  it("numbers the scans on from one command to the next", async () => {
    const numbers: unknown[] = [];
    for (const directory of ["first", "second"]) {
      await run("scans.ts", "peak", "--jsonl", directory);
      numbers.push(documentsIn(directory)[0]?.[1].scan_id);
    }
    expect(numbers[1]).toBe((numbers[0] as number) + 1);
  });

  it("passes one argument that is no array, and tells what the plan answered", async () => {
    const { code, stdout } = await run("scans.ts", "answer", "--args", '{"of":21}');
    expect(code).toBe(0);
    expect(stdout).toContain("the plan answered 42");
  });

  it("tells of a dry run what the plan would do, without running it", async () => {
    const { code, stdout } = await run("scans.ts", "peak", "--dry-run", "--jsonl", "dry");
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        "peak: 5 points, 1 run, 8 documents, 51 messages\n  x: 5 moves between -3 and 3, 9 in all\n  at least 0.5 s\n",
    });
    expect(existsSync(join(folder, "dry"))).toBe(false);
  });

  it("refuses a plan that goes beyond a limit, with each position, before anything moves", async () => {
    const { code, stdout, stderr } = await run("scans.ts", "tooFar");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("nothing was moved:\nx can't move to -8: its limits are -5 and 5\nx can't move to -7");
    const unchecked = await run("scans.ts", "tooFar", "--no-check");
    expect(unchecked.code).toBe(1);
    expect(unchecked.stderr).toContain("x can't move to -8");
  });

  it("refuses a file with wrong types and a plan that is called and never iterated, unless it is told not to check", async () => {
    writeFileSync(
      join(folder, "wrong.ts"),
      `${SCANS}\nexport async function* mine(): Plan {\n  yield* bps.mv(x, "up");\n  bps.mv(x, 1);\n}\n`,
    );
    const { code, stderr } = await run("wrong.ts", "peak");
    expect(code).toBe(2);
    expect(stderr).toContain("error TS2345: Argument of type 'string' is not assignable to parameter of type 'number'");
    expect(stderr).toMatch(/wrong.ts\(\d+,3\): the plan bps.mv\(...\) is called and never iterated/);
    expect((await run("wrong.ts", "peak", "--no-check")).code).toBe(0);
  });

  it("checks what has not changed only once", async () => {
    const records = () => readdirSync(join(cache, "cerulean/types")).length;
    await run("scans.ts", "peak", "--dry-run");
    const before = records();
    await run("scans.ts", "peak", "--dry-run");
    expect(records()).toBe(before);
    writeFileSync(join(folder, "library.ts"), "export const far = 3;\n");
    writeFileSync(
      join(folder, "user.ts"),
      'import { far } from "./library.ts";\nexport const mine = () => [far * 2];\n',
    );
    expect((await run("user.ts", "--dry-run")).stderr).not.toContain("TS2362");
    writeFileSync(join(folder, "library.ts"), 'export const far = "3";\n');
    expect((await run("user.ts", "--dry-run")).stderr).toContain("TS2362");
  });

  it("keeps to the tsconfig.json of the project", async () => {
    const project = join(folder, "loose");
    mkdirSync(project);
    writeFileSync(
      join(project, "tsconfig.json"),
      '{ "compilerOptions": { "strict": false, "module": "esnext", "moduleResolution": "bundler" } }',
    );
    const plan = "import * as bps from 'cerulean/plans/stubs';\nexport function* mine(a) { yield* bps.null(); }\n";
    writeFileSync(join(project, "mine.ts"), plan);
    expect(await run("loose/mine.ts")).toMatchObject({ code: 0, stderr: "" });
    writeFileSync(join(folder, "strict.ts"), plan);
    expect((await run("strict.ts")).stderr).toContain("TS7006");
  });

  it("ends with 1 when the plan fails, and says why", async () => {
    const { code, stdout, stderr } = await run("scans.ts", "broken", "--no-check");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "\n" });
    expect(stderr).toBe("cerulean: the plan failed: it broke at 1\n");
  });

  it("names the plans that there are when it is told none or one that is not there", async () => {
    const known = "the file has answer, broken, forever, peak, slow, tooFar";
    expect(await run("scans.ts")).toMatchObject({ code: 2, stderr: `cerulean: say which plan to run; ${known}\n` });
    expect((await run("scans.ts", "nope")).stderr).toContain(`there is no plan "nope"; ${known}`);
    expect((await run("nowhere.ts")).stderr).toContain(`there is no file ${join(folder, "nowhere.ts")}`);
    expect((await run("scans.ts", "peak", "--args", "[1")).stderr).toContain("--args is not JSON");
  });

  it("pauses at Ctrl-C and, where nobody can be asked, aborts: the run is stored with its reason, the exit code is 130", async () => {
    const { child, said, ended } = start("scans.ts", "slow", "--jsonl", "aborted", "--no-check");
    await said("|         5 |");
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 130, stdout: expect.stringContaining("abort: Ctrl-C") });
    expect(documentsIn("aborted").at(-1)?.[1]).toMatchObject({ exit_status: "abort", reason: "Ctrl-C" });
  });

  it("refuses to run twice at the same time from one folder", async () => {
    const { child, said, ended } = start("scans.ts", "slow", "--no-check");
    await said("|         1 |");
    const second = await run("scans.ts", "peak");
    expect(second.code).toBe(2);
    expect(second.stderr).toContain(`is in use by process ${child.pid}`);
    child.kill("SIGTERM");
    expect((await ended).code).toBe(130);
  });

  it("shows what a killed run has left behind at the next run and with cerulean doctor", async () => {
    const { child, said, ended } = start("scans.ts", "slow", "--no-check");
    await said("|         1 |");
    child.kill("SIGKILL");
    await ended;
    const { stderr, code } = await run("scans.ts", "peak");
    expect(code).toBe(0);
    expect(stderr).toContain("ended without putting back det, y");
    rmSync(join(folder, ".cerulean/recovery.json"));
  });

  it("stores in MongoDB, and refuses a server that is away before anything moves", async () => {
    const mongod = await TestMongod.start();
    try {
      const uri = mongod.uri();
      expect(await run("scans.ts", "peak", "--mongo", uri)).toMatchObject({ code: 0, stderr: "" });
      await using catalog = await Catalog.open(uri);
      expect(await catalog.list()).toMatchObject([{ exitStatus: "success" }]);
    } finally {
      await mongod.stop();
    }
    const away = await run("scans.ts", "peak", "--mongo", "mongodb://127.0.0.1:9/scans");
    expect(away.code).toBe(2);
    expect(away.stderr).toContain("can't be stored, so nothing was moved");
  });

  it("says which devices could not be connected", async () => {
    writeFileSync(
      join(folder, "away.ts"),
      `import { EpicsMotor } from "cerulean/epics";
export const gone = new EpicsMotor("no:such:motor");
gone.connect = () => Promise.reject(new Error("no:such:motor.VAL is not there"));
export const here = () => [];\n`,
    );
    const { code, stderr } = await run("away.ts", "here");
    expect(code).toBe(2);
    expect(stderr).toContain("not connected, so nothing was moved:\ngone: no:such:motor.VAL is not there");
  });
});

describe("a plan file that loads a copy of the package of its own", () => {
  let project: string;

  beforeAll(() => {
    project = join(folder, "copy");
    const copy = join(project, "node_modules/cerulean");
    cpSync(join(root, "dist"), join(copy, "dist"), { recursive: true });
    cpSync(join(root, "package.json"), join(copy, "package.json"));
    for (const shared of ["native", "node_modules"]) symlinkSync(join(root, shared), join(copy, shared));
    const plan = `
import { RequestAbort } from "cerulean";
export async function* givesUp(): Plan {
  yield* bps.openRun();
  throw new RequestAbort("that will do");
}
`;
    writeFileSync(join(project, "scans.ts"), `${SCANS}${plan}`);
    cpSync(join(examples, "scans.ts"), join(project, "beamline.ts"));
  });

  it("is run, with messages, statuses and control errors of the other copy", async () => {
    const { code, stdout } = await run("copy/scans.ts", "peak", "--jsonl", "copied");
    expect(code).toBe(0);
    expect(stdout).toMatch(/x: centre .*, maximum 100 at 0/);
    expect(documentsIn("copied").at(-1)?.[1]).toMatchObject({ exit_status: "success", num_events: { primary: 5 } });
    const given = await run("copy/scans.ts", "givesUp", "--jsonl", "given-up", "--no-check");
    expect(given.code).toBe(130);
    expect(documentsIn("given-up").at(-1)?.[1]).toMatchObject({ exit_status: "abort", reason: "that will do" });
  });

  it("moves its motors over its own channels, and the command ends", async () => {
    const { code, stdout, stderr } = await run("copy/beamline.ts", "profile", "--args", "[4, 3]");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("profile: 3 points, 1 run, 6 documents");
  });
});

describe("examples/beamline, run on the mini-beamline", () => {
  it("profile finds the centre of the pinhole, with the proposal in the start document", async () => {
    const { code, stdout, stderr } = await run(
      ...[join(examples, "scans.ts"), "profile", "--args", "[8, 9]"],
      ...["--jsonl", "beamline", "--md", join(examples, "proposal.json")],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("profile: 9 points, 1 run, 12 documents");
    const centre = /pinhole: centre (\S+),/.exec(stdout)?.[1];
    expect(Math.abs(Number(centre))).toBeLessThan(0.5);
    expect(documentsIn("beamline")[0]?.[1]).toMatchObject({ proposal: "2026-117", motors: ["pinhole"] });
  });

  it("halfLight answers with how far it is to half of the light", async () => {
    const { code, stdout, stderr } = await run(join(examples, "scans.ts"), "halfLight", "--args", "2", "--no-check");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/the plan answered [46]\n/);
  });

  it("is refused where the record's limits are exceeded, before the motor moves", async () => {
    const { code, stdout, stderr } = await run(join(examples, "scans.ts"), "profile", "--args", "[200, 3]");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("pinhole");
    expect(stderr).toContain("200");
  });

  it("is estimated without a beamline", async () => {
    const { code, stdout } = await run(join(examples, "scans.ts"), "profile", "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("pinhole: 11 moves between -10 and 10");
    expect(stdout).toContain("without pinhole, whose speed or exposure is not known");
  });
});
