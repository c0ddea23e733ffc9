import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.mjs";
import { root } from "./paths.mjs";

/** The packages of package-lock.json in node_modules. */
export function nodeModules() {
  const why = reason();
  return {
    name: "npm ci",
    why,
    lacks: [],
    run: () => run("npm", ["ci", "--no-audit", "--no-fund", "--prefer-offline"]),
  };
}

function reason() {
  const installedFile = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installedFile)) return "the packages of package-lock.json are not installed yet";
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedFile, "utf8")).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "" || entry.optional) continue;
    const there = installed[path]?.version;
    if (there !== entry.version) {
      return `${path.replace(/^.*node_modules\//, "")} is ${there ?? "absent"}, package-lock.json wants ${entry.version}`;
    }
  }
  return null;
}
