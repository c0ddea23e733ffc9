import { CatalogError } from "./catalog-error.ts";
import { CatalogRun } from "./catalog-run.ts";
import type { RunQuery, RunStore, RunSummary } from "./run-source.ts";

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
