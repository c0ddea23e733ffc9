import { bulkEventsToEventPages } from "./bulk.ts";
import type { Document, EventDescriptor, RunStart } from "./document.ts";
import type { Filler } from "./filler.ts";

export type DocumentCallback = (document: Document) => void;
/** Decides from a descriptor who gets the documents of its stream. */
export type StreamFactory = (descriptor: EventDescriptor) => Iterable<DocumentCallback>;
/** Decides from a start document who gets the documents of its run, and who decides about each of its streams. */
export type RunFactory = (start: RunStart) => {
  callbacks?: Iterable<DocumentCallback>;
  streams?: Iterable<StreamFactory>;
};

export interface RunRouterOptions {
  /**
   * Puts the data of files into events before a callback sees them. Documents are then given on in their order, but later: `idle` says when.
   */
  filler?: Filler;
}

interface Run {
  start: RunStart;
  callbacks: readonly DocumentCallback[];
  factories: readonly StreamFactory[];
  streams: Map<string, DocumentCallback[]>;
  assets: Document[];
}

/**
 * Gives the documents of each run, many at a time, to callbacks made for that run. A callback for a stream gets the start, the resources so
 * far and the stream's descriptor first. Everything about a run is forgotten when it stops; documents of unknown runs are ignored.
 */
export class RunRouter {
  readonly #factories: readonly RunFactory[];
  readonly #runs = new Map<string, Run>();
  // Which run a descriptor, a resource or a stream resource belongs to.
  readonly #owners = new Map<string, Run>();

  readonly #filler: Filler | undefined;
  #queue: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(factories: Iterable<RunFactory>, { filler }: RunRouterOptions = {}) {
    this.#factories = Array.from(factories);
    this.#filler = filler;
  }

  /** How many runs are open. */
  get size(): number {
    return this.#runs.size;
  }

  /** Takes one document. Bound, so that it can be subscribed as it is. */
  readonly handle = (document: Document): void => {
    const filler = this.#filler;
    if (filler === undefined) this.#give(document);
    else this.#queue = this.#queue.then(() => this.#fillAndGive(document, filler));
  };

  /**
   * With a filler: resolves when every document so far is with its callbacks. Rejects once with the first thing that went wrong, which is what
   * a callback threw or why an event could not be filled; that event was given on as it came.
   */
  async idle(): Promise<void> {
    await this.#queue;
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
  }

  async #fillAndGive(document: Document, filler: Filler): Promise<void> {
    const note = (error: unknown): void => {
      this.#failure ??= { error };
    };
    const filled = await fill(document, filler).catch((error: unknown) => {
      note(error);
      return document;
    });
    try {
      this.#give(filled);
      if (document.name === "stop") await filler.forget(document.doc.run_start);
    } catch (error) {
      note(error);
    }
  }

  #give(document: Document): void {
    switch (document.name) {
      case "start":
        this.#open(document);
        break;
      case "descriptor":
        this.#describe(document);
        break;
      case "event":
      case "event_page":
        this.#toStream(document, document.doc.descriptor);
        break;
      case "stream_datum":
        if (document.doc.descriptor === "") this.#toRun(document, document.doc.stream_resource);
        else this.#toStream(document, document.doc.descriptor);
        break;
      case "bulk_events":
        for (const doc of bulkEventsToEventPages(document.doc)) this.#give({ name: "event_page", doc });
        break;
      case "resource":
      case "stream_resource":
        this.#openAsset(document);
        break;
      case "datum":
      case "datum_page":
      case "bulk_datum":
        this.#toRun(document, document.doc.resource);
        break;
      case "stop":
        this.#close(document);
    }
  }

  #open(document: Document & { name: "start" }): void {
    const answers = this.#factories.map((factory) => factory(document.doc));
    const run: Run = {
      start: document.doc,
      callbacks: answers.flatMap(({ callbacks = [] }) => Array.from(callbacks)),
      factories: answers.flatMap(({ streams = [] }) => Array.from(streams)),
      streams: new Map(),
      assets: [],
    };
    this.#runs.set(run.start.uid, run);
    for (const callback of run.callbacks) callback(document);
  }

  #describe(document: Document & { name: "descriptor" }): void {
    const run = this.#runs.get(document.doc.run_start);
    if (run === undefined) return;
    this.#owners.set(document.doc.uid, run);
    for (const callback of run.callbacks) callback(document);
    const callbacks = run.factories.flatMap((factory) => Array.from(factory(document.doc)));
    run.streams.set(document.doc.uid, callbacks);
    for (const callback of callbacks) {
      callback({ name: "start", doc: run.start });
      for (const asset of run.assets) callback(asset);
      callback(document);
    }
  }

  #toStream(document: Document, descriptor: string): void {
    const run = this.#owners.get(descriptor);
    if (run === undefined) return;
    for (const callback of [...run.callbacks, ...(run.streams.get(descriptor) ?? [])]) callback(document);
  }

  #openAsset(document: Document & { name: "resource" | "stream_resource" }): void {
    const { uid, run_start: runStart } = document.doc;
    // Old resources don't name their run; with one run open there is no doubt.
    const only = this.#runs.size === 1 ? this.#runs.values().next().value : undefined;
    const run = runStart === undefined ? only : this.#runs.get(runStart);
    if (run === undefined) return;
    this.#owners.set(uid, run);
    this.#toAll(document, run);
    run.assets.push(document);
  }

  #toRun(document: Document, owner: string): void {
    const run = this.#owners.get(owner);
    if (run === undefined) return;
    this.#toAll(document, run);
    run.assets.push(document);
  }

  #toAll(document: Document, run: Run): void {
    for (const callback of run.callbacks) callback(document);
    for (const callbacks of run.streams.values()) {
      for (const callback of callbacks) callback(document);
    }
  }

  #close(document: Document & { name: "stop" }): void {
    const run = this.#runs.get(document.doc.run_start);
    if (run === undefined) return;
    this.#runs.delete(run.start.uid);
    for (const [uid, owner] of this.#owners) {
      if (owner === run) this.#owners.delete(uid);
    }
    this.#toAll(document, run);
  }
}

async function fill(document: Document, filler: Filler): Promise<Document> {
  switch (document.name) {
    case "event":
      return { name: "event", doc: await filler.fillEvent(document.doc) };
    case "event_page": {
      const columns = Object.values(document.doc.filled ?? {});
      // Pages without data in files stay what they are, typed columns included.
      if (!columns.some((column) => Array.from<unknown>(column).includes(false))) return document;
      return { name: "event_page", doc: await filler.fillEventPage(document.doc) };
    }
    default:
      filler.handle(document);
      return document;
  }
}
