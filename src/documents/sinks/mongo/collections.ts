import type { Db, IndexSpecification } from "mongodb";
import { reasonOf, SinkError } from "../sink-error.ts";

export type Collection =
  | "run_start"
  | "run_stop"
  | "event_descriptor"
  | "event"
  | "event_page"
  | "resource"
  | "datum"
  | "stream_resource"
  | "stream_datum";

interface Layout {
  /** The member that names a document; two documents with the same one are the same. */
  readonly identity: string;
  readonly unique: readonly IndexSpecification[];
  readonly others: readonly IndexSpecification[];
}

const TEXT: IndexSpecification = { "$**": "text" };

/**
 * The collections in the order in which a batch is stored, so that what is referred to comes first, with databroker's indexes.
 * `resource` has no unique index there: documents may come twice, and we write it by its uid.
 */
export const COLLECTIONS: Readonly<Record<Collection, Layout>> = {
  run_start: {
    identity: "uid",
    unique: ["uid", { scan_id: -1, _id: -1 }, { time: 1, _id: -1 }, { time: -1, _id: -1 }],
    others: ["scan_id", { time: -1, scan_id: -1 }, TEXT, "data_session", "data_groups"],
  },
  event_descriptor: { identity: "uid", unique: ["uid"], others: [{ run_start: -1, time: -1 }, { time: -1 }, TEXT] },
  resource: { identity: "uid", unique: [], others: ["uid", "resource_id"] },
  stream_resource: { identity: "uid", unique: ["uid"], others: ["run_start"] },
  datum: { identity: "datum_id", unique: ["datum_id"], others: ["resource"] },
  stream_datum: { identity: "uid", unique: ["uid"], others: ["stream_resource", "descriptor"] },
  event: { identity: "uid", unique: ["uid"], others: [{ descriptor: -1, time: 1 }] },
  event_page: { identity: "uid", unique: ["uid"], others: [{ descriptor: 1, first_seq_num: 1 }] },
  run_stop: { identity: "run_start", unique: ["run_start", "uid"], others: [{ time: -1 }, TEXT] },
};

export const STORING_ORDER = Object.keys(COLLECTIONS) as Collection[];

/** Afterwards all indexes that readers need are there; one that can't be made is a SinkError that names it. */
export async function ensureIndexes(db: Db, layout: "normalized" | "columns"): Promise<void> {
  for (const name of STORING_ORDER) {
    if (name === "event_page" && layout === "normalized") continue;
    const { unique, others } = COLLECTIONS[name];
    for (const [specifications, isUnique] of [
      [unique, true],
      [others, false],
    ] as const) {
      for (const specification of specifications) await ensureIndex(db, name, specification, isUnique);
    }
  }
}

async function ensureIndex(
  db: Db,
  collection: string,
  specification: IndexSpecification,
  unique: boolean,
): Promise<void> {
  try {
    // Nothing happens when it is there with the same options; with others the server refuses.
    await db.collection(collection).createIndex(specification, unique ? { unique } : {});
  } catch (cause) {
    const keys = typeof specification === "string" ? specification : JSON.stringify(specification);
    throw new SinkError(
      "index",
      `The ${unique ? "unique " : ""}index on ${keys} of ${db.databaseName}.${collection} can't be made: ${reasonOf(cause)}`,
      { cause },
    );
  }
}
