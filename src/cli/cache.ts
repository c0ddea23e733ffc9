import { homedir } from "node:os";
import { join } from "node:path";

/** The folder that all of this user's copies of the package share; `XDG_CACHE_HOME` is honoured. */
export function cacheDir(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "cerulean");
}
