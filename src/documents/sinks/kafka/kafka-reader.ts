import type { Consumer, Message } from "@platformatic/kafka";
import type { Document } from "../../document.ts";
import type { Sink } from "../../sink.ts";
import { asError } from "../../tap.ts";
import { validate } from "../../validate.ts";
import { unpackMessage } from "../msgpack.ts";
import { optionalPackage } from "../optional-package.ts";
import { reasonOf, SinkError } from "../sink-error.ts";
import { closeClient, reach } from "./client.ts";
import { checkTopic, parseBrokers } from "./options.ts";

export interface KafkaReaderOptions {
  /** The topics to read, from their beginning or from where the group left off. */
  topics: readonly string[];
  /** Readers of one group share the work and remember how far they got; "cerulean" by default. */
  groupId?: string;
  clientId?: string;
  /** How long `connect` tries to reach the cluster, in milliseconds; 5,000 by default. */
  connectTimeoutMs?: number;
  /** The sink is flushed, and the place remembered, at least so often; 1,000 ms by default. */
  commitMs?: number;
  /** Told of messages that are no documents, and of documents that the sink refused; a process warning by default. */
  report?: (error: Error) => void;
}

type Received = Message<Buffer, Buffer, Buffer, Buffer>;

/** How far a partition has been read, and where its open runs begin. */
interface Partition {
  readonly topic: string;
  readonly partition: number;
  readonly open: Map<string, bigint>;
  next: bigint;
  committed: bigint | undefined;
}

const REFUSED = new Set(["duplicate", "unstorable"]);
const ANY_LEADER = 0;

/**
 * Reads documents from Kafka topics into a sink, such as a MongoWriter, on a machine of its own. The place is remembered only once the sink has what
 * came before it, and never beyond the beginning of a run that is not finished: after a crash each open run is read again as a whole, and a sink that
 * knows documents by their uids has each once.
 */
export class KafkaReader {
  readonly #consumer: Consumer<Buffer, Buffer, Buffer, Buffer>;
  readonly #options: Required<Pick<KafkaReaderOptions, "topics" | "commitMs" | "report">>;
  readonly #partitions = new Map<string, Partition>();

  private constructor(consumer: Consumer<Buffer, Buffer, Buffer, Buffer>, options: KafkaReaderOptions) {
    const { topics, commitMs = 1_000, report = (error) => process.emitWarning(error) } = options;
    this.#consumer = consumer;
    this.#options = { topics, commitMs, report };
  }

  /** Connects to a cluster by some of its brokers ("host:9092"). */
  static async connect(brokers: string | readonly string[], options: KafkaReaderOptions): Promise<KafkaReader> {
    const bootstrapBrokers = parseBrokers(brokers);
    const { topics, groupId = "cerulean", clientId = "cerulean", connectTimeoutMs = 5_000 } = options;
    for (const topic of topics) checkTopic(topic);
    const { Consumer } = await optionalPackage(
      "@platformatic/kafka",
      "Reading from Kafka",
      () => import("@platformatic/kafka"),
    );
    const consumer = new Consumer<Buffer, Buffer, Buffer, Buffer>({
      clientId,
      groupId,
      bootstrapBrokers,
      autocommit: false,
    });
    try {
      await reach(consumer, topics, connectTimeoutMs);
    } catch (cause) {
      await closeClient(consumer);
      const message = `Kafka at ${bootstrapBrokers.join(", ")} can't be read: ${reasonOf(cause)}`;
      throw new SinkError("unreachable", message, { cause });
    }
    return new KafkaReader(consumer, options);
  }

  /** Hands every document to the sink, as fast as it takes them, until `signal`; rejects when the sink or the cluster fails. */
  async readInto(sink: Sink, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    const { topics, commitMs } = this.#options;
    const stream = await this.#consumer.consume({
      topics: [...topics],
      mode: "committed",
      fallbackMode: "earliest",
      autocommit: false,
      maxWaitTime: 200,
    });
    const stop = (): void => void stream.close().catch(() => undefined);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    let committing: Promise<void> | undefined;
    let failure: unknown;
    const timer = setInterval(() => {
      committing ??= this.#commit(sink)
        .catch((error) => {
          failure = error;
          stop();
        })
        .finally(() => {
          committing = undefined;
        });
    }, commitMs);
    try {
      for await (const message of stream) {
        this.#take(message, sink);
        await sink.ready;
      }
    } finally {
      clearInterval(timer);
      signal?.removeEventListener("abort", stop);
      await committing;
    }
    if (failure !== undefined) throw failure;
    await this.#commit(sink);
  }

  async close(): Promise<void> {
    await closeClient(this.#consumer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #take(message: Received, sink: Sink): void {
    const partition = this.#partitionOf(message);
    partition.next = message.offset + 1n;
    let document: Document;
    try {
      document = documentIn(message);
    } catch (cause) {
      const place = `${message.topic}, partition ${message.partition}, offset ${message.offset}`;
      this.#options.report(new Error(`${place} is no document: ${reasonOf(cause)}`, { cause }));
      return;
    }
    if (document.name === "start")
      partition.open.set(document.doc.uid, partition.open.get(document.doc.uid) ?? message.offset);
    sink.write(document);
    if (document.name === "stop") partition.open.delete(document.doc.run_start);
  }

  #partitionOf({ topic, partition, offset }: Received): Partition {
    const key = `${topic}/${partition}`;
    const known = this.#partitions.get(key) ?? {
      topic,
      partition,
      open: new Map(),
      next: offset,
      committed: undefined,
    };
    this.#partitions.set(key, known);
    return known;
  }

  async #commit(sink: Sink): Promise<void> {
    // What is read while the sink flushes is for the next time.
    const places = [...this.#partitions.values()].map((partition) => ({ partition, offset: placeOf(partition) }));
    const news = places.filter(({ partition, offset }) => offset !== partition.committed);
    if (news.length === 0) return;
    try {
      await sink.flush();
    } catch (error) {
      // Documents that the sink will never take are in its dead letters; anything else may still be saved by reading again.
      if (!(error instanceof SinkError && REFUSED.has(error.code))) throw error;
      this.#options.report(asError(error));
    }
    const offsets = news.map(({ partition: { topic, partition }, offset }) => ({
      topic,
      partition,
      offset,
      leaderEpoch: ANY_LEADER,
    }));
    await this.#consumer.commit({ offsets });
    for (const { partition, offset } of news) partition.committed = offset;
  }
}

function placeOf({ open, next }: Partition): bigint {
  let place = next;
  for (const offset of open.values()) if (offset < place) place = offset;
  return place;
}

function documentIn({ value }: Received): Document {
  const content = unpackMessage(value);
  if (!Array.isArray(content) || content.length !== 2) throw new Error("it is no pair of a name and a document");
  const [name, doc] = content;
  const document = { name, doc } as Document;
  validate(document);
  return document;
}
