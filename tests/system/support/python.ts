import { existsSync } from "node:fs";

const setUp = new URL("../../../tools/setup/python.mjs", import.meta.url);

/** The interpreter with the EPICS clients and servers: `CERULEAN_PYTHON`, else the one that the set-up made. */
export async function python(): Promise<string> {
  const named = process.env.CERULEAN_PYTHON;
  if (named) return named;
  const made = existsSync(setUp) ? (await import(setUp.href)).environmentPython() : undefined;
  if (made === undefined)
    throw new Error("there is no Python environment for the tests: run npm test, or set CERULEAN_PYTHON");
  return made;
}

/** The interpreter with databroker 1, which wants other versions of what it shares with databroker 2. */
export async function databroker1(): Promise<string> {
  const made = existsSync(setUp) ? (await import(setUp.href)).databroker1Python() : undefined;
  if (made === undefined) throw new Error("there is no Python environment with databroker 1: run npm run soak");
  return made;
}
