import { existsSync, readFileSync } from "node:fs";
import type { Db } from "mongodb";

const COLLECTIONS = ["run_start", "event_descriptor", "event", "run_stop"];
/** As many uids as a query takes with ease. */
const AT_ONCE = 50_000;

/** Reads the log of what was emitted, and asks a database, or another place, which of it it has. */
export class EmissionLog {
  readonly path: string;
  /** Written and not yet found. */
  readonly #missing = new Set<string>();
  #read = 0;
  #documents = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** How many documents were written; each row of a page is one. */
  get documents(): number {
    return this.#documents;
  }

  /** How many of the documents whose write has returned the database lacks now. */
  unstored(db: Db): Promise<number> {
    return this.missing(async (uids) => {
      const stored: string[] = [];
      const asked = [...uids];
      for (let at = 0; at < asked.length; at += AT_ONCE) {
        const filter = { uid: { $in: asked.slice(at, at + AT_ONCE) } };
        for (const name of COLLECTIONS) {
          const found = await db
            .collection(name)
            .find(filter, { projection: { uid: 1 } })
            .toArray();
          stored.push(...found.map(({ uid }) => uid));
        }
      }
      return stored;
    });
  }

  /** How many of the documents whose write has returned are not among those that are found now. */
  async missing(find: (uids: ReadonlySet<string>) => Promise<Iterable<string>>): Promise<number> {
    for (const uid of this.#newLines().flatMap((line) => line.split(" ").slice(1))) {
      this.#missing.add(uid);
      this.#documents++;
    }
    for (const uid of await find(this.#missing)) this.#missing.delete(uid);
    return this.#missing.size;
  }

  /** The uids that the database has more than once. */
  async doubled(db: Db): Promise<string[]> {
    const counted = COLLECTIONS.map((collection) =>
      db
        .collection(collection)
        .aggregate<{ _id: string }>(
          [{ $group: { _id: "$uid", count: { $sum: 1 } } }, { $match: { count: { $gt: 1 } } }],
          { allowDiskUse: true },
        )
        .toArray(),
    );
    return (await Promise.all(counted)).flat().map(({ _id }) => _id);
  }

  /** The documents that were written since the last time. */
  #newLines(): string[] {
    const text = existsSync(this.path) ? readFileSync(this.path, "utf8") : "";
    const lines = text.slice(this.#read).split("\n");
    this.#read = text.length;
    return lines.filter((_, at) => lines[at + 1] === "+");
  }
}
