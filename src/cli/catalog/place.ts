import { existsSync } from "node:fs";
import { Catalog } from "../../documents/catalog/index.ts";
import { describeError } from "../describe-error.ts";
import { RUNS_DIR } from "../run/state-files.ts";

/** Where the runs are. */
export interface Place {
  readonly mongo?: string;
  readonly jsonl?: string;
}

/** Opens the catalog at the place that was named. */
export async function openCatalog({ mongo, jsonl }: Place): Promise<Catalog> {
  // A folder that was asked for goes before a server from the environment.
  const location = jsonl ?? mongo ?? (existsSync(RUNS_DIR) ? RUNS_DIR : undefined);
  if (location === undefined) {
    throw new Error(
      `say where the runs are: --mongo mongodb://host/database, or --jsonl <dir>; there is no ${RUNS_DIR} here`,
    );
  }
  // Who reads our output may have enough of it (`| head`).
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    process.stderr.write(`cerulean: ${describeError(error)}\n`);
    process.exit(1);
  });
  return Catalog.open(location);
}

/** Writes one line on standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
