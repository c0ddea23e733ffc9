import type { DataKey, Document, EventDescriptor, RunStart, RunStop } from "../document.ts";
import { CatalogError } from "./catalog-error.ts";
import { ColumnBuilder } from "./columns.ts";
import { countPoints, type RunCounts } from "./count-points.ts";
import { type ExternalFiles, filledDocuments, streamFiller } from "./external-files.ts";
import { followed } from "./run-follower.ts";
import type { RunSource } from "./run-source.ts";

/** A point of a stream: `seq_num`, `time`, each data key, and `ts_<key>` for the times of its values. */
export type Row = Record<string, any>;

const POLL_MS = 200;

/** A run that is open for reading. */
export class CatalogRun {
  readonly start: RunStart;
  /** undefined while the run goes on, or when its end was never stored. */
  readonly stop: RunStop | undefined;
  /** The names of its streams, in the order in which they were described. */
  readonly streams: readonly string[];
  readonly #source: RunSource;

  constructor(source: RunSource) {
    this.#source = source;
    this.start = source.start;
    this.stop = source.stop;
    this.streams = [...new Set(source.descriptors.map(streamOf))];
  }

  /** The descriptors of a stream; more than one when it was configured anew. */
  descriptors(stream: string): readonly EventDescriptor[] {
    const found = this.#source.descriptors.filter((descriptor) => streamOf(descriptor) === stream);
    if (found.length > 0) return found;
    const known = this.streams.length === 0 ? "none" : this.streams.join(", ");
    throw new CatalogError("not-found", `Run ${this.start.uid} has no stream "${stream}"; it has ${known}`);
  }

  /**
   * A stream as columns: `seq_num`, `time`, each data key, and `ts_<key>` for the times of its values. Numbers come in typed arrays,
   * rows in the order of their numbers, and a point that was taken again only once, as it was the last time. Data in files is read when
   * `files` is given, `{}` at least; without it a column has the references, and nothing for what is in stream resources alone.
   */
  async columns(stream: string, files?: ExternalFiles): Promise<Record<string, ArrayLike<any>>> {
    const descriptors = this.descriptors(stream);
    const dataKeys: Record<string, DataKey> = Object.assign({}, ...descriptors.map(({ data_keys }) => data_keys));
    const columns = new ColumnBuilder(dataKeys);
    const uids = new Set(descriptors.map(({ uid }) => uid));
    if (files === undefined) {
      for await (const document of this.#source.events([...uids])) columns.add(document);
    } else {
      const streams = streamFiller(files);
      try {
        for await (const document of filledDocuments(this.#source.documents(), files)) {
          streams.handle(document);
          if ((document.name === "event" || document.name === "event_page") && uids.has(document.doc.descriptor))
            columns.add(document);
        }
        for (const [key, dataKey] of Object.entries(dataKeys)) {
          if (dataKey.external === "STREAM:") columns.place(key, await streams.values(key, dataKey, uids));
        }
      } finally {
        await streams.close();
      }
    }
    return columns.finish();
  }

  /** The points of a stream one by one; see `columns`. */
  async *rows(stream: string, files?: ExternalFiles): AsyncGenerator<Row, void, undefined> {
    const columns = Object.entries(await this.columns(stream, files));
    const length = columns[0]?.[1].length ?? 0;
    for (let at = 0; at < length; at++) yield Object.fromEntries(columns.map(([key, column]) => [key, column[at]]));
  }

  /** The documents of the run, as they were emitted as far as the store keeps that: the normalized layout gives an event for each row of a page. */
  documents(files?: ExternalFiles): AsyncIterable<Document> {
    return files === undefined ? this.#source.documents() : filledDocuments(this.#source.documents(), files);
  }

  /** The documents so far and then those that come, until the run's stop; looks every 200 ms by default, and ends early on `signal`. */
  follow(options: { pollMs?: number; signal?: AbortSignal } = {}): AsyncIterable<Document> {
    return followed(this.#source.follower(), { pollMs: options.pollMs ?? POLL_MS, signal: options.signal });
  }

  /** Counts the points that the store has of each stream, beside what the stop document announces. */
  verify(): Promise<RunCounts> {
    return countPoints(this.#source.documents(), this.stop, this.#source.descriptors);
  }
}

function streamOf({ name }: EventDescriptor): string {
  return name ?? "primary";
}
