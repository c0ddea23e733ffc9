import { join } from "node:path";
import type { Sink } from "../../documents/index.ts";
import { describeError } from "../describe-error.ts";
import { Refused } from "./refused.ts";
import { RUNS_DIR, STATE_DIR } from "./state-files.ts";

export interface StoreOptions {
  readonly mongo?: string;
  readonly jsonl?: string;
  /** False of `--no-store`. */
  readonly store: boolean;
}

/**
 * The sink that was asked for, ready to store, and files where nothing was; a server that is away is refused before anything moves. `warn` is told
 * what goes wrong later.
 */
export async function openStore(
  { mongo, jsonl, store }: StoreOptions,
  warn: (text: string) => void,
): Promise<Sink | undefined> {
  if (!store) return undefined;
  if (jsonl !== undefined || mongo === undefined) {
    const { JsonlWriter } = await import("../../documents/sinks/jsonl.ts");
    return new JsonlWriter(jsonl ?? RUNS_DIR);
  }
  const { MongoWriter } = await import("../../documents/sinks/mongo/index.ts");
  const writer = await MongoWriter.connect(mongo, { journalDir: join(STATE_DIR, "journal") }).catch((error) => {
    throw new Refused(`the documents can't be stored, so nothing was moved: ${describeError(error)}`, { cause: error });
  });
  writer.errors$.subscribe((error) => warn(describeError(error)));
  return writer;
}
