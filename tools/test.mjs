import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, stateDir } from "./setup/paths.mjs";
import { elapsed } from "./setup/progress.mjs";
import { main, setUp } from "./setup.mjs";

const BIN = join(root, "node_modules/.bin");
const REPORT = join(stateDir, "test-report.json");

/** What is proven besides the tests; each counts as one in the closing line. */
const CHECKS = [
  { name: "format, lint and import rules", command: ["biome", "check", "--error-on-warnings", "."] },
  // Both compilers call themselves tsc, and either may be the one in node_modules/.bin.
  {
    name: "types, TypeScript 6",
    command: [process.execPath, "node_modules/typescript/bin/tsc", "-p", ".", "--noEmit"],
  },
  { name: "types, TypeScript 7", command: [process.execPath, "node_modules/ts7/bin/tsc", "-p", ".", "--noEmit"] },
  { name: "api reports are current", command: [process.execPath, "tools/api.mjs", "--check"] },
  { name: "third-party licences are current", command: [process.execPath, "tools/licences.mjs", "--check"] },
  { name: "package is well-formed", command: ["publint", "--strict"] },
];

await main(async () => {
  const env = await setUp();
  let passed = 0;
  const failures = [];
  for (const { name, command } of CHECKS) {
    if ((await execute(command, env)) === 0) passed++;
    else failures.push(name);
    console.log(`${failures.at(-1) === name ? "✗" : "✓"} ${name}`);
  }

  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${REPORT}`];
  const code = await execute(["vitest", "run", ...reporters, ...process.argv.slice(2)], env);
  const report = JSON.parse(readFileSync(REPORT, "utf8"));
  passed += report.numPassedTests;
  let failed = failures.length + report.numFailedTests;
  // An error outside of any test, or a file that did not load, fails the run without a failed test.
  if (code !== 0 && report.numFailedTests === 0) failed++;
  for (const name of failures) console.log(`✗ ${name}`);
  console.log(`in ${elapsed(0)}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
});

function execute([command, ...args], env) {
  const path = command.includes("/") ? command : join(BIN, command);
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
    child.once("error", reject).once("exit", (code) => resolve(code ?? 1));
  });
}
