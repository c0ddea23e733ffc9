import { bulkDatumToDatumPage, bulkEventsToEventPages } from "./bulk.ts";
import type { Document, DocumentName, EventDescriptor, EventPage, RunStop, StreamDatum } from "./document.ts";
import { DocumentError, type DocumentErrorCode, UnresolvableReference } from "./errors.ts";
import { packEventPage } from "./pages.ts";
import { validate } from "./validate.ts";

/**
 * What is wrong with the documents of one run as a whole, in their order: each document by itself (`validate`), the start first and the stop
 * last, every reference to something that came before, the keys of events those of their descriptor, the points of each stream numbered
 * from 1 without a gap (after a rewind again), and `num_events` what there is. Empty when all is well.
 */
export function verifyRun(documents: Iterable<Document>): DocumentError[] {
  const run = new RunCheck();
  for (const document of documents) run.take(document);
  return run.finish();
}

interface Stream {
  readonly name: string;
  readonly seqNums: Set<number>;
  /** How far its files say that it got. */
  inFiles: number;
}

class RunCheck {
  readonly #faults: DocumentError[] = [];
  readonly #descriptors = new Map<string, EventDescriptor>();
  readonly #streams = new Map<string, Stream>();
  readonly #resources = new Set<string>();
  readonly #data = new Set<string>();
  /** The data key of each stream resource. */
  readonly #streamResources = new Map<string, string>();
  #start: string | undefined;
  #stop: RunStop | undefined;

