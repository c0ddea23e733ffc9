import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "./setup/paths.mjs";

const src = join(root, "src");
const dist = join(root, "dist");
const COMPILED = /(?<!\.d)\.ts$/;

const compiler = join(root, "node_modules/typescript/bin/tsc");
const { status } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.build.json", "--noEmitOnError"], {
  cwd: root,
  stdio: "inherit",
});
if (status !== 0) process.exit(status ?? 1);

const sources = files(src);
for (const path of sources.filter((path) => !COMPILED.test(path))) {
  mkdirSync(dirname(join(dist, path)), { recursive: true });
  copyFileSync(join(src, path), join(dist, path));
}

// Files whose source is gone would still be importable, and be packed.
const known = new Set(sources.map((path) => path.replace(COMPILED, "")));
for (const path of files(dist)) {
  const stem = path.replace(/(\.d\.ts|\.js)(\.map)?$/, "");
  if (!known.has(stem) && !known.has(path)) rmSync(join(dist, path));
}

const command = join(dist, "cli/main.js");
if (existsSync(command)) chmodSync(command, 0o755);

function files(directory) {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)));
}
