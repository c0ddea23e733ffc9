import { fileURLToPath } from "node:url";
import type { DataKey, Document, StreamDatum, StreamRange, StreamResource } from "./document.ts";
import { DataNotAccessible, UnknownSpec, UnresolvableReference } from "./errors.ts";
import { OpenFiles } from "./open-files.ts";
import { patiently, RETRY_INTERVALS_MS } from "./patience.ts";

/** Reads what a stream resource holds. */
export interface StreamHandler {
  /** One value for each index of the range, in the shape that the data key tells. */
  read(indices: StreamRange, dataKey: DataKey): readonly unknown[] | Promise<readonly unknown[]>;
  close?(): unknown;
}

/** Opens a stream resource; `path` is its URI as a path on this machine. */
export type StreamHandlerFactory = (path: string, resource: StreamResource) => StreamHandler | Promise<StreamHandler>;

export interface StreamFillerOptions {
  /** Who reads the stream resources of each mimetype. */
  streamHandlers: Readonly<Record<string, StreamHandlerFactory>>;
  /** Where folders that URIs name are on this machine; those that aren't named here stay. */
  rootMap?: Readonly<Record<string, string>>;
  /** How long to wait before each further attempt, since files can be late: eight attempts within half a second by default. */
  retryIntervalsMs?: readonly number[];
}

/** Reads the values that stream resources hold in place of events. Give it the documents of a run as they come; files stay open until `close`. */
export class StreamFiller {
  readonly #options: StreamFillerOptions;
  readonly #resources = new Map<string, StreamResource>();
  readonly #data: StreamDatum[] = [];
  readonly #files = new OpenFiles<StreamHandler>();

  constructor(options: StreamFillerOptions) {
    this.#options = options;
  }

  /** Remembers stream resources and stream data; all else passes by. Bound, so that it can be subscribed as it is. */
  readonly handle = (document: Document): void => {
    if (document.name === "stream_resource") this.#resources.set(document.doc.uid, document.doc);
    else if (document.name === "stream_datum") this.#data.push(document.doc);
  };

  /** The values of an external key by seq_num, as far as it is announced for one of these descriptors. What is announced last counts. */
  async values(key: string, dataKey: DataKey, descriptors: ReadonlySet<string>): Promise<Map<number, unknown>> {
    const values = new Map<number, unknown>();
    for (const datum of this.#data) {
      if (!descriptors.has(datum.descriptor)) continue;
      const resource = this.#resources.get(datum.stream_resource);
      if (resource === undefined) {
        throw new UnresolvableReference(
          `stream_datum ${datum.uid} lies in stream_resource ${datum.stream_resource}, which has not come`,
          { code: "unresolvable", documentName: "stream_resource" },
        );
      }
      if (resource.data_key !== key) continue;
      const read = await this.#read(resource, datum, dataKey);
      for (let at = 0; at < read.length; at++) values.set(datum.seq_nums.start + at, read[at]);
    }
    return values;
  }

  /** Closes all files and forgets everything. */
  async close(): Promise<void> {
    this.#resources.clear();
    this.#data.length = 0;
    await this.#files.close();
  }

  #read(resource: StreamResource, { indices }: StreamDatum, dataKey: DataKey): Promise<readonly unknown[]> {
    const { uid, data_key: key, mimetype } = resource;
    const { streamHandlers, retryIntervalsMs = RETRY_INTERVALS_MS } = this.#options;
    const factory = streamHandlers[mimetype];
    if (factory === undefined) {
      const known = Object.keys(streamHandlers).join(", ");
      throw new UnknownSpec(
        `nobody reads stream resources of mimetype "${mimetype}", which "${key}" lies in; handlers are given for: ${known || "none"}`,
        { code: "unhandled", documentName: "stream_resource", key },
      );
    }
    const path = this.#pathOf(resource);
    return patiently(
      retryIntervalsMs,
      async () => {
        try {
          const handler = await this.#files.of(uid, () => factory(path, resource));
          const read = await handler.read(indices, dataKey);
          if (read.length === indices.stop - indices.start) return read;
          throw new Error(`it has ${read.length} of the values from ${indices.start} up to ${indices.stop}`);
        } catch (error) {
          // What a file has got since is seen by whoever opens it anew.
          await this.#files.close([uid]);
          throw error;
        }
      },
      (cause, attempts) =>
        new DataNotAccessible(
          `the data of "${key}" in ${path} can't be read after ${attempts} attempts: ${String(cause)}`,
          { code: "inaccessible", documentName: "stream_datum", key, cause },
        ),
    );
  }

  #pathOf({ uri }: StreamResource): string {
    const path = uri.startsWith("file:") ? fileURLToPath(uri) : uri;
    for (const [root, here] of Object.entries(this.#options.rootMap ?? {})) {
      const folder = root.endsWith("/") ? root : `${root}/`;
      if (path.startsWith(folder)) return `${here.replace(/\/$/, "")}/${path.slice(folder.length)}`;
    }
    return path;
  }
}
