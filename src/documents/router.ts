import { bulkDatumToDatumPage, bulkEventsToEventPages } from "./bulk.ts";
import type { Document, DocumentName, DocumentTypes, EventDescriptor, RunStart } from "./document.ts";
import { DocumentError, UnresolvableReference } from "./errors.ts";
import { packDatumPage, packEventPage, unpackDatumPage, unpackEventPage } from "./pages.ts";

/** What a subclass answers with: the document to pass on instead, or nothing to pass on the one it got. */
export type Routed<N extends DocumentName> = DocumentTypes[N] | undefined | void;

/**
 * Hands each document to the method of its name; subclass it and write those that matter.
 * With only one of `event` and `event_page` written (or of `datum` and `datum_page`), that one gets all, converted where needed.
 */
export class DocumentRouter {
  start?(doc: DocumentTypes["start"]): Routed<"start">;
  descriptor?(doc: DocumentTypes["descriptor"]): Routed<"descriptor">;
  event?(doc: DocumentTypes["event"]): Routed<"event">;
  event_page?(doc: DocumentTypes["event_page"]): Routed<"event_page">;
  resource?(doc: DocumentTypes["resource"]): Routed<"resource">;
  datum?(doc: DocumentTypes["datum"]): Routed<"datum">;
  datum_page?(doc: DocumentTypes["datum_page"]): Routed<"datum_page">;
  stream_resource?(doc: DocumentTypes["stream_resource"]): Routed<"stream_resource">;
  stream_datum?(doc: DocumentTypes["stream_datum"]): Routed<"stream_datum">;
  stop?(doc: DocumentTypes["stop"]): Routed<"stop">;

  readonly #emit: ((document: Document) => void) | undefined;

  /** With `emit`, what the methods answer with is passed on to it. */
  constructor({ emit }: { emit?: (document: Document) => void } = {}) {
    this.#emit = emit;
  }

  /** Takes one document. Bound, so that it can be subscribed as it is. */
  readonly handle = (document: Document): void => {
    for (const converted of this.#convert(document)) this.#dispatch(converted);
  };

  /** Passes one document to the method of its name; a subclass may look at all here. */
  protected route(document: Document): unknown {
    const method = this[document.name as Exclude<DocumentName, "bulk_events" | "bulk_datum">] as
      | ((doc: unknown) => unknown)
      | undefined;
    return method?.call(this, document.doc);
  }

  #dispatch(document: Document): void {
    const answer = this.route(document);
    this.#emit?.(answer === undefined ? document : ({ name: document.name, doc: answer } as Document));
  }

  *#convert(document: Document): Iterable<Document> {
    switch (document.name) {
      case "bulk_events":
        for (const doc of bulkEventsToEventPages(document.doc)) yield* this.#convert({ name: "event_page", doc });
        return;
      case "bulk_datum": {
        const doc = bulkDatumToDatumPage(document.doc);
        if (doc !== undefined) yield* this.#convert({ name: "datum_page", doc });
        return;
      }
      case "event":
        if (this.event !== undefined || this.event_page === undefined) break;
        yield { name: "event_page", doc: packEventPage([document.doc]) };
        return;
      case "event_page":
        if (this.event_page !== undefined || this.event === undefined) break;
        for (const doc of unpackEventPage(document.doc)) yield { name: "event", doc };
        return;
      case "datum":
        if (this.datum !== undefined || this.datum_page === undefined) break;
        yield { name: "datum_page", doc: packDatumPage([document.doc]) };
        return;
      case "datum_page":
        if (this.datum_page !== undefined || this.datum === undefined) break;
        for (const doc of unpackDatumPage(document.doc)) yield { name: "datum", doc };
        return;
    }
    yield document;
  }
}

/** A DocumentRouter for the documents of one run, which it remembers the start and the descriptors of. */
export class SingleRunDocumentRouter extends DocumentRouter {
  #start: RunStart | undefined;
  readonly #descriptors = new Map<string, EventDescriptor>();

  protected override route(document: Document): unknown {
    if (document.name === "start") {
      if (this.#start !== undefined && this.#start.uid !== document.doc.uid) {
        throw new DocumentError(
          `this router has run ${this.#start.uid} and got the start of ${document.doc.uid}: use one for each run, or a RunRouter`,
          { code: "mixed-streams", documentName: "start" },
        );
      }
      this.#start = document.doc;
    }
    if (document.name === "descriptor") {
      const { uid, run_start: run } = document.doc;
      if (run !== this.getStart().uid) throw unknownRun(document.name, run);
      this.#descriptors.set(uid, document.doc);
    }
    return super.route(document);
  }

  getStart(): RunStart {
    if (this.#start !== undefined) return this.#start;
    throw new UnresolvableReference("the router has not had a start document yet; it must come first", {
      code: "unresolvable",
      documentName: "start",
    });
  }

  /** The descriptor that an event, a page or a stream datum belongs to. */
  getDescriptor({ descriptor }: { descriptor: string }): EventDescriptor {
    const found = this.#descriptors.get(descriptor);
    if (found !== undefined) return found;
    throw new UnresolvableReference(`no descriptor ${descriptor} has come; a descriptor must come before its events`, {
      code: "unresolvable",
      documentName: "descriptor",
      key: descriptor,
    });
  }

  /** The stream that an event, a page or a stream datum belongs to. */
  getStreamName(document: { descriptor: string }): string {
    return this.getDescriptor(document).name ?? "primary";
  }
}

function unknownRun(name: DocumentName, run: string): UnresolvableReference {
  return new UnresolvableReference(`a ${name} of run ${run} came, whose start document has not`, {
    code: "unresolvable",
    documentName: name,
    key: run,
  });
}
