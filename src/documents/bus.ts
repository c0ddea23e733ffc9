import type { Document, DocumentName } from "./document.ts";
import { isSink, type Sink } from "./sink.ts";
import { asError, Tap } from "./tap.ts";

export type DocumentCallback = (document: Document) => void;

export interface BusSubscription {
  unsubscribe(): void;
}

interface Subscriber {
  readonly name: DocumentName | "all";
  readonly write: DocumentCallback;
}

const NAMES: Record<DocumentName | "all", true> = {
  all: true,
  start: true,
  stop: true,
  descriptor: true,
  event: true,
  event_page: true,
  resource: true,
  datum: true,
  datum_page: true,
  stream_resource: true,
  stream_datum: true,
  bulk_events: true,
  bulk_datum: true,
};

/** Hands each document to the subscribers, synchronously and in their order, and then to the onlookers of `documents$`. */
export class DocumentBus {
  readonly documents$: Tap<Document>;
  #subscribers: readonly Subscriber[] = [];
  #sinks: readonly Sink[] = [];

  constructor(report: (error: Error) => void) {
    this.documents$ = new Tap(report);
  }

  /** Adds a function or a sink for the documents of one name; what it throws is thrown by `emit`. */
  subscribe(subscriber: DocumentCallback | Sink, name: DocumentName | "all" = "all"): BusSubscription {
    if (!Object.hasOwn(NAMES, name)) {
      throw new TypeError(`subscribe: "${name}" is no document name; use one of ${Object.keys(NAMES).join(", ")}`);
    }
    const sink = isSink(subscriber) ? subscriber : undefined;
    if (sink === undefined && typeof subscriber !== "function") {
      throw new TypeError(`subscribe takes a function or a sink (an object with write and flush), not ${subscriber}`);
    }
    const entry: Subscriber = {
      name,
      write: sink === undefined ? (subscriber as DocumentCallback) : (document) => sink.write(document),
    };
    // Lists are replaced, never changed: somebody may subscribe or leave while a document is on its way.
    this.#subscribers = [...this.#subscribers, entry];
    if (sink !== undefined) this.#sinks = [...this.#sinks, sink];
    let active = true;
    const unsubscribe = (): void => {
      if (!active) return;
      active = false;
      this.#subscribers = this.#subscribers.filter((other) => other !== entry);
      if (sink === undefined) return;
      const at = this.#sinks.indexOf(sink);
      this.#sinks = this.#sinks.filter((_, index) => index !== at);
    };
    return { unsubscribe };
  }

  /** Every subscriber has had the document when this returns or throws; what it throws is what the first of them threw. */
  emit(document: Document): void {
    let failed: Error | undefined;
    for (const { name, write } of this.#subscribers) {
      if (name !== "all" && name !== document.name) continue;
      try {
        write(document);
      } catch (error) {
        failed ??= asError(error);
      }
    }
    if (this.documents$.observed) this.documents$.next(document);
    if (failed !== undefined) throw failed;
  }

  /** The sinks that have more than they want to hold. */
  get behind(): readonly Sink[] {
    return this.#sinks.filter(({ ready }) => ready !== undefined);
  }

  /** While sinks have more than they want to hold: a promise for when all of those have caught up once. */
  pending(): Promise<unknown> | undefined {
    let pending: Promise<unknown> | undefined;
    for (const sink of this.#sinks) {
      const ready = sink.ready;
      if (ready !== undefined) pending = pending === undefined ? ready : Promise.all([pending, ready]);
    }
    return pending;
  }
}
