import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

const IMPORTS: readonly (readonly [file: string, imported: string, allowed: boolean])[] = [
  ["src/plans/scan.ts", "../engine/run-engine.ts", false],
  ["src/plans/scan.ts", "../devices/motor.ts", false],
  ["src/plans/stubs/set.ts", "../../engine/msg.ts", true],
  ["src/plans/stubs/set.ts", "../../devices/protocols.ts", true],
  ["src/engine/run-engine.ts", "../devices/signal.ts", false],
  ["src/engine/run-engine.ts", "../documents/sinks/jsonl.ts", false],
  ["src/engine/commands/run.ts", "../../plans/scan.ts", false],
  ["src/engine/commands/run.ts", "../../devices/status.ts", true],
  ["src/engine/msg.ts", "./run-engine.ts", false],
  ["src/documents/compose.ts", "../devices/protocols.ts", false],
  ["src/documents/compose.ts", "mongodb", false],
  ["src/documents/sinks/jsonl.ts", "mongodb", false],
  ["src/documents/sinks/mongo/collection.ts", "mongodb", true],
  ["src/documents/catalog/catalog.ts", "mongodb", true],
  ["src/devices/protocols.ts", "./device.ts", false],
  ["src/devices/motor.ts", "../engine/run-engine.ts", false],
  ["src/devices/motor.ts", "./epics/native.ts", false],
  ["src/devices/epics/channel.ts", "./native.ts", true],
  ["src/devices/motor.ts", "../sim/motor.ts", false],
  ["src/cli/demo.ts", "../engine/run-engine.ts", true],
];

describe("import rules", () => {
  const directory = mkdtempSync(join(tmpdir(), "cerulean-rules-"));
  let refused: Set<string>;

  beforeAll(() => {
    cpSync(join(root, "biome.json"), join(directory, "biome.json"));
    IMPORTS.forEach(([file, imported], index) => {
      const probe = probePath(file, index);
      mkdirSync(dirname(join(directory, probe)), { recursive: true });
      writeFileSync(join(directory, probe), `export * from "${imported}";\n`);
    });
    const args = ["lint", "--only=style/noRestrictedImports", "--max-diagnostics=none", "--reporter=json", "src"];
    const { stdout } = spawnSync(join(root, "node_modules/.bin/biome"), args, { cwd: directory, encoding: "utf8" });
    const report = JSON.parse(stdout) as { diagnostics: { location: { path: string | { file: string } } }[] };
    refused = new Set(
      report.diagnostics.map(({ location }) =>
        typeof location.path === "string" ? location.path : location.path.file,
      ),
    );
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  it.each(IMPORTS.map((entry, index) => ({ file: entry[0], imported: entry[1], allowed: entry[2], index })))(
    "$file importing $imported is allowed: $allowed",
    ({ file, allowed, index }) => {
      expect(refused.has(probePath(file, index))).toBe(!allowed);
    },
  );

  it("refuses import cycles", () => {
    const { linter } = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
    expect(linter.rules.suspicious.noImportCycles).toBe("error");
  });
});

/** Rules for one file need that very name; the other probes get names of their own, so that each has a file. */
function probePath(file: string, index: number): string {
  return /(msg|protocols)\.ts$/.test(file) ? file : file.replace(/[^/]+\.ts$/, `probe-${index}.ts`);
}
