import { isDeepStrictEqual } from "node:util";
import { BSON, type Db, MongoClient, MongoError } from "mongodb";
import { isRepaired } from "../repaired-stop.ts";
import { SinkError } from "../sink-error.ts";
import type { BsonDocument } from "./bson.ts";
import { COLLECTIONS, type Collection, ensureIndexes } from "./collections.ts";
import { decode, decodeExactly, documentSequence } from "./encode.ts";
import type { WorkerStart } from "./protocol.ts";

/** A document that MongoDB will never take, and why. */
export interface Rejection {
  /** Where in the batch. */
  readonly at: number;
  readonly code: "duplicate" | "unstorable";
  readonly reason: string;
}

const DUPLICATE = 11000;
// What the server says of a document itself; everything else is the server's own trouble and passes.
const OF_THE_DOCUMENT = new Set([2, 9, 22, 52, 53, 55, 57, 121, 10334, 17280, 17419, 17420]);
// A command has 48,000,000 bytes and 100,000 documents at most.
const LARGEST_COMMAND = 40_000_000;
const MOST_DOCUMENTS = 100_000;

// Found within these times a server that hangs is left; the driver's own defaults are 10 and 30 s.
const HEARTBEAT_MS = 2_000;
const SILENCE_MS = 5_000;

/** One connection to the database, made anew when it was lost before it was ever made. */
export class Store {
  readonly #start: WorkerStart;
  #client: MongoClient | undefined;

  constructor(start: WorkerStart) {
    this.#start = start;
  }

