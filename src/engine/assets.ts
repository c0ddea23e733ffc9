import type { AssetDocument } from "../devices/protocols.ts";
import type { Document, DocumentName, EventDescriptor, StreamRange } from "../documents/document.ts";
import { validate } from "../documents/validate.ts";
import { nameOf } from "./groups.ts";

export type AssetDocuments = AssetDocument[];

/** Fetches what a device has written since it was asked last. */
export async function drainAssets(device: unknown, index?: number): Promise<AssetDocuments> {
  const writer = device as { collectAssetDocs(index?: number): AsyncIterable<unknown> | Iterable<unknown> };
  const documents: AssetDocuments = [];
  for await (const entry of await writer.collectAssetDocs(index)) {
    // Devices in the style of ophyd answer with pairs.
    documents.push(Array.isArray(entry) ? { name: entry[0], doc: entry[1] } : (entry as AssetDocument));
  }
  return documents;
}

/** Completes the documents of devices that write files, and checks that they fit their run and their stream. */
export class AssetLedger {
  readonly #run: string;
  /** The data key of each stream resource of the run. */
  readonly #resources = new Map<string, string>();

  constructor(run: string) {
    this.#run = run;
  }

  /** The documents as they are to be emitted. `take` gives the numbers of as many events as the stream data span. */
  complete(
    documents: AssetDocuments,
    descriptor: EventDescriptor,
    take: (width: number) => StreamRange,
    widest = Number.POSITIVE_INFINITY,
  ): Document[] {
    const data = documents.filter(({ name }) => name === "stream_datum");
    const width = this.#widthOf(data, widest);
    const seqNums = width === undefined ? undefined : take(width);
    const completed = documents.map(({ name, doc }) => {
      const made = { name, doc: this.#complete(name, doc, descriptor, seqNums) } as Document;
      validate(made);
      return made;
    });
    if (data.length > 0) this.#checkKeys(data, descriptor);
    return completed;
  }

  /** The documents of a flyer that has no stream of its own yet: files that its events refer to, and no stream data. */
  completeExternal(documents: AssetDocuments): Document[] {
    return documents.map(({ name, doc }) => {
      if (name !== "resource" && name !== "datum") {
        throw new Error(`a ${name} was collected without a stream; send declare_stream with collect: true first`);
      }
      const made = { name, doc: name === "resource" ? { ...doc, run_start: this.#run } : doc } as Document;
      validate(made);
      return made;
    });
  }

  #complete(name: string, doc: any, descriptor: EventDescriptor, seqNums: StreamRange | undefined): object {
    switch (name as DocumentName) {
      case "resource":
        return { ...doc, run_start: this.#run };
      case "stream_resource":
        return this.#streamResource(doc, descriptor);
      case "stream_datum":
        return this.#streamDatum(doc, descriptor, seqNums);
      default:
        return doc;
    }
  }

  #streamResource(doc: any, descriptor: EventDescriptor): object {
    if (this.#resources.has(doc.uid)) throw new Error(`stream_resource ${doc.uid} came twice in run ${this.#run}`);
    if (descriptor.data_keys[doc.data_key]?.external !== "STREAM:") {
      throw new Error(
        `stream_resource ${doc.uid} holds "${doc.data_key}", which is no external key of stream "${descriptor.name}"; describe it with external: "STREAM:"`,
      );
    }
    this.#resources.set(doc.uid, doc.data_key);
    return { ...doc, run_start: this.#run };
  }

  #streamDatum(doc: any, descriptor: EventDescriptor, seqNums: StreamRange | undefined): object {
    if (!this.#resources.has(doc.stream_resource)) {
      throw new Error(
        `stream_datum ${doc.uid} refers to stream_resource ${doc.stream_resource}, which has not come in this run`,
      );
    }
    if (doc.descriptor !== "" || doc.seq_nums?.start !== 0 || doc.seq_nums?.stop !== 0) {
      throw new Error(
        `stream_datum ${doc.uid} has a descriptor or seq_nums of its own; leave them empty, the engine fills them`,
      );
    }
    return { ...doc, descriptor: descriptor.uid, seq_nums: { ...seqNums } };
  }

  #widthOf(data: AssetDocuments, widest: number): number | undefined {
    const widths = new Set(data.map(({ doc }) => (doc as any).indices.stop - (doc as any).indices.start));
    if (widths.size > 1) {
      throw new Error(
        `stream data that were collected together span different numbers of events: ${[...widths].join(", ")}`,
      );
    }
    const [width] = widths;
    if (width !== undefined && width > widest) {
      throw new Error(
        `a stream_datum spans ${width} events, but one event may have ${widest} only; collect it instead`,
      );
    }
    return width;
  }

  #checkKeys(data: AssetDocuments, { data_keys, name }: EventDescriptor): void {
    const given = new Set(data.map(({ doc }) => this.#resources.get((doc as any).stream_resource)));
    const missing = Object.keys(data_keys).filter((key) => data_keys[key]?.external === "STREAM:" && !given.has(key));
    if (missing.length > 0)
      throw new Error(`stream "${name}": no stream_datum came for ${missing.join(", ")}, but for other keys`);
  }
}

/** How far each of several devices has written; the least is what all of them have. */
export async function leastIndex(devices: readonly unknown[]): Promise<number> {
  const indices = await Promise.all(
    devices.map(async (device) => {
      const index = await (device as { getIndex(): number | Promise<number> }).getIndex();
      if (!Number.isInteger(index)) throw new Error(`getIndex of ${nameOf(device)} answered with ${index}`);
      return index;
    }),
  );
  return Math.min(...indices);
}
