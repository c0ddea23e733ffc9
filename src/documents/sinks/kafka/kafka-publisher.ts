import { randomUUID } from "node:crypto";
import type { Producer } from "@platformatic/kafka";
import { BehaviorSubject, type Observable, Subject } from "rxjs";
import { distinctUntilChanged } from "rxjs/operators";
import type { Document } from "../../document.ts";
import type { Sink } from "../../sink.ts";
import { countRows } from "../journal/count-rows.ts";
import { Gate } from "../journal/gate.ts";
import { JournalHome } from "../journal/journal-home.ts";
import { newOwner } from "../journal/journal-owner.ts";
import { type Damage, type JournalReading, JournalSource, type Pending } from "../journal/journal-source.ts";
import { Ledger } from "../journal/ledger.ts";
import { packPosition } from "../journal/position.ts";
import { optionalPackage } from "../optional-package.ts";
import { Problems } from "../problems.ts";
import { REPAIRED } from "../repaired-stop.ts";
import { RunIndex } from "../run-index.ts";
import { reasonOf, SinkError, type SinkErrorCode } from "../sink-error.ts";
import { closeClient, reach } from "./client.ts";
import { KafkaDelivery, type Send } from "./delivery.ts";
import { OpenRuns } from "./open-runs.ts";
import { type KafkaPublisherOptions, type PublisherSettings, resolvePublisherOptions } from "./options.ts";

/** `degraded`: the broker is away, and the journal collects. `blocked`: the journal itself is full. */
export type KafkaPublisherState = "connected" | "degraded" | "blocked";

const ALL_REPLICAS = -1;
const REQUEST_MS = 10_000;
const STILL_MS = 60_000;

/**
 * Publishes documents to a Kafka topic as bluesky-kafka does, losing none: `write` puts each into a journal on the local disk, and it leaves the journal
 * when all replicas have it. The key is the run's uid, so that a run stays in one partition and in order. A message whose acknowledgement was lost
 * comes twice; readers know documents by their uids. What a process that died left in the journal is published by the next one, which ends its runs too:
 * with a stop that says "process died" and counts nothing.
 */
export class KafkaPublisher implements Sink {
  readonly #settings: PublisherSettings;
  readonly #producer: Producer<string, Buffer, string, string>;
  readonly #home: JournalHome;
  readonly #position = new BigInt64Array(new SharedArrayBuffer(8));
  readonly #delivery: KafkaDelivery;
  readonly #index = new RunIndex();
  readonly #openRuns: OpenRuns;
  readonly #ledger = new Ledger();
  readonly #states = new BehaviorSubject<KafkaPublisherState>("connected");
  readonly #errors = new Subject<Error>();
  readonly #problems = new Problems();
  #adopted: readonly JournalSource[];
  #replay: Gate | undefined;
  #ready: Gate | undefined;
  #up: boolean;
  #refused = 0;
  #replayed = 0;
  #closed = false;

  /** Emits the current state first. */
  readonly state$: Observable<KafkaPublisherState> = this.#states.pipe(distinctUntilChanged());
  /** What went wrong and didn't stop anything: documents that were refused, a lost broker. */
  readonly errors$: Observable<Error> = this.#errors.asObservable();

