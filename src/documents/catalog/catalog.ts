import { CatalogError } from "./catalog-error.ts";
import { CatalogRun } from "./catalog-run.ts";
import type { RunQuery, RunStore, RunSummary } from "./run-source.ts";

const PAGE = 200;

/** Finds and opens the runs in a MongoDB database or in a directory of JSONL files. */
export class Catalog implements AsyncDisposable {
  readonly location: string;
  readonly #store: RunStore;
  #closed = false;

  private constructor(location: string, store: RunStore) {
    this.location = location;
    this.#store = store;
  }

  /** Opens `mongodb://host/database` or a directory; a CatalogError when it isn't there. The driver is loaded only for MongoDB. */
  static async open(location: string): Promise<Catalog> {
    if (/^mongodb(\+srv)?:\/\//.test(location)) {
      const { MongoStore } = await import("./mongo-store.ts");
      const store = await MongoStore.open(location);
      return new Catalog(store.place, store);
    }
    const { JsonlStore } = await import("./jsonl-store.ts");
    return new Catalog(location, await JsonlStore.open(location));
  }

  /** The runs that a query finds, the newest first. */
  async list(query: RunQuery = {}): Promise<RunSummary[]> {
    return this.#open.list(query);
  }

  /** All runs that a query finds, the newest first, read page by page as they are taken. */
  async *runs(query: RunQuery = {}): AsyncGenerator<RunSummary, void, undefined> {
    let left = query.limit ?? Number.POSITIVE_INFINITY;
    let next: RunQuery = query;
    while (left > 0) {
      const size = Math.min(PAGE, left);
      const page = await this.#open.list({ ...next, limit: size });
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < size) return;
      left -= page.length;
      next = { ...query, skip: 0, before: last.uid };
    }
  }

  /** A run by its uid or the beginning of it, by its scan_id (the newest that has it), or counted back from the newest, which is -1. */
  async run(uid: string | number): Promise<CatalogRun> {
    return new CatalogRun(await (typeof uid === "number" ? this.#open.byNumber(uid) : this.#open.byUid(uid)));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#store.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #open(): RunStore {
    if (this.#closed) throw new CatalogError("closed", `The catalog of ${this.location} is closed`);
    return this.#store;
  }
}