  take(document: Document): void {
    const { name, doc } = document;
    try {
      validate(document);
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      this.#faults.push(error);
      return;
    }
    if (this.#stop !== undefined) this.#fault("closed", name, `${aOrAn(name)} comes after the stop document`);
    if (name === "start") this.#open(doc.uid);
    else if (this.#start === undefined) this.#fault("order", name, `${aOrAn(name)} comes before the start document`);
    switch (name) {
      case "descriptor":
        this.#ofRun(name, doc.run_start);
        this.#descriptors.set(doc.uid, doc);
        if (!this.#streams.has(nameOf(doc))) {
          this.#streams.set(nameOf(doc), { name: nameOf(doc), seqNums: new Set(), inFiles: 0 });
        }
        break;
      case "resource":
      case "stream_resource":
        if (doc.run_start !== undefined) this.#ofRun(name, doc.run_start);
        if (name === "resource") this.#resources.add(doc.uid);
        else this.#streamResources.set(doc.uid, doc.data_key);
        break;
      case "datum":
        this.#refers(name, "resource", doc.resource, this.#resources);
        this.#data.add(doc.datum_id);
        break;
      case "datum_page":
        this.#refers(name, "resource", doc.resource, this.#resources);
        for (const id of doc.datum_id) this.#data.add(id);
        break;
      case "bulk_datum": {
        const page = bulkDatumToDatumPage(doc);
        if (page !== undefined) this.take({ name: "datum_page", doc: page });
        break;
      }
      case "event":
        this.#checkPage(name, packEventPage([doc]));
        break;
      case "event_page":
        this.#checkPage(name, doc);
        break;
      case "bulk_events":
        for (const page of bulkEventsToEventPages(doc)) this.#checkPage(name, page);
        break;
      case "stream_datum":
        this.#checkStreamDatum(doc);
        break;
      case "stop":
        this.#ofRun(name, doc.run_start);
        this.#stop = doc;
    }
  }

  finish(): DocumentError[] {
    if (this.#start === undefined) this.#fault("order", "start", "the run has no start document");
    if (this.#stop === undefined) this.#fault("order", "stop", "the run has no stop document");
    const announced = this.#stop?.num_events;
    for (const stream of this.#streams.values()) {
      const { name, seqNums, inFiles } = stream;
      const last = seqNums.size === 0 ? 0 : [...seqNums].reduce((one, other) => Math.max(one, other));
      if (last !== seqNums.size) {
        this.#fault("sequence", "event", `"${name}" has ${seqNums.size} points, numbered up to ${last}`, name);
      }
      const points = Math.max(seqNums.size, inFiles);
      if (announced !== undefined && (announced[name] ?? 0) !== points) {
        this.#fault("count", "stop", `num_events says ${announced[name]} for "${name}", which has ${points}`, name);
      }
    }
    for (const name of Object.keys(announced ?? {})) {
      if (!this.#streams.has(name))
        this.#fault("count", "stop", `num_events has "${name}", which no descriptor has`, name);
    }
    return this.#faults;
  }

  #open(uid: string): void {
    if (this.#start !== undefined) this.#fault("order", "start", `a second start document comes: ${uid}`);
    this.#start ??= uid;
  }

  #ofRun(name: DocumentName, run: string): void {
    if (this.#start !== undefined && run !== this.#start) {
      this.#faults.push(
        new UnresolvableReference(`${aOrAn(name)} belongs to run ${run} and not to ${this.#start}`, {
          code: "unresolvable",
          documentName: name,
          key: "run_start",
        }),
      );
    }
  }

  #refers(name: DocumentName, member: string, uid: string, known: { has(uid: string): boolean }): boolean {
    if (known.has(uid)) return true;
    this.#faults.push(
      new UnresolvableReference(`${aOrAn(name)} refers to ${member} ${uid}, which has not come`, {
        code: "unresolvable",
        documentName: name,
        key: member,
      }),
    );
    return false;
  }

  #checkPage(name: DocumentName, page: EventPage): void {
    if (!this.#refers(name, "descriptor", page.descriptor, this.#descriptors)) return;
    const descriptor = this.#descriptors.get(page.descriptor) as EventDescriptor;
    const stream = nameOf(descriptor);
    const expected = Object.entries(descriptor.data_keys).filter(([, { external }]) => external !== "STREAM:");
    const keys = new Set(expected.map(([key]) => key));
    for (const member of ["data", "timestamps"] as const) {
      for (const key of keys) {
        if (!Object.hasOwn(page[member], key)) {
          this.#fault(
            "mismatched-keys",
            name,
            `${member} of ${aOrAn(name)} of "${stream}" lacks "${key}"`,
            stream,
            key,
          );
        }
      }
      for (const key of Object.keys(page[member])) {
        if (keys.has(key)) continue;
        const text = `${member} of ${aOrAn(name)} of "${stream}" has "${key}", which its descriptor has not`;
        this.#fault("mismatched-keys", name, text, stream, key);
      }
    }
    for (const [key, filled] of Object.entries(page.filled ?? {})) {
      for (let row = 0; row < filled.length; row++) {
        if (filled[row] === false) this.#refers(name, "datum", String(page.data[key]?.[row]), this.#data);
      }
    }
    const { seqNums } = this.#streams.get(stream) as Stream;
    for (const seqNum of Array.from(page.seq_num)) {
      seqNums.add(seqNum);
      if (seqNum < 1)
        this.#fault("sequence", name, `a point of "${stream}" has number ${seqNum}; they begin at 1`, stream);
    }
  }

  #checkStreamDatum(doc: StreamDatum): void {
    this.#refers("stream_datum", "stream_resource", doc.stream_resource, this.#streamResources);
    if (!this.#refers("stream_datum", "descriptor", doc.descriptor, this.#descriptors)) return;
    const descriptor = this.#descriptors.get(doc.descriptor) as EventDescriptor;
    const key = this.#streamResources.get(doc.stream_resource);
    if (key !== undefined && descriptor.data_keys[key] === undefined) {
      const text = `a stream_datum of "${nameOf(descriptor)}" is of "${key}", which its descriptor has not`;
      this.#fault("mismatched-keys", "stream_datum", text, nameOf(descriptor), key);
    }
    const stream = this.#streams.get(nameOf(descriptor)) as Stream;
    stream.inFiles = Math.max(stream.inFiles, doc.seq_nums.stop - 1);
  }

  #fault(code: DocumentErrorCode, documentName: DocumentName, message: string, stream?: string, key?: string): void {
    this.#faults.push(new DocumentError(message, { code, documentName, stream, key }));
  }
}

function nameOf({ name }: EventDescriptor): string {
  return name ?? "primary";
}

function aOrAn(name: DocumentName): string {
  return `${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;
}
