import { BehaviorSubject, defer, type Observable, Subject } from "rxjs";
import { distinctUntilChanged, map, startWith } from "rxjs/operators";
import type { Document } from "../../document.ts";
import type { Sink } from "../../sink.ts";
import { countRows } from "../journal/count-rows.ts";
import { Gate } from "../journal/gate.ts";
import { JournalHome } from "../journal/journal-home.ts";
import { newOwner } from "../journal/journal-owner.ts";
import { Ledger } from "../journal/ledger.ts";
import { packPosition } from "../journal/position.ts";
import { Problems } from "../problems.ts";
import { RunIndex } from "../run-index.ts";
import { reasonOf, SinkError } from "../sink-error.ts";
import { type MongoWriterOptions, resolveOptions, type WriterSettings } from "./options.ts";
import type { FromWorker, Problem, Repaired, ToWorker, Verified } from "./protocol.ts";
import { WorkerLink } from "./worker-link.ts";
import { abandoned, refused, unacknowledged, unreachable } from "./writer-errors.ts";
import type { WriterCounters, WriterState } from "./writer-state.ts";

const STILL_MS = 60_000;
const STOP_MS = 5_000;

/**
 * Stores documents in MongoDB, losing none: `write` puts each into a journal on the local disk, a worker brings it from there into the
 * database and tries until it is acknowledged. What a process that died left in its journal is stored by the next writer that connects.
 */
export class MongoWriter implements Sink {
  readonly #settings: WriterSettings;
  readonly #link: WorkerLink;
  readonly #owner = newOwner();
  readonly #position = new SharedArrayBuffer(8);
  readonly #positions = new BigInt64Array(this.#position);
  readonly #asleep = new SharedArrayBuffer(4);
  readonly #bell = new Int32Array(this.#asleep);
  readonly #index = new RunIndex();
  readonly #ledger = new Ledger();
  readonly #states = new BehaviorSubject<WriterState>("connected");
  readonly #errors = new Subject<Error>();
  readonly #moves = new Subject<void>();
  readonly #problems = new Problems();
  #home: JournalHome | undefined;
  /** Closed while what earlier writers left is being stored. */
  #replay: Gate | undefined;
  #linkLost: ((reason: string) => void) | undefined;
  /** Why there is no worker any more; what is written from then on stays in the journal. */
  #lost: SinkError | undefined;
  #ready: Gate | undefined;
  #counts = { batches: 0, retries: 0, refused: 0, replayed: 0, restarts: 0 };
  #up = true;
  #journalFails = false;
  #holding = false;
  #closed = false;

