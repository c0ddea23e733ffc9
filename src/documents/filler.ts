import { posix, win32 } from "node:path";
import { bulkDatumToDatumPage } from "./bulk.ts";
import type { Datum, Document, Event, EventPage, Resource } from "./document.ts";
import { DataNotAccessible, UnknownSpec, UnresolvableReference } from "./errors.ts";
import { OpenFiles } from "./open-files.ts";
import { packEventPage, unpackDatumPage, unpackEventPage } from "./pages.ts";
import { patiently, RETRY_INTERVALS_MS } from "./patience.ts";

/** Reads the data of one datum from a resource that was opened. */
export interface Handler {
  read(datumKwargs: Record<string, unknown>): unknown;
  close?(): unknown;
}

/** Opens a resource; `path` is its root and its resource_path together. */
export type HandlerFactory = (path: string, resourceKwargs: Record<string, unknown>) => Handler | Promise<Handler>;

export interface FillerOptions {
  /** Who reads the resources of each spec. */
  handlers: Readonly<Record<string, HandlerFactory>>;
  /** Where the roots that resources name are on this machine; those that aren't named here stay. */
  rootMap?: Readonly<Record<string, string>>;
  /** How long to wait before each further attempt, since files can be late: eight attempts within half a second by default. */
  retryIntervalsMs?: readonly number[];
}

/**
 * Puts data from files into events. Give it the documents of the runs as they come; resources stay open until `close`,
 * and what belongs to a run is forgotten by `forget`.
 */
export class Filler {
  readonly #handlers: Readonly<Record<string, HandlerFactory>>;
  readonly #rootMap: Readonly<Record<string, string>>;
  readonly #retryIntervalsMs: readonly number[];
  readonly #resources = new Map<string, Resource>();
  readonly #data = new Map<string, Datum>();
  readonly #files = new OpenFiles<Handler>();

  constructor({ handlers, rootMap = {}, retryIntervalsMs = RETRY_INTERVALS_MS }: FillerOptions) {
    this.#handlers = handlers;
    this.#rootMap = rootMap;
    this.#retryIntervalsMs = retryIntervalsMs;
  }

  /** Remembers resources and data; all else passes by. Bound, so that it can be subscribed as it is. */
  readonly handle = (document: Document): void => {
    switch (document.name) {
      case "resource":
        this.#resources.set(document.doc.uid, document.doc);
        break;
      case "datum":
        this.#data.set(document.doc.datum_id, document.doc);
        break;
      case "datum_page":
        for (const datum of unpackDatumPage(document.doc)) this.#data.set(datum.datum_id, datum);
        break;
      case "bulk_datum": {
        const page = bulkDatumToDatumPage(document.doc);
        if (page !== undefined) this.handle({ name: "datum_page", doc: page });
      }
    }
  };

  /** The event with the data of its unfilled keys in place, and `filled` saying which datum it came from. */
  async fillEvent(event: Event): Promise<Event> {
    const unfilled = Object.keys(event.filled ?? {}).filter((key) => event.filled?.[key] === false);
    if (unfilled.length === 0) return event;
    const data = { ...event.data };
    const filled = { ...event.filled };
    for (const key of unfilled) {
      const id = event.data[key];
      data[key] = await this.#read(id, key);
      filled[key] = id as string;
    }
    return { ...event, data, filled };
  }

  /** The page with the data of its unfilled keys in place. */
  async fillEventPage(page: EventPage): Promise<EventPage> {
    const events: Event[] = [];
    for (const event of unpackEventPage(page)) events.push(await this.fillEvent(event));
    return events.length === 0 ? page : packEventPage(events);
  }

  /** Closes and forgets the resources of a run with their data. */
  async forget(runUid: string): Promise<void> {
    const gone = Array.from(this.#resources.values()).filter((resource) => resource.run_start === runUid);
    const uids = new Set(gone.map(({ uid }) => uid));
    for (const uid of uids) this.#resources.delete(uid);
    for (const [id, { resource }] of this.#data) {
      if (uids.has(resource)) this.#data.delete(id);
    }
    await this.#files.close(uids);
  }

  /** Closes all resources and forgets everything. */
  async close(): Promise<void> {
    this.#resources.clear();
    this.#data.clear();
    await this.#files.close();
  }

  async #read(id: unknown, key: string): Promise<unknown> {
    const datum = this.#data.get(id as string);
    if (datum === undefined) throw unresolvable("datum", id, key);
    const resource = this.#resources.get(datum.resource);
    if (resource === undefined) throw unresolvable("resource", datum.resource, key);
    const factory = this.#handlers[resource.spec];
    if (factory === undefined) {
      const known = Object.keys(this.#handlers).join(", ");
      throw new UnknownSpec(
        `nobody reads resources of spec "${resource.spec}", which "${key}" lies in; handlers are given for: ${known || "none"}`,
        { code: "unhandled", documentName: "resource", key },
      );
    }
    const path = this.#pathOf(resource);
    return patiently(
      this.#retryIntervalsMs,
      async () => {
        const handler = await this.#files.of(resource.uid, () => factory(path, resource.resource_kwargs));
        return handler.read(datum.datum_kwargs);
      },
      (cause, attempts) =>
        new DataNotAccessible(
          `the data of "${key}" in ${path} can't be read after ${attempts} attempts: ${String(cause)}`,
          { code: "inaccessible", documentName: "datum", key, cause },
        ),
    );
  }

  #pathOf({ root, resource_path: path, path_semantics: semantics }: Resource): string {
    const { join } = semantics === "windows" ? win32 : posix;
    return join(this.#rootMap[root] ?? root, path);
  }
}

function unresolvable(name: "datum" | "resource", id: unknown, key: string): UnresolvableReference {
  return new UnresolvableReference(
    `"${key}" lies in ${name} ${String(id)}, which has not come: it must come before the event`,
    {
      code: "unresolvable",
      documentName: name,
      key,
    },
  );
}
