import type { Document } from "../../document.ts";
import { reasonOf } from "../sink-error.ts";
import { type BsonDocument, type Convert, convertersOf, Unstorable } from "./bson.ts";
import { type Collection, STORING_ORDER } from "./collections.ts";
import { countRows } from "./count-rows.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { JournalSource, type Pending } from "./journal-source.ts";
import type { Leases } from "./leases.ts";
import { COLUMNS } from "./page-parts.ts";
import type { FromWorker, JournalSource as SourceDescription, WorkerStart } from "./protocol.ts";
import { NORMALIZED, type RowLayout, type Rows } from "./rows.ts";
import { type Limits, RunQueue, type Slice } from "./run-queue.ts";
import type { Rejection, Store } from "./store.ts";

// What may be read from the journal and not be stored; beyond it the journal alone has the documents.
const READ_AHEAD_BYTES = 64 * 1024 * 1024;
const READ_AHEAD_BATCHES = 16;

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2_000;

interface Origin {
  readonly rows: Rows;
  readonly at: number;
}

/** Brings the journal into the database: one batch of a run at a time, tried again until it is stored, a stop after everything else. */
export class Delivery {
  readonly #store: Store;
  readonly #leases: Leases;
  readonly #deadLetters: DeadLetters;
  readonly #post: (message: FromWorker) => void;
  readonly #limits: Limits;
  readonly #layout: RowLayout;
  readonly #asleep: Int32Array;
  readonly #queues = new Map<string, RunQueue>();
  readonly #busy = new Set<string>();
  readonly #converters = new Map<string, ReadonlyMap<string, Convert>>();
  readonly #descriptorsOf = new Map<string, string[]>();
  readonly #rowsOf = new WeakMap<Pending, Rows>();
  readonly #own: JournalSource;
  #adopted: JournalSource[];
  #replayed = 0;
  #aheadBytes = 0;
  #aheadRows = 0;
  #hurrying = false;
  #timer: NodeJS.Timeout | undefined;
  #up: boolean;
  #trying = 0;
  #ended = false;

  constructor(
    {
      start,
      store,
      leases,
      deadLetters,
      post,
    }: {
      start: WorkerStart;
      store: Store;
      leases: Leases;
      deadLetters: DeadLetters;
      post: (message: FromWorker) => void;
    },
    { folder, adopted, up }: { folder: string; adopted: readonly SourceDescription[]; up: boolean },
  ) {
    this.#store = store;
    this.#leases = leases;
    this.#deadLetters = deadLetters;
    this.#post = post;
    this.#limits = start;
    this.#layout = start.layout === "columns" ? COLUMNS : NORMALIZED;
    this.#asleep = new Int32Array(start.asleep);
    const onTorn = (path: string, bytes: number): void => {
      if (bytes > 0)
        this.#problem("journal", "", `${path} ends in ${bytes} bytes of a document whose write never returned`);
    };
    this.#adopted = adopted.map((source) => new JournalSource(source.folder, source.owner, this.#layout.count, onTorn));
    this.#own = new JournalSource(folder, undefined, this.#layout.count, onTorn, start.position);
    this.#up = up;
    if (!up) void this.retry(() => leases.heartbeat()).catch(() => undefined);
  }

