import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Document, Event } from "cerulean/documents";
import { MongoWriter, type MongoWriterOptions } from "cerulean/sinks/mongo";
import { MongoClient } from "mongodb";
import type { Contender } from "../interleave.ts";
import { eventsOf, pageOf, runOf } from "./documents.ts";

/** What is stored in one round. */
export interface Load {
  readonly fields: number;
  readonly rows: number;
  /** Rows of a page; none: event by event. */
  readonly page?: number;
}

/** Where it is stored, and in what batches; the write concern is the majority's journal. */
export interface Place {
  readonly uri: string;
  readonly folder: string;
  readonly batch: number;
}

export interface Closing extends Contender {
  close(): Promise<void>;
}

/** From the first `write` to the acknowledgement of all, the loop left to others every 100 documents as the engine does. */
export async function ours(who: string, place: Place, load: Load, options: MongoWriterOptions = {}): Promise<Closing> {
  const journalDir = join(place.folder, "journal");
  const uri = `${place.uri}/ours_${randomUUID().slice(0, 8)}`;
  const writer = await MongoWriter.connect(uri, { journalDir, batchSize: place.batch, ...options });
  return {
    who,
    async round() {
      const run = runOf(load.fields, load.rows);
      for (const document of run.opening) writer.write(document);
      await writer.flush();
      const documents = documentsOf(run.descriptor, load);
      const started = performance.now();
      for (const [at, document] of documents.entries()) {
        writer.write(document);
        if (at % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
        if (writer.ready !== undefined) await writer.ready;
      }
      await writer.flush();
      const us = (performance.now() - started) * 1000;
      writer.write(run.closing);
      await writer.flush();
      const { ok } = await writer.verify(run.uid);
      if (!ok) throw new Error("not every row is in the store");
      return [us / load.rows];
    },
    close: () => writer.close(),
  };
}

/** `insertMany` of the same rows in the same batches with the same indexes, one batch after the other. */
export async function bare(place: Place, load: Load): Promise<Closing> {
  const client = await MongoClient.connect(place.uri);
  const collection = client.db(`bare_${randomUUID().slice(0, 8)}`).collection("event");
  await collection.createIndex("uid", { unique: true });
  await collection.createIndex({ descriptor: -1, time: 1 });
  return {
    who: "bare insertMany, Node",
    async round() {
      const events = eventsOf(randomUUID(), load.fields, load.rows);
      const batches: Event[][] = [];
      for (let at = 0; at < events.length; at += place.batch) batches.push(events.slice(at, at + place.batch));
      const started = performance.now();
      for (const batch of batches) {
        await collection.insertMany(batch, { ordered: false, writeConcern: { w: "majority", journal: true } });
      }
      return [((performance.now() - started) * 1000) / load.rows];
    },
    close: () => client.close(),
  };
}

function documentsOf(descriptor: string, { fields, rows, page }: Load): Document[] {
  if (page === undefined) return eventsOf(descriptor, fields, rows).map((doc) => ({ name: "event", doc }));
  return Array.from({ length: rows / page }, (_, at) => ({
    name: "event_page",
    doc: pageOf(descriptor, fields, page, 1 + at * page),
  }));
}
