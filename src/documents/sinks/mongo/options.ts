import { createHash } from "node:crypto";
import { join } from "node:path";
import type { FsyncPolicy } from "../journal/journal.ts";
import { dataFolder } from "../journal/journal-home.ts";
import { SinkError } from "../sink-error.ts";

export interface WriteConcernOptions {
  /** How many members must have a write; "majority" by default. */
  w: number | "majority";
  /** Whether it must be in their journal; true by default. */
  journal?: boolean;
  /** How long MongoDB waits for that, in milliseconds; 10,000 by default. Then the batch is tried again. */
  wtimeoutMs?: number;
}

export interface MongoWriterOptions {
  /** One document an event, as databroker reads it (`normalized`, the default), or pages kept as columns, which our catalog reads. */
  layout?: "normalized" | "columns";
  /** Where the journal is; by default in the user's data folder, apart for each server and database. It must be on a local disk. */
  journalDir?: string;
  /** When the journal is forced to the disk: `never`, once a second (`interval`, the default) or before `write` returns (`always`). */
  fsync?: FsyncPolicy;
  /** A batch has at most so many documents; 1,000 by default. */
  batchSize?: number;
  /** A batch has at most about so many bytes; 8 MiB by default. */
  batchBytes?: number;
  /** A document waits at most so long for its batch to fill, in milliseconds; 250 by default. */
  batchAgeMs?: number;
  /**
   * With more rows than this (100,000 by default) not yet acknowledged, `ready` is a promise while MongoDB is there to catch up; while it is
   * away the documents stay in the journal alone (`spilling`).
   */
  highWaterMark?: number;
  /** With more bytes than this in the journal `ready` is a promise also while MongoDB is away (`blocked`); 16 GiB by default. */
  journalBytes?: number;
  /** What MongoDB must have done when a document counts as stored: written and journaled by the majority, by default. */
  writeConcern?: WriteConcernOptions;
  /** Starts with MongoDB away, into the journal; false by default. */
  allowUnavailable?: boolean;
  /** How long `connect` tries to reach MongoDB, in milliseconds; 5,000 by default. */
  connectTimeoutMs?: number;
}

export type WriterSettings = Required<Omit<MongoWriterOptions, "writeConcern" | "journalDir">> & {
  readonly uri: string;
  /** The URI as it may be shown: without the password. */
  readonly shownUri: string;
  readonly database: string;
  readonly journalDir: string;
  readonly writeConcern: Required<WriteConcernOptions>;
};

export function resolveOptions(uri: string, options: MongoWriterOptions): WriterSettings {
  const { hosts, database, shownUri } = parseUri(uri);
  const oneOf = (name: string, value: string, allowed: readonly string[]): void => {
    if (!allowed.includes(value)) throw invalid(`${name} is "${value}"; use one of ${allowed.join(", ")}`);
  };
  const positive = (name: keyof MongoWriterOptions, byDefault: number): number => {
    const value = options[name] ?? byDefault;
    if (typeof value !== "number" || !(value > 0)) throw invalid(`${name} is ${value}; it must be a number above 0`);
    return value;
  };
  const { layout = "normalized", fsync = "interval", allowUnavailable = false } = options;
  oneOf("layout", layout, ["normalized", "columns"]);
  oneOf("fsync", fsync, ["never", "interval", "always"]);
  const server = createHash("sha256").update(hosts).digest("hex").slice(0, 12);
  return {
    uri,
    shownUri,
    database,
    layout,
    fsync,
    allowUnavailable,
    // A folder that was asked for belongs to the database of that name, wherever its server has moved to.
    journalDir:
      options.journalDir === undefined
        ? join(dataFolder(), `${database}-${server}`)
        : join(options.journalDir, database),
    batchSize: Math.floor(positive("batchSize", 1_000)),
    batchBytes: positive("batchBytes", 8 * 1024 * 1024),
    batchAgeMs: positive("batchAgeMs", 250),
    highWaterMark: positive("highWaterMark", 100_000),
    journalBytes: positive("journalBytes", 16 * 1024 ** 3),
    connectTimeoutMs: positive("connectTimeoutMs", 5_000),
    writeConcern: {
      w: options.writeConcern?.w ?? "majority",
      journal: options.writeConcern?.journal ?? true,
      wtimeoutMs: options.writeConcern?.wtimeoutMs ?? 10_000,
    },
  };
}

/** The hosts, the database and the printable form of a MongoDB URI; a URI that names no database is a SinkError. */
export function parseUri(uri: string): { hosts: string; database: string; shownUri: string } {
  const match = /^(mongodb(?:\+srv)?:\/\/)(?:([^@/]*)@)?([^/?]+)(?:\/([^?]*))?(\?.*)?$/.exec(uri);
  const shownUri = uri.replace(/\/\/([^:@/]*):[^@/]*@/, "//$1:***@");
  if (match === null) {
    throw invalid(`"${shownUri}" is no MongoDB URI; it looks like mongodb://host:27017/database`);
  }
  const [, , , hosts = "", database = ""] = match;
  if (database === "")
    throw invalid(`${shownUri} names no database; add it after the host: mongodb://${hosts}/database`);
  return { hosts, database: decodeURIComponent(database), shownUri };
}

function invalid(message: string): SinkError {
  return new SinkError("options", `MongoWriter: ${message}`);
}
