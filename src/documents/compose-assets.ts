import type { Datum, DatumPage, Resource, StreamDatum, StreamRange, StreamResource } from "./document.ts";
import { DocumentError } from "./errors.ts";
import type { RunContext } from "./run-context.ts";
import { newUid } from "./uid.ts";

export interface ResourceParts {
  spec: string;
  root: string;
  resourcePath: string;
  resourceKwargs: Record<string, unknown>;
  /** "posix" by default. */
  pathSemantics?: "posix" | "windows";
  uid?: string;
}

export interface StreamResourceParts {
  dataKey: string;
  mimetype: string;
  uri: string;
  parameters: Record<string, unknown>;
  uid?: string;
}

export interface StreamDatumParts {
  indices: StreamRange;
  /** From 0 up to 0 by default, for the engine to fill. */
  seqNums?: StreamRange;
  /** Empty by default, for the engine to fill. */
  descriptor?: string;
  uid?: string;
}

/** Makes the data of one resource, whose ids are its uid with a number from 0. */
export class ResourceComposer {
  readonly resource: Resource;
  readonly #run: RunContext;
  #count = 0;

  constructor(run: RunContext, parts: ResourceParts) {
    run.assertOpen("resource");
    this.#run = run;
    this.resource = run.checked("resource", {
      uid: parts.uid ?? newUid(),
      run_start: run.runStart,
      spec: parts.spec,
      root: parts.root,
      resource_path: parts.resourcePath,
      path_semantics: parts.pathSemantics ?? "posix",
      resource_kwargs: parts.resourceKwargs,
    });
  }

  composeDatum(datumKwargs: Record<string, unknown>): Datum {
    this.#run.assertOpen("datum");
    const datum = this.#run.checked("datum", {
      datum_id: `${this.resource.uid}/${this.#count}`,
      datum_kwargs: datumKwargs,
      resource: this.resource.uid,
    });
    this.#count++;
    return datum;
  }

  /** One datum for each row; without any column, as many as `rows` says. */
  composeDatumPage(datumKwargs: Record<string, ArrayLike<unknown>>, rows?: number): DatumPage {
    this.#run.assertOpen("datum_page");
    const length = rows ?? Object.values(datumKwargs)[0]?.length;
    if (length === undefined) {
      throw new DocumentError(
        `a datum_page of resource ${this.resource.uid} without columns needs its number of rows`,
        {
          code: "ragged",
          documentName: "datum_page",
        },
      );
    }
    const page = this.#run.checked("datum_page", {
      datum_id: Array.from({ length }, (_, row) => `${this.resource.uid}/${this.#count + row}`),
      datum_kwargs: datumKwargs,
      resource: this.resource.uid,
    });
    this.#count += length;
    return page;
  }
}

/** Makes the stream data of one stream resource, whose uids are its own with a number from 0. */
export class StreamResourceComposer {
  readonly streamResource: StreamResource;
  readonly #run: RunContext;
  #count = 0;

  constructor(run: RunContext, parts: StreamResourceParts) {
    run.assertOpen("stream_resource");
    this.#run = run;
    this.streamResource = run.checked("stream_resource", {
      uid: parts.uid ?? newUid(),
      run_start: run.runStart,
      data_key: parts.dataKey,
      mimetype: parts.mimetype,
      uri: parts.uri,
      parameters: parts.parameters,
    });
  }

  composeStreamDatum({ indices, seqNums, descriptor, uid }: StreamDatumParts): StreamDatum {
    this.#run.assertOpen("stream_datum");
    const datum = this.#run.checked("stream_datum", {
      uid: uid ?? `${this.streamResource.uid}/${this.#count}`,
      descriptor: descriptor ?? "",
      stream_resource: this.streamResource.uid,
      indices,
      seq_nums: seqNums ?? { start: 0, stop: 0 },
    });
    this.#count++;
    return datum;
  }
}
