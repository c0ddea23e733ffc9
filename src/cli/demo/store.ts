import { join, resolve } from "node:path";
import { Catalog } from "../../documents/catalog/index.ts";
import type { Document, Sink } from "../../documents/index.ts";
import { JsonlWriter } from "../../documents/sinks/jsonl.ts";
import { MongoWriter } from "../../documents/sinks/mongo/index.ts";
import { startMongod } from "../mongod.ts";

/** Where the demo's documents go, and how they come back. */
export interface Store {
  readonly sink: Sink;
  /** What is running, for the user. */
  readonly description: string;
  /** Where a run is, in words, and three lines of Python that open it. */
  locate(runUid: string, field: string): { readonly place: string; readonly python: readonly string[] };
  /** Every document of a run, as the store has it. */
  read(runUid: string): Promise<Document[]>;
  /** Flushes, and ends a database that the demo started. */
  close(): Promise<void>;
}

/** Files of lines, one for each run: no server. */
export function jsonlStore(out: string): Store {
  const directory = resolve(out);
  const sink = new JsonlWriter(directory);
  return {
    sink,
    description: `files in ${directory}`,
    locate(runUid) {
      const path = sink.pathOf(runUid);
      return {
        place: path,
        python: [
          "import json",
          `documents = [json.loads(line) for line in open(${JSON.stringify(path)})]`,
          'print([name for name, document in documents][:3], documents[-1][1]["exit_status"])',
        ],
      };
    },
    read: (runUid) => readAll(directory, runUid),
    close: () => sink.close(),
  };
}

/** MongoDB: the server and database of `uri`, else a mongod of the demo's own with its data under `out`. */
export async function mongoStore(out: string, uri: string | undefined): Promise<Store> {
  const mongod = uri === undefined ? await startMongod(resolve(out, "mongo")) : undefined;
  const database = uri ?? `${mongod?.uri}/cerulean`;
  const shown = database.replace(/:\/\/([^:@/]+):[^@/]+@/, "://$1:PASSWORD@");
  const sink = await MongoWriter.connect(database, { journalDir: join(resolve(out), "journal") }).catch(
    async (error) => {
      await mongod?.stop();
      throw error;
    },
  );
  return {
    sink,
    description:
      mongod === undefined ? `MongoDB at ${shown}` : `MongoDB at ${shown}, with its data in ${resolve(out, "mongo")}`,
    locate: (runUid, field) => ({
      place: mongod === undefined ? shown : `${shown} (to start it again: ${mongod.command})`,
      python: [
        "from databroker.mongo_normalized import MongoAdapter",
        `run = MongoAdapter.from_uri(${JSON.stringify(shown)})[${JSON.stringify(runUid)}]`,
        `print(run["primary"]["data"][${JSON.stringify(field)}].read())`,
      ],
    }),
    read: (runUid) => readAll(database, runUid),
    async close() {
      await sink.close();
      await mongod?.stop();
    },
  };
}

async function readAll(location: string, runUid: string): Promise<Document[]> {
  await using catalog = await Catalog.open(location);
  const documents: Document[] = [];
  for await (const document of (await catalog.run(runUid)).documents()) documents.push(document);
  return documents;
}
