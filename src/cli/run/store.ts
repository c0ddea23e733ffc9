import { join } from "node:path";
import type { Sink } from "../../documents/index.ts";
import { describeError } from "../describe-error.ts";
import { Refused } from "./refused.ts";
import { STATE_DIR } from "./state-files.ts";

export interface StoreOptions {
  readonly mongo?: string;
  readonly jsonl?: string;
}

/** The sink that was asked for, ready to store; a server that is away is refused before anything moves. */
export async function openStore({ mongo, jsonl }: StoreOptions): Promise<Sink | undefined> {
  if (jsonl !== undefined) {
    const { JsonlWriter } = await import("../../documents/sinks/jsonl.ts");
    return new JsonlWriter(jsonl);
  }
  if (mongo === undefined) return undefined;
  const { MongoWriter } = await import("../../documents/sinks/mongo/index.ts");
  return MongoWriter.connect(mongo, { journalDir: join(STATE_DIR, "journal") }).catch((error) => {
    throw new Refused(`the documents can't be stored, so nothing was moved: ${describeError(error)}`, { cause: error });
  });
}