  get db(): Db {
    if (this.#client === undefined) throw new SinkError("unreachable", `Not connected to ${this.#start.shownUri}`);
    return this.#client.db(this.#start.database);
  }

  /** Afterwards the server answers and all indexes are there. */
  async connect(timeoutMs: number): Promise<void> {
    if (this.#client !== undefined) return;
    const { writeConcern, uri, layout } = this.#start;
    const client = new MongoClient(uri, {
      appName: "cerulean",
      serverSelectionTimeoutMS: timeoutMs,
      connectTimeoutMS: SILENCE_MS,
      heartbeatFrequencyMS: HEARTBEAT_MS,
      socketTimeoutMS: writeConcern.wtimeoutMs + SILENCE_MS,
    });
    try {
      // A client whose first connection failed is torn down for good, so it is kept only afterwards.
      await client.connect();
      const db = client.db(this.#start.database);
      await db.command({ ping: 1 });
      await ensureIndexes(db, layout);
      this.#client = client;
    } catch (error) {
      await client.close().catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.close();
  }

  /**
   * Afterwards all documents are stored with the writer's concern, but for those that it gives back: unequal duplicates and what
   * can't be stored. Equal ones that were there before are stored. Throws when the server is in trouble: then try again.
   */
  async insert(collection: Collection, documents: readonly Uint8Array[]): Promise<Rejection[]> {
    if (documents.length === 0) return [];
    if (COLLECTIONS[collection].unique.length === 0) return this.#upsert(collection, documents);
    const now = fitting(documents);
    const answer = await this.db.command({
      insert: collection,
      documents: documentSequence(documents.slice(0, now)),
      ordered: false,
      writeConcern: this.#concern,
    });
    const rejections = await this.#judge(collection, documents, (answer.writeErrors ?? []) as WriteError[]);
    throwConcernError(answer);
    if (now === documents.length) return rejections;
    const later = await this.insert(collection, documents.slice(now));
    return [...rejections, ...later.map((rejection) => ({ ...rejection, at: rejection.at + now }))];
  }

  /** One document by its identity, as it is stored; undefined when there is none. */
  async find(collection: Collection, identity: string): Promise<BsonDocument | undefined> {
    const found = await this.db.collection(collection).findOne({ [COLLECTIONS[collection].identity]: identity });
    return found ?? undefined;
  }

  get #concern(): BsonDocument {
    const { w, journal, wtimeoutMs } = this.#start.writeConcern;
    return { w, j: journal, wtimeout: wtimeoutMs };
  }

  async #judge(
    collection: Collection,
    documents: readonly Uint8Array[],
    errors: readonly WriteError[],
  ): Promise<Rejection[]> {
    const rejections: Rejection[] = [];
    const duplicates: number[] = [];
    for (const { index, code, errmsg } of errors) {
      if (code === DUPLICATE) duplicates.push(index);
      else if (OF_THE_DOCUMENT.has(code)) rejections.push({ at: index, code: "unstorable", reason: errmsg });
      else throw new MongoError(`${collection}: ${errmsg} (code ${code})`);
    }
    if (duplicates.length > 0) rejections.push(...(await this.#unequal(collection, documents, duplicates)));
    return rejections;
  }

  async #unequal(
    collection: Collection,
    documents: readonly Uint8Array[],
    duplicates: readonly number[],
  ): Promise<Rejection[]> {
    const { identity } = COLLECTIONS[collection];
    const refused = duplicates.map((at) => ({ at, ours: decode(documents[at] as Uint8Array) }));
    const wanted = refused.map(({ ours }) => ours[identity]);
    // Stored already, and maybe by a primary that is no more: it must have the concern too.
    const stored = await this.db
      .collection(collection)
      .find({ [identity]: { $in: wanted } }, { readConcern: { level: "majority" } })
      .toArray();
    const byIdentity = new Map(stored.map((document) => [document[identity] as unknown, document as BsonDocument]));
    const rejections: Rejection[] = [];
    for (const { at, ours } of refused) {
      const theirs = byIdentity.get(ours[identity]);
      if (theirs !== undefined && isEqual(ours, theirs)) continue;
      if (collection === "run_stop" && theirs !== undefined) {
        // Another has ended the run already.
        if (isRepaired(ours)) continue;
        if (isRepaired(theirs)) {
          await this.#replace(collection, theirs, documents[at] as Uint8Array);
          continue;
        }
      }
      const shown = theirs === undefined ? "another document with the same key" : brief(theirs);
      const reason = `${collection} has ${shown} already, and ${brief(ours)} is not equal`;
      rejections.push({ at, code: "duplicate", reason });
    }
    return rejections;
  }

  /** An engine's own stop, found in its journal, stands over the one that a repair gave its run. */
  async #replace(collection: Collection, theirs: BsonDocument, ours: Uint8Array): Promise<void> {
    const answer = await this.db.command({
      update: collection,
      updates: [{ q: { _id: theirs._id }, u: decodeExactly(ours) }],
      writeConcern: this.#concern,
    });
    const [error] = (answer.writeErrors ?? []) as WriteError[];
    if (error !== undefined) throw new MongoError(`${collection}: ${error.errmsg} (code ${error.code})`);
    throwConcernError(answer);
  }

  /** For collections that have no unique index: writing the same document twice leaves one. */
  async #upsert(collection: Collection, documents: readonly Uint8Array[]): Promise<Rejection[]> {
    const { identity } = COLLECTIONS[collection];
    const answer = await this.db.command({
      update: collection,
      updates: documents.map(decodeExactly).map((document) => ({
        q: { [identity]: document[identity] },
        u: { $setOnInsert: document },
        upsert: true,
      })),
      ordered: false,
      writeConcern: this.#concern,
    });
    throwConcernError(answer);
    const inserted = new Set(((answer.upserted ?? []) as { index: number }[]).map(({ index }) => index));
    const failed = (answer.writeErrors ?? []) as WriteError[];
    const judged = await this.#judge(collection, documents, failed);
    const missed = new Set(failed.map(({ index }) => index));
    const present = documents.map((_, at) => at).filter((at) => !inserted.has(at) && !missed.has(at));
    return present.length === 0 ? judged : [...judged, ...(await this.#unequal(collection, documents, present))];
  }
}

interface WriteError {
  readonly index: number;
  readonly code: number;
  readonly errmsg: string;
}

function throwConcernError(answer: BsonDocument): void {
  const error = answer.writeConcernError as { errmsg: string; code: number } | undefined;
  if (error !== undefined) throw new MongoError(`The write concern was not met: ${error.errmsg} (code ${error.code})`);
}

/** How many of the documents one command takes; at least one. */
function fitting(documents: readonly Uint8Array[]): number {
  let bytes = 0;
  for (const [at, document] of documents.entries()) {
    bytes += document.length;
    if (at > 0 && (bytes > LARGEST_COMMAND || at >= MOST_DOCUMENTS)) return at;
  }
  return documents.length;
}

function isEqual(ours: BsonDocument, theirs: BsonDocument): boolean {
  const { _id: _ours, ...one } = ours;
  const { _id: _theirs, ...other } = theirs;
  return isDeepStrictEqual(one, other);
}

function brief(document: BsonDocument): string {
  const { _id, ...content } = document;
  const text = BSON.EJSON.stringify(content);
  return text.length > 600 ? `${text.slice(0, 600)}...` : text;
}
