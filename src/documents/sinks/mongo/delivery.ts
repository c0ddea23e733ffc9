import { setImmediate as turn } from "node:timers/promises";
import type { DeadLetters } from "../journal/dead-letters.ts";
import { type JournalReading, JournalSource, type Pending } from "../journal/journal-source.ts";
import { BatchStore, type Prepared } from "./batch-store.ts";
import type { Leases } from "./leases.ts";
import { Link } from "./link.ts";
import { COLUMNS } from "./page-parts.ts";
import type { BeginDelivery, FromWorker, WorkerStart } from "./protocol.ts";
import { NORMALIZED, type RowLayout } from "./rows.ts";
import { RunQueue, type Slice } from "./run-queue.ts";
import type { Store } from "./store.ts";

// What may be read from the journal and not be stored; beyond it the journal alone has the documents.
const READ_AHEAD_BYTES = 64 * 1024 * 1024;
const READ_AHEAD_BATCHES = 16;

// While documents come, the worker looks for them so often instead of being woken by each.
const NAP_MS = 5;

/** Brings the journal into the database: one batch of a run at a time, tried again until it is stored, a stop after everything else. */
export class Delivery {
  readonly link: Link;
  readonly #start: WorkerStart;
  readonly #post: (message: FromWorker) => void;
  readonly #layout: RowLayout;
  readonly #batches: BatchStore;
  readonly #leases: Leases;
  readonly #asleep: Int32Array;
  readonly #queues = new Map<string, RunQueue>();
  readonly #busy = new Set<string>();
  readonly #own: JournalSource;
  #adopted: JournalSource[];
  #isReplaying = true;
  #isRecovering = true;
  #replayed = 0;
  readonly #replayedRuns = new Set<string>();
  #aheadBytes = 0;
  #aheadRows = 0;
  #hurrying = false;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(
    {
      start,
      store,
      leases,
      post,
    }: { start: WorkerStart; store: Store; leases: Leases; post: (message: FromWorker) => void },
    deadLetters: DeadLetters,
    { folder, carried, adopted, up }: BeginDelivery,
  ) {
    this.#start = start;
    this.#post = post;
    this.#leases = leases;
    this.#layout = start.layout === "columns" ? COLUMNS : NORMALIZED;
    this.#asleep = new Int32Array(start.asleep);
    this.link = new Link(store, leases, post, up);
    this.#batches = new BatchStore({ link: this.link, store, leases, deadLetters, layout: this.#layout, post });
    const reading: JournalReading = {
      countRows: (document) => this.#layout.count(document),
      keepIn: deadLetters.folder,
      report: (path, damage) => {
        const message =
          damage === "torn"
            ? `${path} ends in a document whose write never returned, or that a power loss took`
            : `A journal of an earlier writer is damaged: documents in the middle of it are lost. What can be read is stored, the file is kept as ${path}`;
        post({ type: "problem", problem: { code: damage === "torn" ? "torn" : "journal", run: "", message } });
      },
    };
    this.#adopted = adopted.map((source) => new JournalSource(source, reading));
    this.#own = new JournalSource({ folder, owner: undefined }, reading, start.position, carried);
  }

  /** Reads what there is, and starts the batches that are due. */
  pump(): void {
    if (this.#ended) return;
    clearTimeout(this.#timer);
    const read = this.#fill();
    this.#finishReplay();
    const now = performance.now();
    let next = read > 0 ? now + NAP_MS : Number.POSITIVE_INFINITY;
    for (const queue of this.#queues.values()) {
      if (this.#busy.has(queue.run)) continue;
      if (this.#isDue(queue, now)) void this.#deliver(queue);
      else next = Math.min(next, queue.dueAt(this.#start));
    }
    if (read === 0 && !this.#isFull) {
      Atomics.store(this.#asleep, 0, 1);
      // What came before the flag was up rang no bell.
      if (this.#fillOne()) next = now;
    }
    if (next < Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.pump(), Math.max(0, next - now));
  }

  /** Everything that is in the journal now goes without waiting for its batch to fill. */
  flush(): void {
    this.#hurrying = true;
    this.pump();
  }

  /** No further batch is begun. */
  end(): void {
    this.#ended = true;
    this.link.end();
    clearTimeout(this.#timer);
    this.#own.close();
    for (const source of this.#adopted) source.close();
  }

  /** Gives the number of documents that it has read. */
  #fill(): number {
    let read = 0;
    while (!this.#isFull && this.#fillOne()) read++;
    return read;
  }

  get #isFull(): boolean {
    const most = READ_AHEAD_BATCHES * this.#start.batchSize;
    return this.#aheadBytes >= READ_AHEAD_BYTES || this.#aheadRows >= most;
  }

  #isDue(queue: RunQueue, now: number): boolean {
    // When nothing more may be read, no batch can fill up.
    return queue.dueAt(this.#start) <= now || (this.#isFull && !queue.isEmpty);
  }

  #fillOne(): boolean {
    const pending = this.#next();
    if (pending === undefined) {
      if (this.#hurrying) for (const queue of this.#queues.values()) queue.hurry();
      this.#hurrying &&= this.#queues.size > 0;
      return false;
    }
    const { run, name, bytes } = pending.record;
    if (name === "descriptor") this.#batches.learn(run, pending.record.document as never);
    this.#aheadBytes += bytes;
    this.#aheadRows += pending.rows;
    if (pending.rows === 0) {
      this.#settle(run, [{ pending, from: 0, to: 0 }]);
      return true;
    }
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
    if (this.#isRecovering && this.#own.isRecovered) {
      this.#isRecovering = false;
      this.#post({ type: "recovered" });
    }
    if (!this.#isReplaying) return;
    this.#adopted = this.#adopted.filter((source) => !source.isDrained);
    if (this.#adopted.length > 0) return;
    this.#isReplaying = false;
    void this.#endReplay();
  }

  async #endReplay(): Promise<void> {
    try {
      if (this.#replayedRuns.size > 0) await this.link.retry(() => this.#leases.recount(this.#replayedRuns));
    } catch (error) {
      if (!this.#ended) throw error;
    }
    this.#post({ type: "replayed", documents: this.#replayed });
  }

  async #deliver(queue: RunQueue): Promise<void> {
    this.#busy.add(queue.run);
    try {
      let batch: Prepared | undefined = await this.#prepare(queue);
      while (batch !== undefined && !this.#ended) {
        const stored = this.#batches.store(batch);
        // The next batch is made while MongoDB works on this one, once that is on its way.
        const following = turn().then(() => {
          this.#fill();
          return this.#isDue(queue, performance.now()) && !this.#ended ? this.#prepare(queue) : undefined;
        });
        following.catch(() => undefined);
        await stored;
        this.#settle(queue.run, batch.slices);
        this.#post({ type: "stored", batches: 1, retries: 0 });
        batch = await following;
      }
    } catch (error) {
      if (!this.#ended) throw error;
    }
    this.#busy.delete(queue.run);
    if (queue.isEmpty) this.#queues.delete(queue.run);
    this.pump();
  }

  #prepare(queue: RunQueue): Promise<Prepared> {
    return this.#batches.prepare(queue.run, queue.take(this.#start, performance.now()));
  }

  #settle(run: string, slices: readonly Slice[]): void {
    let [records, rows, journaled] = [0, 0, 0];
    for (const { pending, from, to } of slices) {
      pending.rowsLeft -= to - from;
      this.#aheadRows -= to - from;
      if (pending.rowsLeft > 0) continue;
      const { name, bytes } = pending.record;
      this.#aheadBytes -= bytes;
      pending.source.settled(pending.segment);
      if (name === "stop") this.#batches.forget(run);
      if (pending.source.isAdopted) {
        this.#replayed++;
        this.#replayedRuns.add(run);
      } else if (!pending.source.isCarried(pending.segment)) {
        records++;
        rows += pending.points;
        journaled += bytes;
      }
    }
    this.#finishReplay();
    if (records > 0) this.#post({ type: "settled", run, counts: { records, rows, bytes: journaled } });
  }
}
