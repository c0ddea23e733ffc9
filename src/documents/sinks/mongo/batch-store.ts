import type { Document } from "../../document.ts";
import type { DeadLetters } from "../journal/dead-letters.ts";
import type { Pending } from "../journal/journal-source.ts";
import { type EventHead, FIRST_VALUE, type PackedRow } from "../journal/packed-event.ts";
import { isRepaired } from "../repaired-stop.ts";
import { type Convert, convertersOf, Unstorable } from "./bson.ts";
import { type Collection, STORING_ORDER } from "./collections.ts";
import { decodeExactly, encode } from "./encode.ts";
import { EventTemplate } from "./event-template.ts";
import type { Leases } from "./leases.ts";
import type { Link } from "./link.ts";
import type { FromWorker } from "./protocol.ts";
import type { RowLayout, Rows } from "./rows.ts";
import type { Slice } from "./run-queue.ts";
import type { Rejection, Store } from "./store.ts";

interface Origin {
  readonly pending: Pending;
  readonly at: number;
}

interface Group {
  readonly documents: Uint8Array[];
  /** Where each of them came from. */
  readonly origins: Origin[];
}

/** A batch in BSON, by collection. */
export interface Prepared {
  readonly run: string;
  readonly slices: readonly Slice[];
  readonly groups: ReadonlyMap<Collection, Group>;
}

/** Makes BSON documents of batches and stores them; what MongoDB refuses for good goes to the dead letters. */
export class BatchStore {
  readonly #link: Link;
  readonly #store: Store;
  readonly #leases: Leases;
  readonly #deadLetters: DeadLetters;
  readonly #layout: RowLayout;
  readonly #post: (message: FromWorker) => void;
  readonly #converters = new Map<string, ReadonlyMap<string, Convert>>();
  readonly #descriptorsOf = new Map<string, string[]>();
  readonly #rowsOf = new WeakMap<Pending, Rows>();
  /** null: the stream has more than numbers. */
  readonly #templates = new WeakMap<EventHead, EventTemplate | null>();

  constructor(parts: {
    link: Link;
    store: Store;
    leases: Leases;
    deadLetters: DeadLetters;
    layout: RowLayout;
    post: (message: FromWorker) => void;
  }) {
    this.#link = parts.link;
    this.#store = parts.store;
    this.#leases = parts.leases;
    this.#deadLetters = parts.deadLetters;
    this.#layout = parts.layout;
    this.#post = parts.post;
  }

  /** Has to see each descriptor before the events that refer to it. */
  learn(run: string, { doc }: Extract<Document, { name: "descriptor" }>): void {
    this.#converters.set(doc.uid, convertersOf(doc.data_keys));
    const known = this.#descriptorsOf.get(run);
    if (known === undefined) this.#descriptorsOf.set(run, [doc.uid]);
    else known.push(doc.uid);
  }

