import { EventEmitter, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Consumer } from "@platformatic/kafka";
import { unpackMessage } from "../../../src/documents/sinks/msgpack.ts";

const LATEST = -1n;

/** What lies in a topic: how often each document, by its uid. */
export class TopicLog {
  readonly #topic: string;
  readonly #consumer: Consumer;
  readonly #counts = new Map<string, number>();
  /** Where the next message of each partition will be. */
  readonly #next: bigint[] = [];
  readonly #arrivals = new EventEmitter();

  private constructor(topic: string, consumer: Consumer) {
    this.#topic = topic;
    this.#consumer = consumer;
  }

  /** The topic is made when it isn't there. */
  static async follow(broker: string, topic: string): Promise<TopicLog> {
    const consumer = new Consumer({ clientId: "log", groupId: `log-of-${topic}`, bootstrapBrokers: [broker] });
    const log = new TopicLog(topic, consumer);
    await expectTopic(consumer, topic);
    const stream = await consumer.consume({ topics: [topic], mode: "earliest", autocommit: false, maxWaitTime: 50 });
    stream.on("data", ({ value, partition, offset }) => {
      const [, { uid }] = unpackMessage(value) as [string, { uid: string | string[] }];
      for (const one of [uid].flat()) log.#counts.set(one, (log.#counts.get(one) ?? 0) + 1);
      log.#next[partition] = offset + 1n;
      log.#arrivals.emit("message");
    });
    return log;
  }

  /** Resolves when everything has been read that is there now. */
  async caughtUp(): Promise<void> {
    const ends =
      (await this.#consumer.listOffsets({ topics: [this.#topic], timestamp: LATEST })).get(this.#topic) ?? [];
    while (ends.some((end, partition) => (this.#next[partition] ?? 0n) < end)) {
      await once(this.#arrivals, "message");
    }
  }

  has(uid: string): boolean {
    return this.#counts.has(uid);
  }

  get distinct(): number {
    return this.#counts.size;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  async stop(): Promise<void> {
    await this.#consumer.close(true);
  }
}

/** A topic that is being made is unknown at first. */
async function expectTopic(consumer: Consumer, topic: string): Promise<void> {
  for (;;) {
    try {
      await consumer.metadata({ topics: [topic], autocreateTopics: true });
      return;
    } catch {
      await sleep(50);
    }
  }
}
