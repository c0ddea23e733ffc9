import type { DataKey, Document, EventDescriptor, RunStart, RunStop } from "../document.ts";
import { CatalogError } from "./catalog-error.ts";
import { ColumnBuilder } from "./columns.ts";
import type { RunSource } from "./run-source.ts";

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
   * rows in the order of their numbers, and a point that was taken again only once, as it was the last time.
   */
  async columns(stream: string): Promise<Record<string, ArrayLike<any>>> {
    const descriptors = this.descriptors(stream);
    const dataKeys: Record<string, DataKey> = Object.assign({}, ...descriptors.map(({ data_keys }) => data_keys));
    const columns = new ColumnBuilder(dataKeys);
    for await (const document of this.#source.events(descriptors.map(({ uid }) => uid))) columns.add(document);
    return columns.finish();
  }

  /** The documents of the run, as they were emitted as far as the store keeps that: the normalized layout gives an event for each row of a page. */
  documents(): AsyncIterable<Document> {
    return this.#source.documents();
  }
}

function streamOf({ name }: EventDescriptor): string {
  return name ?? "primary";
}
