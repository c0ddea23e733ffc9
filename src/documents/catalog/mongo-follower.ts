import type { Db, Filter, FindOptions } from "mongodb";
import type { Document, DocumentName, EventDescriptor, EventPage, RunStart, RunStop } from "../document.ts";
import type { StoredPage } from "../sinks/mongo/page-parts.ts";
import { fromBson, pageFromBson } from "./from-bson.ts";

type Stored = { readonly _id: unknown; readonly [member: string]: unknown };

/** Finds what has come to a run in MongoDB since it last looked; no document twice, the stop after everything else. */
export class MongoFollower {
  readonly #db: Db;
  readonly #start: RunStart;
  readonly #seen = new Map<string, Set<string>>();
  readonly #last = new Map<string, unknown>();
  readonly #descriptors: string[] = [];
  readonly #resources: string[] = [];
  readonly #streams: string[] = [];
  #begun = false;

  constructor(db: Db, start: RunStart) {
    this.#db = db;
    this.#start = start;
  }

  async *look(): AsyncGenerator<Document, void, undefined> {
    if (!this.#begun) yield { name: "start", doc: this.#start };
    this.#begun = true;
    const ofRun = { run_start: this.#start.uid };
    // The writer stores the stop last, so with the stop there everything else is.
    const stop = await this.#db.collection("run_stop").findOne(ofRun);
    const whole = stop !== null;
    for await (const doc of this.#new("event_descriptor", ofRun, whole)) {
      this.#descriptors.push(String(doc.uid));
      yield { name: "descriptor", doc: fromBson<EventDescriptor>(doc) };
    }
    yield* this.#named("resource", ofRun, whole, this.#resources);
    yield* this.#named("datum", { resource: { $in: this.#resources } }, whole);
    yield* this.#named("stream_resource", ofRun, whole, this.#streams);
    yield* this.#events(whole);
    yield* this.#named("stream_datum", { stream_resource: { $in: this.#streams } }, whole);
    if (stop !== null) yield { name: "stop", doc: fromBson<RunStop>(stop) };
  }

  async *#named(
    name: DocumentName,
    filter: Filter<object>,
    whole: boolean,
    uids: string[] = [],
  ): AsyncGenerator<Document, void, undefined> {
    for await (const doc of this.#new(name, filter, whole)) {
      uids.push(String(doc.uid));
      yield { name, doc: fromBson(doc) } as Document;
    }
  }

  /** A stream has events or pages; where it has both, they come in the order of insertion. */
  async *#events(whole: boolean): AsyncGenerator<Document, void, undefined> {
    const ours = { descriptor: { $in: this.#descriptors } };
    const pages = this.#new("event_page", ours, whole);
    let page = await pages.next();
    const pageDocument = (stored: Stored): { name: "event_page"; doc: EventPage } => ({
      name: "event_page",
      doc: pageFromBson(stored as unknown as StoredPage),
    });
    for await (const event of this.#new("event", ours, whole)) {
      for (; !page.done && String(page.value._id) < String(event._id); page = await pages.next()) {
        yield pageDocument(page.value);
      }
      yield { name: "event", doc: fromBson(event) };
    }
    for (; !page.done; page = await pages.next()) yield pageDocument(page.value);
  }

  /**
   * What was inserted after what was seen last. After a change of the primary a later document may have a lower _id, so at the end `whole`
   * goes through all of the run once more.
   */
  async *#new(collection: string, filter: Filter<object>, whole: boolean): AsyncGenerator<Stored, void, undefined> {
    const seen = this.#seen.get(collection) ?? new Set();
    this.#seen.set(collection, seen);
    const last = this.#last.get(collection);
    const isNew = last !== undefined && !whole;
    const options: FindOptions = { sort: { _id: 1 }, allowDiskUse: true, ...(isNew ? { hint: "_id_" } : {}) };
    const query = (isNew ? { ...filter, _id: { $gt: last } } : filter) as Filter<object>;
    for await (const doc of this.#db.collection(collection).find(query, options)) {
      const id = String(doc._id);
      if (seen.has(id)) continue;
      seen.add(id);
      this.#last.set(collection, doc._id);
      yield doc as Stored;
    }
  }
}
