import { join } from "node:path";

/** The folder, in the one that a command is run from, where it keeps what has to outlive it. */
export const STATE_DIR = ".cerulean";

/** Runs for which no other place was named, one file each. */
export const RUNS_DIR = join(STATE_DIR, "runs");

/** What a plan has changed and not put back. */
export const RECOVERY_FILE = join(STATE_DIR, "recovery.json");

/** Metadata of the last run, the scan number among them. */
export const METADATA_FILE = join(STATE_DIR, "metadata.json");