  /** Emits the current state first. */
  readonly state$: Observable<WriterState> = this.#states.pipe(distinctUntilChanged());
  /** The counters now, and again whenever something has been stored. */
  readonly progress$: Observable<WriterCounters> = defer(() =>
    this.#moves.pipe(
      startWith(undefined),
      map(() => this.counters),
    ),
  );
  /** What went wrong and didn't stop anything: documents that were refused, a lost link, a torn journal. */
  readonly errors$: Observable<Error> = this.#errors.asObservable();

  private constructor(settings: WriterSettings) {
    this.#settings = settings;
    this.#link = new WorkerLink(
      {
        uri: settings.uri,
        shownUri: settings.shownUri,
        database: settings.database,
        layout: settings.layout,
        batchSize: settings.batchSize,
        batchBytes: settings.batchBytes,
        batchAgeMs: settings.batchAgeMs,
        writeConcern: settings.writeConcern,
        owner: this.#owner,
        position: this.#position,
        asleep: this.#asleep,
      },
      { begin: () => this.#begin(), died: (error, isFinal) => this.#died(error, isFinal) },
    );
    this.#link.listen((message) => this.#hear(message));
  }

  /**
   * Resolves when the database answers, has its indexes, and holds what earlier writers left in the journal. It rejects when MongoDB is away,
   * unless `allowUnavailable` is set.
   */
  static async connect(uri: string, options: MongoWriterOptions = {}): Promise<MongoWriter> {
    const writer = new MongoWriter(resolveOptions(uri, options));
    try {
      await writer.#open();
      return writer;
    } catch (error) {
      writer.#closed = true;
      await writer.#shutDown(false);
      throw error;
    }
  }

  write(document: Document): void {
    const home = this.#home;
    if (this.#closed || home === undefined) {
      throw new SinkError("closed", `MongoWriter is closed and can't take a ${document.name} document`);
    }
    const run = this.#index.runOf(document) ?? "";
    let bytes: number;
    try {
      bytes = home.append(run, document);
    } catch (error) {
      if (error instanceof SinkError) {
        this.#publish(home);
        this.#journalFails = true;
        this.#update();
        throw error;
      }
      this.#refuse(run, document, reasonOf(error));
      return;
    }
    this.#journalFails = false;
    this.#ledger.written(run, { records: 1, rows: countRows(document), bytes });
    this.#publish(home);
    if (document.name === "stop" && this.#index.open.length === 0) {
      // A segment that only closed runs lie in can go as soon as they are stored.
      home.rotate();
      this.#publish(home);
    }
    this.#update();
  }

  /** A promise while the store is too far behind; see `highWaterMark` and `journalBytes`. */
  get ready(): Promise<void> | undefined {
    return this.#ready?.promise;
  }

  get state(): WriterState {
    return this.#states.value;
  }

  get counters(): WriterCounters {
    return {
      pending: this.#ledger.pendingDocuments,
      pendingRows: this.#ledger.pendingRows,
      journalBytes: this.#ledger.pendingBytes,
      stored: this.#ledger.storedDocuments,
      ...this.#counts,
    };
  }

  /**
   * Resolves when all that was written before the call is acknowledged by MongoDB. Rejects, with the number of documents of each run that are
   * missing, after `timeoutMs`, by default when nothing has moved for a minute; and once for documents that MongoDB did not take.
   */
  async flush(options: { timeoutMs?: number } = {}): Promise<void> {
    if (this.#closed) return;
    await this.#flush(options);
  }

  /** Refuses further documents and flushes. What could not be stored stays in the journal for the next writer, and the promise rejects. */
  async close(options: { timeoutMs?: number } = {}): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#flush(options);
    } finally {
      await this.#shutDown(this.#ledger.pendingDocuments === 0 && this.#replay === undefined);
    }
  }

  /** Gives the runs of engines that died a stop document, and tells which and how many events the store has of them. */
  async repair(): Promise<readonly Repaired[]> {
    await this.#afterReplay();
    return this.#link.ask((id) => ({ type: "repair", id }));
  }

  /** Counts the points of a run in the store and compares them with what its stop document announces. */
  async verify(runUid: string): Promise<Verified> {
    await this.#afterReplay();
    return this.#link.ask((id) => ({ type: "verify", id, runUid }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #open(): Promise<void> {
    const { shownUri, allowUnavailable, connectTimeoutMs, journalDir, fsync } = this.#settings;
    const answer = this.#link.expect((message) =>
      message.type === "connected" || message.type === "refused" ? message : undefined,
    );
    this.#link.post({ type: "connect", timeoutMs: connectTimeoutMs });
    const outcome = await answer;
    if (outcome.type === "refused") {
      if (outcome.code === "index") throw new SinkError("index", outcome.message);
      if (outcome.code === "refused") throw refused(shownUri, outcome.message);
      if (!allowUnavailable) throw unreachable(shownUri, outcome.message);
      this.#up = false;
    }
    this.#home = new JournalHome(journalDir, fsync, this.#owner, (error) => this.#errors.next(error));
    if (this.#home.adopted.length > 0) this.#replay = new Gate();
    const lost = new Promise<string>((resolve) => {
      this.#linkLost = resolve;
    });
    this.#link.begin();
    this.#update();
    if (!this.#up || this.#replay === undefined) return;
    const reason = await this.#link.holding(() => Promise.race([this.#replay?.promise, lost]));
    if (typeof reason === "string" && !allowUnavailable) throw unreachable(shownUri, reason);
  }

  /** For the first worker, and for one that stores anew what another had left when it died. */
  #begin(): ToWorker {
    const home = this.#home as JournalHome;
    this.#ledger.carry();
    const begin = { type: "begin", ...home.carry(), up: this.#up } as const;
    this.#publish(home);
    return begin;
  }

  #died(error: SinkError, isFinal: boolean): void {
    this.#up = false;
    if (isFinal) {
      this.#linkLost?.(error.message);
      this.#lost = error;
      this.#replay?.open();
      this.#ledger.giveUp();
    } else this.#counts.restarts++;
    this.#update();
    this.#errors.next(error);
  }

  async #afterReplay(): Promise<void> {
    if (this.#closed) throw new SinkError("closed", "MongoWriter is closed");
    await this.#link.holding(async () => this.#replay?.promise);
  }

  async #flush({ timeoutMs }: { timeoutMs?: number }): Promise<void> {
    const started = performance.now();
    await this.#link.holding(async () => {
      this.#link.post({ type: "flush" });
      const limit = { whileStill: timeoutMs === undefined };
      const done = this.#lost === undefined && (await this.#ledger.wait(timeoutMs ?? STILL_MS, limit));
      if (this.#lost !== undefined && this.#ledger.pendingDocuments > 0)
        throw abandoned(this.#lost, this.#ledger.describePending(), this.#home?.folder);
      const left = Math.max(0, (timeoutMs ?? STILL_MS) - (performance.now() - started));
      const replayed = this.#replay === undefined || (await this.#replay.within(left));
      if (done && replayed) return;
      const what = done ? "what an earlier writer left in the journal" : this.#ledger.describePending();
      const when =
        timeoutMs === undefined ? `and nothing has moved for ${STILL_MS / 1000} s` : `within ${timeoutMs} ms`;
      throw unacknowledged(this.#settings.shownUri, `${what} ${when}`, this.#home?.folder);
    });
    this.#problems.raise();
  }

  async #shutDown(empty: boolean): Promise<void> {
    this.#home?.closeJournal();
    await this.#link.stop(STOP_MS);
    this.#home?.release({ empty });
    this.#releaseReady();
    this.#states.complete();
    this.#moves.complete();
  }

  #publish(home: JournalHome): void {
    Atomics.store(this.#positions, 0, packPosition(home.position));
    if (Atomics.exchange(this.#bell, 0, 0) === 1) this.#link.post({ type: "wake" });
  }

  #hear(message: FromWorker): void {
    switch (message.type) {
      case "settled":
        this.#ledger.settled(message.run, message.counts);
        break;
      case "stored":
        this.#counts.batches += message.batches;
        this.#counts.retries += message.retries;
        if (message.batches === 0) return;
        this.#ledger.moved();
        this.#moves.next();
        return;
      case "recovered":
        this.#ledger.recovered();
        this.#link.recovered();
        break;
      case "replayed":
        this.#counts.replayed += message.documents;
        this.#replay?.open();
        this.#replay = undefined;
        return;
      case "link":
        this.#up = message.up;
        if (!message.up) {
          this.#linkLost?.(message.reason);
          this.#errors.next(unreachable(this.#settings.shownUri, message.reason));
        }
        break;
      case "problem":
        this.#report(message.problem);
        return;
    }
    this.#update();
  }

  #refuse(run: string, document: Document, reason: string): void {
    const path = this.#home?.bury(run, document, reason);
    const message = `A ${document.name} of run ${run} can't be stored: ${reason}. What of it can be written is in ${path}`;
    this.#report({ code: "unstorable", run, message });
  }

  #report({ code, message }: Problem): void {
    const problem = new SinkError(code === "torn" ? "journal" : code, message);
    this.#errors.next(problem);
    if (code === "torn") return;
    this.#counts.refused++;
    this.#problems.keep(problem);
  }

  #update(): void {
    const { highWaterMark, journalBytes } = this.#settings;
    const { pendingRows, pendingBytes, pendingDocuments } = this.#ledger;
    const full = pendingBytes > journalBytes;
    const over = pendingRows > highWaterMark;
    const state = full || this.#journalFails ? "blocked" : over ? "spilling" : this.#up ? "connected" : "degraded";
    if (state !== this.state) this.#states.next(state);
    // Once held, the engine goes on when there is room again and not at the first row.
    const crowded = this.#ready === undefined ? over : pendingRows > highWaterMark / 2;
    if (full || (crowded && this.#up)) this.#ready ??= new Gate();
    else this.#releaseReady();
    const holds = this.#up && pendingDocuments > 0;
    if (holds === this.#holding) return;
    this.#holding = holds;
    if (holds) this.#link.hold();
    else this.#link.release();
  }

  #releaseReady(): void {
    this.#ready?.open();
    this.#ready = undefined;
  }
}