  /** Reads what there is, and starts the batches that are due. */
  pump(): void {
    if (this.#ended) return;
    const full = this.#fill();
    this.#finishReplay();
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const queue of this.#queues.values()) {
      if (this.#busy.has(queue.run)) continue;
      const due = queue.dueAt(this.#limits);
      if (due <= now || (full && !queue.isEmpty)) void this.#send(queue);
      else next = Math.min(next, due);
    }
    clearTimeout(this.#timer);
    if (next < Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.pump(), Math.max(1, next - now));
    if (full) return;
    Atomics.store(this.#asleep, 0, 1);
    // What came before the flag was up rang no bell.
    if (this.#fillOne() && Atomics.exchange(this.#asleep, 0, 0) === 1) setImmediate(() => this.pump());
  }

  /** Everything that is in the journal now goes without waiting for its batch to fill. */
  flush(): void {
    this.#hurrying = true;
    this.pump();
  }

  /** No further batch is begun. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#own.close();
    for (const source of this.#adopted) source.close();
  }

  /** Whether MongoDB takes what it is given, as far as the last attempt can tell. */
  get isUp(): boolean {
    return this.#up;
  }

  /** Tries until it succeeds, with growing pauses; in between the writer is told that the link is down. */
  async retry<T>(attempt: () => Promise<T>): Promise<T> {
    for (let pause = FIRST_RETRY_MS; ; pause = Math.min(LAST_RETRY_MS, pause * 2)) {
      try {
        await this.#store.connect(LAST_RETRY_MS);
        const result = await attempt();
        if (pause > FIRST_RETRY_MS) this.#trying--;
        if (this.#trying === 0) this.#link(true, "");
        return result;
      } catch (error) {
        if (pause === FIRST_RETRY_MS) this.#trying++;
        this.#link(false, reasonOf(error));
        this.#post({ type: "stored", batches: 0, retries: 1, documents: 0 });
        await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
        if (this.#ended) throw error;
      }
    }
  }

  /** Shows that the engine lives, and finds out about the link while there is nothing to store. */
  async beat(): Promise<void> {
    try {
      await this.#store.connect(LAST_RETRY_MS);
      await this.#leases.heartbeat();
      if (this.#trying === 0) this.#link(true, "");
    } catch (error) {
      this.#link(false, reasonOf(error));
    }
  }

  /** Whether as much is read as may be. */
  #fill(): boolean {
    while (!this.#isFull) if (!this.#fillOne()) return false;
    return true;
  }

  get #isFull(): boolean {
    return this.#aheadBytes >= READ_AHEAD_BYTES || this.#aheadRows >= READ_AHEAD_BATCHES * this.#limits.batchSize;
  }

  #fillOne(): boolean {
    const pending = this.#next();
    if (pending === undefined) {
      if (this.#hurrying) for (const queue of this.#queues.values()) queue.hurry();
      if (this.#queues.size === 0) this.#hurrying = false;
      return false;
    }
    const { run, document, bytes } = pending.record;
    if (document.name === "descriptor") this.#learn(run, document);
    if (pending.rows === 0) {
      this.#settle(pending, 0);
      return true;
    }
    this.#aheadBytes += bytes;
    this.#aheadRows += pending.rows;
    let queue = this.#queues.get(run);
    if (queue === undefined) {
      queue = new RunQueue(run);
      this.#queues.set(run, queue);
    }
    queue.push(pending, performance.now());
    return true;
  }

  /** What other writers left comes before what ours writes. */
  #next(): Pending | undefined {
    for (const source of this.#adopted) {
      const pending = source.next();
      if (pending !== undefined) return pending;
    }
    return this.#own.next();
  }

  #finishReplay(): void {
    if (this.#adopted.length === 0) return;
    this.#adopted = this.#adopted.filter((source) => !source.isDrained);
    if (this.#adopted.length === 0) this.#post({ type: "replayed", documents: this.#replayed });
  }

  async #send(queue: RunQueue): Promise<void> {
    this.#busy.add(queue.run);
    try {
      const batch = queue.take(this.#limits, performance.now());
      await this.#storeBatch(queue.run, batch);
      if (queue.isEmpty) this.#queues.delete(queue.run);
    } catch (error) {
      if (!this.#ended) throw error;
    } finally {
      this.#busy.delete(queue.run);
    }
    this.pump();
  }

  async #storeBatch(run: string, batch: readonly Slice[]): Promise<void> {
    await this.#findDescriptors(run, batch);
    const groups = new Map<Collection, { documents: BsonDocument[]; origins: Origin[] }>();
    let documents = 0;
    for (const slice of batch) {
      const rows = this.#rows(slice.pending);
      let group = groups.get(rows.collection);
      if (group === undefined) {
        group = { documents: [], origins: [] };
        groups.set(rows.collection, group);
      }
      for (let at = slice.from; at < slice.to; at++) {
        try {
          group.documents.push(rows.row(at));
          group.origins.push({ rows, at });
        } catch (error) {
          if (!(error instanceof Unstorable)) throw error;
          this.#bury(run, { code: "unstorable", reason: error.message }, { rows, at });
        }
      }
    }
    for (const collection of STORING_ORDER) {
      const group = groups.get(collection);
      if (group === undefined) continue;
      documents += group.documents.length;
      const owner = batch[0]?.pending.source.owner;
      if (collection === "run_stop") this.#markLoss(run, group.documents);
      if (collection === "run_start") await this.retry(() => this.#leases.claim(run, owner));
      const rejected = await this.retry(() => this.#store.insert(collection, group.documents));
      for (const rejection of rejected) {
        this.#bury(run, rejection, group.origins[rejection.at] as Origin);
      }
      if (collection === "run_stop") await this.retry(() => this.#leases.release(run));
    }
    for (const { pending, from, to } of batch) this.#settle(pending, to - from);
    this.#post({ type: "stored", batches: 1, retries: 0, documents });
  }

  #rows(pending: Pending): Rows {
    let rows = this.#rowsOf.get(pending);
    if (rows === undefined) {
      rows = this.#layout.rows(pending.record.document, (descriptor) => this.#converters.get(descriptor));
      this.#rowsOf.set(pending, rows);
    }
    return rows;
  }

  #settle(pending: Pending, rows: number): void {
    pending.rowsLeft -= rows;
    this.#aheadRows -= rows;
    if (pending.rowsLeft > 0) return;
    const { run, document, bytes } = pending.record;
    if (pending.rows > 0) this.#aheadBytes -= bytes;
    pending.source.settled(pending.segment);
    if (document.name === "stop") this.#forget(run);
    if (pending.source.isAdopted) this.#replayed++;
    else this.#post({ type: "settled", run, counts: { records: 1, rows: countRows(document), bytes } });
  }

  #bury(run: string, { code, reason }: Omit<Rejection, "at">, { rows, at }: Origin): void {
    const original = rows.original(at);
    this.#deadLetters.add(run, original, reason);
    const { uid, datum_id } = original.doc as { uid?: string; datum_id?: string };
    const path = this.#deadLetters.pathOf(run);
    this.#problem(
      code,
      run,
      `The ${original.name} ${uid ?? datum_id ?? ""} of run ${run} could not be stored: ${reason}. It is kept in ${path}`,
    );
  }

  /** The run says itself that something of it is not in the store. */
  #markLoss(run: string, stops: readonly BsonDocument[]): void {
    const lost = this.#deadLetters.count(run);
    if (lost === 0) return;
    const note = `${lost} document${lost === 1 ? "" : "s"} could not be stored, see ${this.#deadLetters.pathOf(run)}`;
    for (const stop of stops) stop.reason = stop.reason ? `${stop.reason}; ${note}` : note;
  }

  #learn(run: string, { doc }: Extract<Document, { name: "descriptor" }>): void {
    this.#converters.set(doc.uid, convertersOf(doc.data_keys));
    const known = this.#descriptorsOf.get(run);
    if (known === undefined) this.#descriptorsOf.set(run, [doc.uid]);
    else known.push(doc.uid);
  }

  /** After a restart the descriptor may be in the database only. */
  async #findDescriptors(run: string, batch: readonly Slice[]): Promise<void> {
    for (const { pending } of batch) {
      const { document } = pending.record;
      if (document.name !== "event" && document.name !== "event_page") continue;
      if (this.#converters.has(document.doc.descriptor)) continue;
      const found = await this.retry(() => this.#store.find("event_descriptor", document.doc.descriptor));
      if (found === undefined) this.#converters.set(document.doc.descriptor, new Map());
      else this.#learn(run, { name: "descriptor", doc: found as never });
    }
  }

  #forget(run: string): void {
    for (const uid of this.#descriptorsOf.get(run) ?? []) this.#converters.delete(uid);
    this.#descriptorsOf.delete(run);
  }

  #link(up: boolean, reason: string): void {
    if (up === this.#up) return;
    this.#up = up;
    this.#post({ type: "link", up, reason });
  }

  #problem(code: "duplicate" | "unstorable" | "journal", run: string, message: string): void {
    this.#post({ type: "problem", problem: { code, run, message } });
  }
}
