import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Beamline, startBeamline } from "../../src/cli/demo/beamline.ts";
import { type Mongod, startMongod } from "../../src/cli/mongod.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");

describe("the examples", () => {
  const directory = mkdtempSync(join(tmpdir(), "cerulean-examples-"));
  let beamline: Beamline;
  let mongod: Mongod;

  beforeAll(async () => {
    [beamline, mongod] = await Promise.all([startBeamline(), startMongod(join(directory, "mongo"))]);
  });

  afterAll(async () => {
    await Promise.all([beamline?.stop(), mongod?.stop()]);
    rmSync(directory, { recursive: true, force: true });
  });

  const run = async (name: string, ...args: string[]): Promise<string> => {
    const command = [join(root, "node_modules/tsx/dist/cli.mjs"), join(root, "examples", name), ...args];
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: directory });
    return stdout;
  };

  it("first-plan.ts prints what the README says", async () => {
    const printed = await run("first-plan.ts");
    expect(withoutRunDetails(printed)).toBe(withoutRunDetails(readmeBlock("output of examples/first-plan.ts")));
  });

  it("own-pvs.ts finds the peak of the mini-beamline and stores the run", async () => {
    const printed = await run("own-pvs.ts");
    const [, uid, peak] = /run (\S+): peak at (\S+), stored/.exec(printed) ?? [];
    expect(Math.abs(Number(peak))).toBeLessThan(0.5);
    expect(readdirSync(join(directory, "data"))).toEqual([`${uid}.jsonl`]);
  });

  it("into-mongodb.ts stores a run", async () => {
    expect(await run("into-mongodb.ts", `${mongod.uri}/examples`)).toMatch(/run \S{36} is in MongoDB/);
  });

  it("fly-page.ts gets its sweep in one page", async () => {
    expect(await run("fly-page.ts")).toBe("100 rows of flyer1_x and flyer1_y in one page\n");
  });

  it("typed-devices.ts shows a summary and reads what it has typed", async () => {
    const printed = await run("typed-devices.ts");
    expect(printed).toMatch(/^PointDetector "detectors-ph"$/m);
    expect(printed).toMatch(/^ {2}exposureTime +config +1 +t\.float {2}ca:\/\/mini:ph:ExposureTime_RBV$/m);
    const [, part] = /at one sigma there is (\S+) of the light/.exec(printed) ?? [];
    // The beam's own current goes up and down by 5 %.
    expect(Number(part)).toBeGreaterThan(Math.exp(-0.5) / 1.12);
    expect(Number(part)).toBeLessThan(Math.exp(-0.5) * 1.12);
  });

  it("fly-dead-time.ts finds the channel's peak in its page", async () => {
    const [, rows, at] = /^(\d+) rows in one page; most light at (\S+) mm$/m.exec(await run("fly-dead-time.ts")) ?? [];
    expect(Number(rows)).toBe(1000);
    expect(Math.abs(Number(at))).toBeLessThan(0.6);
  });

  it("camera-to-hdf5.ts writes as many frames as it announces", async () => {
    const printed = await run("camera-to-hdf5.ts", directory);
    const [, uri = ""] = /^camera is written to (\S+)$/m.exec(printed) ?? [];
    expect(printed).toContain("5 frames are announced");
    const h5 = await import("h5wasm/node");
    await h5.ready;
    const file = new h5.File(fileURLToPath(uri.replace("localhost", "")), "r");
    expect((file.get("/entry/data/data") as { shape: number[] }).shape).toEqual([5, 48, 64]);
    file.close();
  });

  it("pseudo-axis.ts moves its jacks together", async () => {
    expect(await run("pseudo-axis.ts")).toContain("height 20.0, tilt 4.0\n");
  });

  it("has a test for each of its files; those in beamline are run by the tests of the command", () => {
    expect(readdirSync(join(root, "examples")).sort()).toEqual(
      [
        "beamline",
        "camera-to-hdf5.ts",
        "first-plan.ts",
        "fly-dead-time.ts",
        "fly-page.ts",
        "into-mongodb.ts",
        "own-pvs.ts",
        "pseudo-axis.ts",
        "typed-devices.ts",
      ].sort(),
    );
  });

  it("are all explained in the documentation", () => {
    const docs = join(root, "docs");
    const pages = readdirSync(docs).filter((name) => name.endsWith(".md"));
    const told = [readme, ...pages.map((name) => readFileSync(join(docs, name), "utf8"))].join("\n");
    for (const example of readdirSync(join(root, "examples"))) expect(told).toContain(`examples/${example}`);
  });
});

describe("the README", () => {
  it.each(["examples/first-plan.ts", "examples/own-pvs.ts"])("shows %s as it is", (path) => {
    expect(readmeBlock(path)).toBe(readFileSync(join(root, path), "utf8"));
  });
});

/** The code block that follows the comment with this label. */
function readmeBlock(label: string): string {
  const [, block] = readme.split(`<!-- ${label} -->`)[1]?.split(/^```.*\n/m) ?? [];
  if (block === undefined) throw new Error(`the README has no block for ${label}`);
  return block;
}

/** Without times of day and the run's uid. */
function withoutRunDetails(table: string): string {
  return table.replace(/\d\d:\d\d:\d\d\.\d/g, "TIME").replace(/'[0-9a-f]{8}'/, "'UID'");
}
