import { setTimeout as sleep } from "node:timers/promises";
import type { Consumer, Message, MessagesStream } from "@platformatic/kafka";
import type { Document } from "../../document.ts";
import type { Sink } from "../../sink.ts";
import { asError } from "../../tap.ts";
import { validate } from "../../validate.ts";
import { unpackMessage } from "../msgpack.ts";
import { optionalPackage } from "../optional-package.ts";
import { reasonOf, SinkError } from "../sink-error.ts";
import { closeClient, isOfTheCluster, reach } from "./client.ts";
import { type KafkaReaderOptions, type ReaderSettings, resolveReaderOptions } from "./options.ts";
import { ReadingPlaces } from "./reading-places.ts";

type Bytes = Buffer;
type Client = Consumer<Bytes, Bytes, Bytes, Bytes>;
type Stream = MessagesStream<Bytes, Bytes, Bytes, Bytes>;
type Received = Message<Bytes, Bytes, Bytes, Bytes>;

const REFUSED = new Set(["duplicate", "unstorable"]);
const ANY_LEADER = 0;
const HEARTBEAT_MS = 3_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Reads documents from Kafka topics into a sink, such as a MongoWriter, on a machine of its own. The place is remembered only once the sink has what
 * came before it, and never beyond the beginning of a run that is not finished: after a crash each open run is read again as a whole, and a sink that
 * knows documents by their uids has each once.
 */
export class KafkaReader {
  readonly #settings: ReaderSettings;
  readonly #newClient: () => Client;
  #client: Client;
  #places = new ReadingPlaces();
  #isAway = false;
  #closed = false;

  private constructor(settings: ReaderSettings, newClient: () => Client, client: Client) {
    this.#settings = settings;
    this.#newClient = newClient;
    this.#client = client;
  }

  /**
   * Connects to a cluster by some of its brokers ("host:9092"). A cluster that can't be reached within `connectTimeoutMs`, and a topic that isn't
   * there by then, is a SinkError ("unreachable").
   */
  static async connect(brokers: string | readonly string[], options: KafkaReaderOptions): Promise<KafkaReader> {
    const settings = resolveReaderOptions(brokers, options);
    const { Consumer } = await optionalPackage(
      "@platformatic/kafka",
      "Reading from Kafka",
      () => import("@platformatic/kafka"),
    );
    const { clientId, groupId, sessionTimeoutMs } = settings;
    const newClient = (): Client =>
      new Consumer({
        clientId,
        groupId,
        bootstrapBrokers: [...settings.brokers],
        autocommit: false,
        sessionTimeout: sessionTimeoutMs,
        heartbeatInterval: Math.min(HEARTBEAT_MS, Math.ceil(sessionTimeoutMs / 4)),
      });
    const client = newClient();
    try {
      await reach(client, settings.topics, { timeoutMs: settings.connectTimeoutMs, creates: false });
    } catch (cause) {
      await closeClient(client);
      throw away(settings, cause);
    }
    return new KafkaReader(settings, newClient, client);
  }

  /**
   * Hands every document to the sink, as fast as it takes them, until `signal`, or `close`. A cluster that goes away meanwhile is reported and waited
   * for; rejects when the sink fails.
   */
  async readInto(sink: Sink, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        await this.#readUntilLost(sink, signal);
        return;
      } catch (error) {
        if (!isOfTheCluster(error)) throw error;
        if (!this.#isAway) this.#settings.report(away(this.#settings, error));
        else if (signal?.aborted || this.#closed) return;
        this.#isAway = true;
      }
      await closeClient(this.#client);
      await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      if (signal?.aborted || this.#closed) return;
      // What was not remembered is read again, and the sink has it already.
      this.#places = new ReadingPlaces();
      this.#client = this.#newClient();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await closeClient(this.#client);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #readUntilLost(sink: Sink, signal: AbortSignal | undefined): Promise<void> {
    const [client, places] = [this.#client, this.#places];
    let stream: Stream | undefined;
    // A group that can't be joined again is told by an event, which would end the process.
    client.on("error", (error: Error) => stream?.destroy(error));
    client.on("consumer:group:join", ({ assignments = [] }) => places.keep(assignments));
    stream = await client.consume({
      topics: [...this.#settings.topics],
      mode: "committed",
      fallbackMode: "earliest",
      autocommit: false,
      maxWaitTime: 200,
    });
    this.#isAway = false;
    let failure: unknown;
    const stop = (): void => void stream.close().catch(() => undefined);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    let remembering: Promise<void> | undefined;
    let overdue: Promise<void> | undefined;
    const timer = setInterval(() => {
      // Who reads on while the store is behind has all that to read again after a crash.
      overdue = remembering;
      remembering ??= this.#remember(client, places, sink)
        .catch((error) => {
          // The next time may do, when others join the group; and the stream tells of a cluster that is away.
          if (isOfTheCluster(error)) return;
          failure = error;
          stop();
        })
        .finally(() => {
          remembering = undefined;
          overdue = undefined;
        });
    }, this.#settings.commitMs);
    try {
      for await (const message of stream) {
        const document = this.#documentIn(message);
        if (document !== undefined) sink.write(document);
        places.passed(message, document);
        await sink.ready;
        await overdue;
      }
    } finally {
      clearInterval(timer);
      signal?.removeEventListener("abort", stop);
      await remembering;
    }
    if (failure !== undefined) throw failure;
    if (this.#closed) return;
    await this.#remember(client, places, sink);
  }

  async #remember(client: Client, places: ReadingPlaces, sink: Sink): Promise<void> {
    // What is read while the sink flushes is for the next time.
    const { news } = places;
    if (news.length === 0) return;
    try {
      await sink.flush();
    } catch (error) {
      if (!(error instanceof SinkError && (REFUSED.has(error.code) || error.code === "timeout"))) throw error;
      this.#settings.report(asError(error));
      // A store that is away may come back. What it will never take is in its dead letters.
      if (error.code === "timeout") return;
    }
    await client.commit({ offsets: news.map((place) => ({ ...place, leaderEpoch: ANY_LEADER })) });
    places.remembered(news);
  }

  /** Undefined of a message that has none, which is reported. */
  #documentIn({ value, topic, partition, offset }: Received): Document | undefined {
    try {
      const content = unpackMessage(value);
      if (!Array.isArray(content) || content.length !== 2) throw new Error("it is no pair of a name and a document");
      const [name, doc] = content;
      const document = { name, doc } as Document;
      validate(document);
      return document;
    } catch (cause) {
      const place = `${topic}, partition ${partition}, offset ${offset}`;
      this.#settings.report(new Error(`${place} is no document: ${reasonOf(cause)}`, { cause }));
      return undefined;
    }
  }
}

function away({ brokers, topics }: ReaderSettings, cause: unknown): SinkError {
  return new SinkError(
    "unreachable",
    `${topics.join(", ")} can't be read from Kafka at ${brokers.join(", ")}: ${reasonOf(cause)}`,
    { cause },
  );
}
