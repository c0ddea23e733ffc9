import { execFile } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const page = readFileSync(join(root, "docs/adding-a-command.md"), "utf8");
const [ofTheBeamline, file, line] = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code as string);

const WRONG = `
import { Msg } from "cerulean";
export function* plan() {
  const weight: string = yield* new Msg("tare");
  return weight;
}
`;

describe("the page on adding a command", () => {
  const directory = mkdtempSync(join(tmpdir(), "cerulean-command-"));
  const [project, user] = [join(directory, "project"), join(directory, "user")];

  beforeAll(() => {
    mkdirSync(join(user, "node_modules"), { recursive: true });
    cpSync(join(root, "src"), join(project, "src"), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
    symlinkSync(join(root, "node_modules/@types"), join(user, "node_modules/@types"));
    symlinkSync(root, join(user, "node_modules/cerulean"));
    for (const folder of [project, user]) {
      cpSync(join(root, "tsconfig.json"), join(folder, "tsconfig.json"));
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    }
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  it("has a file and a line that are all there is to a command of the engine's own", async () => {
    writeFileSync(join(project, "src/engine/commands/tare.ts"), file ?? "");
    appendFileSync(join(project, "src/engine/commands/index.ts"), line ?? "");
    const probe = (ofTheBeamline ?? "")
      .replace('"cerulean"', '"./src/index.ts"')
      .replace(/declare module .*?\n}\n/s, "")
      .replace(/engine\.registerCommand.*\n/, "");
    expect(probe).not.toMatch(/registerCommand|declare/);
    writeFileSync(join(project, "probe.ts"), probe);
    expect(await compiled(project, "probe.ts")).toBe("");
    expect(await run(project, "probe.ts")).toBe("0.25\n");
  });

  it("has a program that gives an engine a command of its own", async () => {
    writeFileSync(join(user, "own.ts"), ofTheBeamline ?? "");
    expect(await compiled(user, "own.ts")).toBe("");
    expect(await run(user, "own.ts")).toBe("0.25\n");
    writeFileSync(join(user, "wrong.ts"), WRONG);
    expect(await compiled(user, "own.ts", "wrong.ts")).toContain("'number' is not assignable to type 'string'");
  });
});

async function compiled(folder: string, ...files: readonly string[]): Promise<string> {
  const tsconfig = { extends: "./tsconfig.json", compilerOptions: { skipLibCheck: true }, files };
  writeFileSync(join(folder, "tsconfig.probe.json"), JSON.stringify({ ...tsconfig, include: [] }));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  return promisify(execFile)(process.execPath, [tsc, "-p", join(folder, "tsconfig.probe.json")]).then(
    ({ stdout }) => stdout,
    ({ stdout }) => stdout,
  );
}

async function run(folder: string, program: string): Promise<string> {
  const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [tsx, join(folder, program)], { cwd: folder });
  return stdout;
}
