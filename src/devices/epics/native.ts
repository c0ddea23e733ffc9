import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type * as definitions from "../../../native/index.d.ts";
import { AddonMissingError } from "./errors.ts";

/** The functions of the addon; tests put a fake in its place. */
export type Addon = typeof definitions;
export type AddonContextOptions = definitions.ContextOptions;

// From src/, dist/ and an installed package alike, the addon lies three folders up.
const FILE = fileURLToPath(new URL("../../../native/cerulean.node", import.meta.url));

let addon: Addon | undefined;

/** Loads the addon at the first call. Throws `AddonMissingError`, which says how to build it, when it can't. */
export function loadAddon(): Addon {
  addon ??= load();
  return addon;
}

function load(): Addon {
  if (!existsSync(FILE)) {
    throw new AddonMissingError(`the EPICS addon was not built: ${FILE} does not exist. Build it with: npm run setup`);
  }
  try {
    return createRequire(import.meta.url)(FILE) as Addon;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AddonMissingError(`the EPICS addon does not load: ${reason}. Build it anew with: npm run setup`, {
      cause: error,
    });
  }
}
