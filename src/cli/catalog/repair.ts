import { join } from "node:path";
import { stringify } from "../../documents/json.ts";
import { STATE_DIR } from "../run/state-files.ts";
import { type Place, print } from "./place.ts";

/** Stores what writers who died left in the journal, and closes the runs of dead engines; those of living ones are left alone. */
export async function repair(options: Place & { readonly journal?: string; readonly json: boolean }): Promise<void> {
  const { mongo, jsonl, journal = join(STATE_DIR, "journal"), json } = options;
  if (jsonl !== undefined || mongo === undefined) {
    throw new Error("say which database to repair: --mongo mongodb://host/database; files of runs need no repair");
  }
  const { MongoWriter } = await import("../../documents/sinks/mongo/index.ts");
  const writer = await MongoWriter.connect(mongo, { journalDir: journal });
  try {
    const repaired = await writer.repair();
    const { replayed } = writer.counters;
    for (const { runUid, numEvents } of repaired) {
      const counts = Object.entries(numEvents).map(([stream, count]) => `${stream} ${count}`);
      print(json ? stringify({ uid: runUid, numEvents }) : `${runUid}  got a stop document  ${counts.join(", ")}`);
    }
    if (json) return;
    if (replayed > 0) print(`${replayed} documents of the journal stored`);
    if (repaired.length === 0) print("no run of a dead engine is open");
  } finally {
    await writer.close();
  }
}
