import { type Db, type Filter, MongoClient } from "mongodb";
import type { Document, DocumentName, EventDescriptor, RunStart, RunStop } from "../document.ts";
import { parseUri } from "../sinks/mongo/options.ts";
import type { StoredPage } from "../sinks/mongo/page-parts.ts";
import { ambiguous, CatalogError, notFound } from "./catalog-error.ts";
import { fromBson, pageFromBson } from "./from-bson.ts";
import { MongoFollower } from "./mongo-follower.ts";
import {
  DEFAULT_LIMIT,
  flatten,
  type RunQuery,
  type RunSource,
  type RunStore,
  type RunSummary,
  summaryOf,
  wordsOf,
} from "./run-source.ts";

const CONNECT_MS = 5_000;
const NEWEST_FIRST = { time: -1, _id: -1 } as const;

/** Reads runs from a MongoDB database in databroker's normalized layout, or with pages kept as columns. */
export class MongoStore implements RunStore {
  readonly place: string;
  readonly #client: MongoClient;
  readonly #db: Db;

  private constructor(client: MongoClient, database: string, place: string) {
    this.#client = client;
    this.#db = client.db(database);
    this.place = place;
  }

  static async open(uri: string): Promise<MongoStore> {
    const { database, shownUri } = parseUri(uri);
    const client = new MongoClient(uri, { appName: "cerulean", serverSelectionTimeoutMS: CONNECT_MS });
    try {
      await client.connect();
      await client.db(database).command({ ping: 1 });
    } catch (cause) {
      await client.close();
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CatalogError("unreachable", `MongoDB at ${shownUri} can't be read: ${reason}`, { cause });
    }
    return new MongoStore(client, database, shownUri);
  }

