import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

const SCRIPT = `
import { RunEngine } from "cerulean";
import { initDevices, softSignalRW, t } from "cerulean/devices";
import { caughtPanicCount } from "cerulean/epics";
import { scan } from "cerulean/plans";
import { JsonlWriter } from "cerulean/sinks/jsonl";

const { x, y } = await initDevices({ x: softSignalRW(t.float, 0), y: softSignalRW(t.float, 1) });
const engine = new RunEngine();
const writer = new JsonlWriter("data");
engine.subscribe(writer);
const { runUids } = await engine.run(scan([y], x, 0, 1, 3));
await writer.close();
console.log(JSON.stringify({ runUids, panics: caughtPanicCount() }));
`;

const TYPED = `
import { type Plan, RunEngine, type RunResult } from "cerulean";
import { softSignalRW, t } from "cerulean/devices";
import { EpicsMotor } from "cerulean/epics";
import * as bps from "cerulean/plans/stubs";

const motor = new EpicsMotor("IOC:m1", { name: "m" });
const soft = softSignalRW(t.float, 0);
async function* plan(): Plan<number> {
  yield* bps.mv(motor, 1);
  // @ts-expect-error a motor does not move to a word
  yield* bps.mv(motor, "up");
  yield* bps.absSet(soft, 2, { wait: true });
  return 1;
}
export const result: Promise<RunResult<number>> = new RunEngine().run(plan());
`;

describe("the package, installed from its tarball in an empty project with no Rust in sight", () => {
  const project = mkdtempSync(join(tmpdir(), "cerulean-pack-"));
  const env = { ...process.env, PATH: [dirname(process.execPath), "/usr/bin", "/bin"].join(":") };
  const run = (command: string, ...args: string[]): string =>
    execFileSync(command, args, { cwd: project, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

  beforeAll(() => {
    const packed = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", project], {
      cwd: root,
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    writeFileSync(join(project, "package.json"), JSON.stringify({ name: "scans", private: true, type: "module" }));
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const types = `@types/node@${dependencies["@types/node"]}`;
    run("npm", "install", "--no-audit", "--no-fund", "--prefer-offline", `./${filename}`, types);
  });

  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it("runs a scan of soft devices into a file and loads the addon", () => {
    writeFileSync(join(project, "scan.mjs"), SCRIPT);
    const { runUids, panics } = JSON.parse(run("node", "scan.mjs"));
    expect(panics).toBe(0);
    expect(runUids).toHaveLength(1);
    const lines = readFileSync(join(project, "data", `${runUids[0]}.jsonl`), "utf8")
      .trim()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line)[0])).toEqual([
      "start",
      "descriptor",
      "event",
      "event",
      "event",
      "stop",
    ]);
  });

  it("runs a plan file in TypeScript with the tsx that comes with it", () => {
    writeFileSync(join(project, "her.ts"), SCRIPT.replace('"data"', '"typed-data" as string'));
    expect(JSON.parse(run("npx", "tsx", "her.ts")).runUids).toHaveLength(1);
  });

  it("type-checks a plan, and refuses a mistyped one", () => {
    writeFileSync(join(project, "plan.ts"), TYPED);
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--types", "node"];
    const lib = ["--lib", "es2023,esnext.disposable"];
    run("node", join(root, "node_modules/typescript/bin/tsc"), ...options, ...lib, "plan.ts");
  });

  it("brings the command, its licences and the beamline, and no sources", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(run("npx", "cerulean", "--version").trim()).toBe(version);
    const installed = join(project, "node_modules/cerulean");
    expect(readdirSync(installed).sort()).toEqual(
      ["CHANGELOG.md", "LICENSE", "README.md", "THIRD_PARTY_LICENSES", "dist", "native", "package.json"].sort(),
    );
    expect(readdirSync(join(installed, "native")).sort()).toEqual(["cerulean-ioc", "cerulean.node", "index.d.ts"]);
    expect(readFileSync(join(installed, "THIRD_PARTY_LICENSES"), "utf8")).toContain("Software: epics-rs");
  });
});
