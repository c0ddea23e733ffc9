import { createHash } from "node:crypto";
import { join } from "node:path";
import type { FsyncPolicy } from "../journal/journal.ts";
import { dataFolder } from "../journal/journal-home.ts";
import { SinkError } from "../sink-error.ts";

export interface KafkaPublisherOptions {
  /** Where the documents go; facilities call it "<beamline>.bluesky.runengine.documents". */
  topic: string;
  /** What the broker calls this client; "cerulean" by default. */
  clientId?: string;
  /** Where the journal is; by default in the user's data folder, apart for each cluster and topic. It must be on a local disk. */
  journalDir?: string;
  /** When the journal is forced to the disk: `never`, once a second (`interval`, the default) or before `write` returns (`always`). */
  fsync?: FsyncPolicy;
  /** With more bytes than this in the journal `ready` is a promise; 16 GiB by default. */
  journalBytes?: number;
  /** The most bytes of a message, and of a request: the broker's `message.max.bytes`, 1,000,000 by default. Pages are cut to it. */
  maxMessageBytes?: number;
  /** Starts with the broker away, into the journal; false by default. */
  allowUnavailable?: boolean;
  /** How long `connect` tries to reach the broker, in milliseconds; 5,000 by default. */
  connectTimeoutMs?: number;
}

export interface KafkaReaderOptions {
  /** The topics to read, from their beginning or from where the group left off. */
  topics: readonly string[];
  /** Readers of one group share the partitions and remember how far they got; "cerulean" by default. */
  groupId?: string;
  /** What the broker calls this client; "cerulean" by default. */
  clientId?: string;
  /** How long `connect` tries to reach the cluster, in milliseconds; 5,000 by default. */
  connectTimeoutMs?: number;
  /** The sink is flushed, and the place remembered, at least so often; 1,000 ms by default. */
  commitMs?: number;
  /**
   * A reader that isn't heard for so many milliseconds is taken for dead, and the others of its group, or the next, get its partitions; 10,000 by
   * default. The broker takes 6,000 or more (its `group.min.session.timeout.ms`).
   */
  sessionTimeoutMs?: number;
  /** Told of messages that are no documents, of documents that the sink refused, and of a cluster that went away; a process warning by default. */
  report?: (error: Error) => void;
}

export type ReaderSettings = Required<KafkaReaderOptions> & { readonly brokers: readonly string[] };

export type PublisherSettings = Required<KafkaPublisherOptions> & { readonly brokers: readonly string[] };

const LEAST_MESSAGE_BYTES = 1_000;

export function resolvePublisherOptions(
  brokers: string | readonly string[],
  options: KafkaPublisherOptions,
): PublisherSettings {
  const list = parseBrokers(brokers);
  const { topic, maxMessageBytes = 1_000_000, fsync = "interval" } = options;
  checkTopic(topic);
  if (!["never", "interval", "always"].includes(fsync)) {
    throw invalid(`fsync is "${fsync}"; use one of never, interval, always`);
  }
  if (!(maxMessageBytes >= LEAST_MESSAGE_BYTES)) {
    throw invalid(`maxMessageBytes is ${maxMessageBytes}; it must be ${LEAST_MESSAGE_BYTES} or more`);
  }
  const cluster = createHash("sha256")
    .update([...list].sort().join(","))
    .digest("hex")
    .slice(0, 12);
  return {
    brokers: list,
    topic,
    clientId: options.clientId ?? "cerulean",
    // A folder that was asked for belongs to the topic of that name, wherever its broker has moved to.
    journalDir:
      options.journalDir === undefined
        ? join(dataFolder(), `kafka-${topic}-${cluster}`)
        : join(options.journalDir, `kafka-${topic}`),
    fsync,
    journalBytes: options.journalBytes ?? 16 * 1024 ** 3,
    maxMessageBytes,
    allowUnavailable: options.allowUnavailable ?? false,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
  };
}

export function resolveReaderOptions(brokers: string | readonly string[], options: KafkaReaderOptions): ReaderSettings {
  const { topics, groupId = "cerulean", clientId = "cerulean", connectTimeoutMs = 5_000 } = options;
  const { commitMs = 1_000, sessionTimeoutMs = 10_000, report = (error) => process.emitWarning(error) } = options;
  for (const topic of topics) checkTopic(topic);
  if (topics.length === 0) throw invalid("topics is empty; name one at least");
  if (!(sessionTimeoutMs > 0)) throw invalid(`sessionTimeoutMs is ${sessionTimeoutMs}; it must be more than 0`);
  return {
    brokers: parseBrokers(brokers),
    topics: [...topics],
    groupId,
    clientId,
    connectTimeoutMs,
    commitMs,
    sessionTimeoutMs,
    report,
  };
}

/** "host:9092,other:9092", or a list of such. */
function parseBrokers(brokers: string | readonly string[]): string[] {
  const list = [brokers].flat().flatMap((text) => text.split(","));
  for (const broker of list) {
    if (!/^[^\s:/]+:\d+$/.test(broker)) throw invalid(`"${broker}" is no broker; it looks like host:9092`);
  }
  return list;
}

function checkTopic(topic: string): void {
  if (!/^[\w.-]{1,249}$/.test(topic ?? "")) {
    throw invalid(`"${topic}" is no topic; take letters, digits, dots, dashes and underscores`);
  }
}

function invalid(message: string): SinkError {
  return new SinkError("options", `Kafka: ${message}`);
}
