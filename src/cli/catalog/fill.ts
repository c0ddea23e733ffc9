import { join } from "node:path";
import type { Document, Sink } from "../../documents/index.ts";
import { parseUri } from "../../documents/sinks/mongo/options.ts";
import { describeError } from "../describe-error.ts";
import { STATE_DIR } from "../run/state-files.ts";
import { type Place, print } from "./place.ts";

export interface FillOptions extends Place {
  readonly kafka: string;
  readonly group: string;
  readonly session: number;
  readonly journal?: string;
}

/** Brings what is published to Kafka topics into MongoDB, each document once, until it is interrupted. */
export async function fill(topics: readonly string[], options: FillOptions): Promise<void> {
  const { mongo, jsonl, kafka, group, session, journal = join(STATE_DIR, "journal") } = options;
  if (jsonl !== undefined || mongo === undefined) {
    throw new Error(
      "say which database to fill: --mongo mongodb://host/database; files can't tell a document that comes twice",
    );
  }
  const { MongoWriter } = await import("../../documents/sinks/mongo/index.ts");
  const { KafkaReader } = await import("../../documents/sinks/kafka/index.ts");
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    await using reader = await KafkaReader.connect(kafka, {
      topics,
      groupId: group,
      sessionTimeoutMs: session * 1000,
      report: warn,
    });
    await using writer = await MongoWriter.connect(mongo, { journalDir: journal });
    writer.errors$.subscribe(warn);
    print(`reading ${topics.join(", ")} from ${kafka} into ${parseUri(mongo).shownUri}; Ctrl-C ends it`);
    await reader.readInto(telling(writer), { signal: interrupted.signal });
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

/** The same sink, with a line for each run that ends. */
function telling(sink: Sink): Sink {
  return {
    write(document: Document): void {
      sink.write(document);
      if (document.name === "stop") print(`${document.doc.run_start}  ${document.doc.exit_status}`);
    },
    get ready() {
      return sink.ready;
    },
    flush: () => sink.flush(),
    close: () => sink.close(),
  };
}

function warn(error: Error): void {
  process.stderr.write(`cerulean: ${describeError(error)}\n`);
}
