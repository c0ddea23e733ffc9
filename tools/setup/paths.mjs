import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** What every clone of this user shares: compiled dependencies, finished binaries, the Python environment, mongod. */
export const cacheDir = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "cerulean");

/** What belongs to this clone alone. */
export const stateDir = join(root, ".cerulean");
