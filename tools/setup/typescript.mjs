import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.mjs";
import { contentHash } from "./hash.mjs";
import { root, stateDir } from "./paths.mjs";

const SOURCES = ["src", "tsconfig.json", "tsconfig.build.json", "tools/build.mjs", "package.json"];
const stamp = join(stateDir, "typescript");

/** The compiled package in dist. */
export function typescript() {
  const source = contentHash(SOURCES);
  const built = existsSync(join(root, "dist/index.js"));
  const current = built && existsSync(stamp) && readFileSync(stamp, "utf8") === source;
  return {
    name: "TypeScript build",
    why: current ? null : built ? "the sources changed" : "the package is not compiled yet",
    lacks: [],
    async run() {
      await run(process.execPath, ["tools/build.mjs"]);
      mkdirSync(stateDir, { recursive: true });
      writeFileSync(stamp, source);
    },
  };
}