  private constructor(
    settings: PublisherSettings,
    producer: Producer<string, Buffer, string, string>,
    home: JournalHome,
    up: boolean,
  ) {
    this.#settings = settings;
    this.#producer = producer;
    this.#home = home;
    this.#up = up;
    const reading: JournalReading = {
      countRows: () => 1,
      keepIn: home.deadLetterFolder,
      report: (path, damage) => this.#journalFault(path, damage),
    };
    this.#openRuns = new OpenRuns(home.folder);
    for (const { folder } of home.adopted) this.#openRuns.adopt(folder);
    this.#adopted = home.adopted.map((left) => new JournalSource(left, reading));
    if (this.#adopted.length > 0) this.#replay = new Gate();
    const position = this.#position.buffer as SharedArrayBuffer;
    const own = new JournalSource({ folder: home.folder, owner: undefined }, reading, position);
    const send: Send = async (messages) => {
      const { topic } = settings;
      await producer.send({
        messages: messages.map(({ key, value }) => ({ topic, key, value })),
        acks: ALL_REPLICAS,
        autocreateTopics: true,
      });
    };
    this.#delivery = new KafkaDelivery(send, [...this.#adopted, own], settings.maxMessageBytes, {
      settled: (pending) => this.#settled(pending),
      link: (failure) => this.#linked(failure),
      refused: (pending, reason) => this.#buried(pending, reason),
      idle: () => this.#finishReplay(),
    });
    this.#update();
    this.#delivery.wake();
    this.#finishReplay();
  }

  /**
   * Connects to a cluster by some of its brokers ("host:9092") and begins to publish what an earlier process left in the journal. A cluster
   * that can't be reached is a SinkError, unless `allowUnavailable`.
   */
  static async connect(brokers: string | readonly string[], options: KafkaPublisherOptions): Promise<KafkaPublisher> {
    const settings = resolvePublisherOptions(brokers, options);
    const { topic, connectTimeoutMs, allowUnavailable } = settings;
    const { Producer, stringSerializer } = await optionalPackage(
      "@platformatic/kafka",
      `Publishing to ${topic}`,
      () => import("@platformatic/kafka"),
    );
    const producer = new Producer<string, Buffer, string, string>({
      clientId: settings.clientId,
      bootstrapBrokers: [...settings.brokers],
      connectTimeout: connectTimeoutMs,
      timeout: REQUEST_MS,
      retries: 0,
      serializers: { key: stringSerializer, value: (value) => value as Buffer },
    });
    let up = true;
    try {
      await reach(producer, [topic], { timeoutMs: connectTimeoutMs, creates: true });
    } catch (cause) {
      up = false;
      if (!allowUnavailable) {
        await closeClient(producer);
        throw unreachable(settings, reasonOf(cause));
      }
    }
    try {
      const home = new JournalHome(settings.journalDir, settings.fsync, newOwner(), () => undefined, "KafkaPublisher");
      return new KafkaPublisher(settings, producer, home, up);
    } catch (error) {
      await closeClient(producer);
      throw error;
    }
  }

  write(document: Document): void {
    if (this.#closed)
      throw new SinkError("closed", `KafkaPublisher is closed and can't take a ${document.name} document`);
    const run = this.#index.runOf(document) ?? "";
    let bytes: number;
    try {
      if (document.name === "start") this.#openRuns.begun(run);
      bytes = this.#home.append(run, document);
    } catch (error) {
      if (document.name === "start") this.#openRuns.ended(run);
      if (error instanceof SinkError) throw error;
      const path = this.#home.bury(run, document, reasonOf(error));
      this.#report(`A ${document.name} of run ${run} can't be published: ${reasonOf(error)}. It is in ${path}`);
      return;
    }
    this.#ledger.written(run, { records: 1, rows: countRows(document), bytes });
    this.#publish();
    if (document.name === "stop" && this.#index.open.length === 0) {
      // A segment that only closed runs lie in can go as soon as they are published.
      this.#home.rotate();
      this.#publish();
    }
    this.#update();
    this.#delivery.wake();
  }

  /** A promise while the journal is full. */
  get ready(): Promise<void> | undefined {
    return this.#ready?.promise;
  }

  get state(): KafkaPublisherState {
    return this.#states.value;
  }

  /** Documents: written and not yet acknowledged, acknowledged, refused for good, and acknowledged for an earlier process. */
  get counters(): { pending: number; journalBytes: number; published: number; refused: number; replayed: number } {
    return {
      pending: this.#ledger.pendingDocuments,
      journalBytes: this.#ledger.pendingBytes,
      published: this.#ledger.storedDocuments - this.#refused,
      refused: this.#refused,
      replayed: this.#replayed,
    };
  }

  /**
   * Resolves when all that was written before the call is acknowledged. Rejects, with the number of documents of each run that are missing, after
   * `timeoutMs`, by default when nothing has moved for a minute; and once for documents that can't be published.
   */
  async flush({ timeoutMs }: { timeoutMs?: number } = {}): Promise<void> {
    const replayed = this.#replay === undefined || (await this.#replay.within(timeoutMs ?? STILL_MS));
    const done = await this.#ledger.wait(timeoutMs ?? STILL_MS, { whileStill: timeoutMs === undefined });
    if (!done || !replayed) {
      const what = done ? "what an earlier process left in the journal" : this.#ledger.describePending();
      throw new SinkError(
        "timeout",
        `Kafka (${this.#settings.brokers.join(", ")}) has not acknowledged ${what}; all of it is in the journal ${this.#home.folder}`,
      );
    }
    this.#problems.raise();
  }

  /** Refuses further documents and flushes. What could not be published stays in the journal for the next publisher, and the promise rejects. */
  async close(options: { timeoutMs?: number } = {}): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.flush(options);
    } finally {
      const empty = this.#ledger.pendingDocuments === 0 && this.#replay === undefined;
      this.#home.closeJournal();
      await this.#delivery.end();
      await closeClient(this.#producer);
      this.#home.release({ empty });
      this.#ready?.open();
      this.#ready = undefined;
      this.#states.complete();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #publish(): void {
    Atomics.store(this.#position, 0, packPosition(this.#home.position));
  }

  #settled({ record, source }: Pending): void {
    if (record.name === "stop") this.#openRuns.ended(record.run);
    if (source.isAdopted) {
      this.#replayed++;
      this.#finishReplay();
      return;
    }
    const { run, document, bytes } = record;
    this.#ledger.settled(run, { records: 1, rows: countRows(document), bytes });
    this.#update();
  }

  #finishReplay(): void {
    if (this.#replay === undefined) return;
    this.#adopted = this.#adopted.filter((source) => !source.isDrained);
    if (this.#adopted.length > 0) return;
    this.#endOrphans();
    this.#replay.open();
    this.#replay = undefined;
  }

  /** What processes that died have published is complete now; only the stops of their last runs are missing, which readers wait for. */
  #endOrphans(): void {
    if (this.#closed) return;
    for (const { uid: run_start, lastSign: time } of this.#openRuns.orphans) {
      this.write({ name: "stop", doc: { uid: randomUUID(), time, run_start, ...REPAIRED } });
    }
  }

  #linked(failure: Error | undefined): void {
    if (this.#up !== (failure === undefined)) {
      this.#up = failure === undefined;
      if (failure !== undefined) this.#errors.next(unreachable(this.#settings, reasonOf(failure)));
    }
    this.#update();
  }

  #buried({ record: { run, document } }: Pending, reason: string): void {
    const path = this.#home.bury(run, document, reason);
    this.#refused++;
    this.#report(`A ${document.name} of run ${run} can't be published: ${reason}. It is in ${path}`);
  }

  #journalFault(path: string, damage: Damage): void {
    if (damage === "damaged") {
      this.#report(
        `A journal is damaged, and documents in the middle of it are lost; its file is kept as ${path}`,
        "journal",
      );
    } else this.#errors.next(new SinkError("journal", `${path} ends in a document whose write never returned`));
  }

  #report(message: string, code: SinkErrorCode = "unstorable"): void {
    const problem = new SinkError(code, message);
    this.#problems.keep(problem);
    this.#errors.next(problem);
  }

  #update(): void {
    const isFull = this.#ledger.pendingBytes > this.#settings.journalBytes;
    if (isFull) this.#ready ??= new Gate();
    else {
      this.#ready?.open();
      this.#ready = undefined;
    }
    const state = isFull ? "blocked" : this.#up ? "connected" : "degraded";
    if (state !== this.state) this.#states.next(state);
  }
}

function unreachable({ brokers, topic }: PublisherSettings, reason: string): SinkError {
  return new SinkError(
    "unreachable",
    `Kafka is away: ${brokers.join(", ")} doesn't take documents for ${topic} (${reason}). Start it, correct the address, ` +
      `or pass allowUnavailable to collect into the journal meanwhile`,
  );
}