  async list(query: RunQuery): Promise<RunSummary[]> {
    const { limit = DEFAULT_LIMIT, skip = 0, exitStatus } = query;
    const joined = { from: "run_stop", localField: "uid", foreignField: "run_start", as: "stops" };
    const page = [{ $skip: skip }, { $limit: limit }];
    const lookup = { $lookup: joined };
    const pipeline = [
      { $match: filterOf(query) },
      ...(query.before === undefined ? [] : [{ $match: await this.#after(query.before) }]),
      { $sort: NEWEST_FIRST },
      ...(exitStatus === undefined
        ? [...page, lookup]
        : [lookup, { $match: { "stops.exit_status": exitStatus } }, ...page]),
    ];
    const runs: RunSummary[] = [];
    if (limit <= 0) return runs;
    for await (const { stops, ...start } of this.#db
      .collection("run_start")
      .aggregate(pipeline, { allowDiskUse: true })) {
      const [stop] = stops as object[];
      runs.push(summaryOf(fromBson(start), stop === undefined ? undefined : fromBson<RunStop>(stop)));
    }
    return runs;
  }

  async byUid(uid: string): Promise<RunSource> {
    const exact = await this.#start({ uid });
    if (exact !== undefined) return this.#open(exact);
    const pattern = new RegExp(`^${uid.replace(/[^\w-]/g, "\\$&")}`);
    const found =
      uid === "" ? [] : await this.#db.collection("run_start").find({ uid: pattern }, { limit: 5 }).toArray();
    const [start] = found;
    if (start === undefined) throw notFound(`"${uid}"`, this.place);
    if (found.length > 1)
      throw ambiguous(
        uid,
        found.map((candidate) => String(candidate.uid)),
      );
    return this.#open(fromBson<RunStart>(start));
  }

  async byNumber(number: number): Promise<RunSource> {
    const start = await (number < 0 ? this.#start({}, -number - 1) : this.#start({ scan_id: number }));
    if (start === undefined) throw notFound(number < 0 ? `${number}` : `with scan_id ${number}`, this.place);
    return this.#open(start);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  /** What comes after a run in the order of the list; the index that gives the order leads there. */
  async #after(uid: string): Promise<Filter<object>> {
    const run = await this.#db.collection("run_start").findOne({ uid }, { projection: { time: 1 } });
    if (run === null) throw notFound(`"${uid}"`, this.place);
    const { time, _id } = run;
    return { time: { $lte: time }, $or: [{ time: { $lt: time } }, { _id: { $lt: _id } }] };
  }

  async #start(filter: Filter<object>, skip = 0): Promise<RunStart | undefined> {
    const found = await this.#db.collection("run_start").findOne(filter, { sort: NEWEST_FIRST, skip });
    return found === null ? undefined : fromBson<RunStart>(found);
  }

  async #open(start: RunStart): Promise<RunSource> {
    const ofRun = { run_start: start.uid };
    const [stop, descriptors] = await Promise.all([
      this.#db.collection("run_stop").findOne(ofRun),
      this.#db.collection("event_descriptor").find(ofRun).sort({ time: 1, _id: 1 }).toArray(),
    ]);
    const source = {
      start,
      stop: stop === null ? undefined : fromBson<RunStop>(stop),
      descriptors: descriptors.map((descriptor) => fromBson<EventDescriptor>(descriptor)),
    };
    return {
      ...source,
      events: (uids) => this.#events(uids),
      documents: () => this.#documents(source),
      follower: () => {
        const follower = new MongoFollower(this.#db, start);
        return () => follower.look();
      },
    };
  }

  /** In the order of insertion, which is that of emission. */
  async *#events(
    descriptors: readonly string[],
  ): AsyncGenerator<Extract<Document, { name: "event" | "event_page" }>, void, undefined> {
    const ours = { descriptor: { $in: descriptors } };
    const inOrder = { sort: { _id: 1 }, allowDiskUse: true } as const;
    // Over the descriptor's index: sorted by _id alone, the server would look through every run.
    const events = this.#db.collection("event").find(ours, { ...inOrder, hint: await this.#hint("event") });
    const pages = this.#db.collection<StoredPage>("event_page").find(ours, inOrder);
    const page = pages[Symbol.asyncIterator]();
    let next = await page.next();
    for await (const event of events) {
      while (!next.done && String(next.value._id) < String(event._id)) {
        yield { name: "event_page", doc: pageFromBson(next.value) };
        next = await page.next();
      }
      yield { name: "event", doc: fromBson(event) };
    }
    for (; !next.done; next = await page.next()) yield { name: "event_page", doc: pageFromBson(next.value) };
  }

  async #hint(collection: string): Promise<string> {
    const indexes = await this.#db
      .collection(collection)
      .indexes()
      .catch(() => []);
    const ours = indexes.find(({ key, name }) => Object.keys(key)[0] === "descriptor" && name !== undefined);
    return ours?.name ?? "_id_";
  }

  async *#documents({
    start,
    stop,
    descriptors,
  }: Pick<RunSource, "start" | "stop" | "descriptors">): AsyncGenerator<Document, void, undefined> {
    yield { name: "start", doc: start };
    const resources: string[] = [];
    for await (const resource of this.#named("resource", { run_start: start.uid })) {
      resources.push((resource.doc as { uid: string }).uid);
      yield resource;
    }
    yield* this.#named("datum", { resource: { $in: resources } });
    const streams: string[] = [];
    for await (const resource of this.#named("stream_resource", { run_start: start.uid })) {
      streams.push((resource.doc as { uid: string }).uid);
      yield resource;
    }
    const waiting = [...descriptors];
    for await (const event of this.#events(descriptors.map(({ uid }) => uid))) {
      const known = waiting.findIndex(({ uid }) => uid === event.doc.descriptor);
      for (const descriptor of waiting.splice(0, known + 1)) yield { name: "descriptor", doc: descriptor };
      yield event;
    }
    for (const descriptor of waiting) yield { name: "descriptor", doc: descriptor };
    yield* this.#named("stream_datum", { stream_resource: { $in: streams } });
    if (stop !== undefined) yield { name: "stop", doc: stop };
  }

  async *#named(name: DocumentName, filter: Filter<object>): AsyncGenerator<Document, void, undefined> {
    for await (const doc of this.#db.collection(name).find(filter, { sort: { _id: 1 }, allowDiskUse: true })) {
      yield { name, doc: fromBson(doc) } as Document;
    }
  }
}

function filterOf({ since, until, planName, scanId, text, md }: RunQuery): Filter<object> {
  const filter: Record<string, unknown> = {};
  if (since !== undefined || until !== undefined) {
    filter.time = { ...(since === undefined ? {} : { $gte: since }), ...(until === undefined ? {} : { $lte: until }) };
  }
  if (planName !== undefined) filter.plan_name = planName;
  if (scanId !== undefined) filter.scan_id = scanId;
  for (const [path, value] of flatten(md ?? {})) filter[path] = { $eq: value };
  const words = wordsOf(text ?? "");
  // In quotation marks, or else one of the words would be enough.
  if (words.length > 0) filter.$text = { $search: words.map((word) => `"${word.replaceAll('"', "")}"`).join(" ") };
  return filter;
}