  forget(run: string): void {
    for (const uid of this.#descriptorsOf.get(run) ?? []) this.#converters.delete(uid);
    this.#descriptorsOf.delete(run);
  }

  async prepare(run: string, slices: readonly Slice[]): Promise<Prepared> {
    await this.#findDescriptors(run, slices);
    const groups = new Map<Collection, Group>();
    const groupOf = (collection: Collection): Group => {
      let group = groups.get(collection);
      if (group === undefined) {
        group = { documents: [], origins: [] };
        groups.set(collection, group);
      }
      return group;
    };
    for (const { pending, from, to } of slices) {
      const { packed } = pending.record;
      const event = packed === undefined ? undefined : this.#fill(packed);
      if (event !== undefined) {
        const { documents, origins } = groupOf("event");
        documents.push(event);
        origins.push({ pending, at: 0 });
        continue;
      }
      const rows = this.#rows(pending);
      const { documents, origins } = groupOf(rows.collection);
      for (let at = from; at < to; at++) {
        try {
          const row = rows.row(at);
          documents.push(row instanceof Uint8Array ? row : encode(row));
          origins.push({ pending, at });
        } catch (error) {
          if (!(error instanceof Unstorable)) throw error;
          this.#bury(run, { code: "unstorable", reason: error.message }, { pending, at });
        }
      }
    }
    return { run, slices, groups };
  }

  /** Resolves when everything in the batch is acknowledged, or refused for good. */
  async store({ run, slices, groups }: Prepared): Promise<void> {
    const owner = slices[0]?.pending.source.owner;
    for (const collection of STORING_ORDER) {
      const group = groups.get(collection);
      if (group === undefined) continue;
      if (collection === "run_start") await this.#link.retry(() => this.#leases.claim(run, owner));
      const documents = collection === "run_stop" ? await this.#completed(run, group.documents) : group.documents;
      const rejected = await this.#link.retry(() => this.#store.insert(collection, documents));
      for (const rejection of rejected) this.#bury(run, rejection, group.origins[rejection.at] as Origin);
      if (collection === "run_stop") await this.#link.retry(() => this.#leases.release(run));
    }
  }

  #fill({ head, numbers, uid }: PackedRow): Uint8Array | undefined {
    let template = this.#templates.get(head);
    if (template === undefined) {
      template = EventTemplate.of(head, this.#converters.get(head.descriptor) ?? new Map(), uid) ?? null;
      this.#templates.set(head, template);
    }
    return template?.fill(uid, numbers[0], numbers[1], numbers, FIRST_VALUE);
  }

  #rows(pending: Pending): Rows {
    let rows = this.#rowsOf.get(pending);
    if (rows === undefined) {
      rows = this.#layout.rows(pending.record.document, (descriptor) => this.#converters.get(descriptor));
      this.#rowsOf.set(pending, rows);
    }
    return rows;
  }

  /** After a restart the descriptor may be in the database only. */
  async #findDescriptors(run: string, slices: readonly Slice[]): Promise<void> {
    for (const { pending } of slices) {
      const descriptor = descriptorOf(pending);
      if (descriptor === undefined || this.#converters.has(descriptor)) continue;
      const found = await this.#link.retry(() => this.#store.find("event_descriptor", descriptor));
      if (found === undefined) this.#converters.set(descriptor, new Map());
      else this.learn(run, { name: "descriptor", doc: found as never });
    }
  }

  #bury(run: string, { code, reason }: Omit<Rejection, "at">, { pending, at }: Origin): void {
    const { name, doc } = this.#rows(pending).original(at);
    this.#deadLetters.add(run, { name, doc }, reason);
    const { uid, datum_id } = doc as { uid?: string; datum_id?: string };
    const path = this.#deadLetters.pathOf(run);
    const message = `The ${name} ${uid ?? datum_id ?? ""} of run ${run} could not be stored: ${reason}. It is kept in ${path}`;
    this.#post({ type: "problem", problem: { code, run, message } });
  }

  /** The run says itself that something of it is not in the store; and what there is of it, where a Kafka publisher has ended it for an engine that died. */
  async #completed(run: string, stops: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    const lost = this.#deadLetters.count(run);
    const note = `${lost} document${lost === 1 ? "" : "s"} could not be stored, see ${this.#deadLetters.pathOf(run)}`;
    const completed: Uint8Array[] = [];
    for (const bytes of stops) {
      const stop = decodeExactly(bytes);
      const isUncounted = isRepaired(stop) && stop.num_events === undefined;
      if (isUncounted) stop.num_events = await this.#link.retry(() => this.#leases.numEvents(run));
      if (lost > 0) stop.reason = stop.reason ? `${stop.reason}; ${note}` : note;
      completed.push(isUncounted || lost > 0 ? encode(stop) : bytes);
    }
    return completed;
  }
}

function descriptorOf({ record }: Pending): string | undefined {
  if (record.packed !== undefined) return record.packed.head.descriptor;
  const { document } = record;
  return document.name === "event" || document.name === "event_page" ? document.doc.descriptor : undefined;
}
