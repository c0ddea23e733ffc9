import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import type { Document } from "../../document.ts";
import type { JournalSource, Pending } from "../journal/journal-source.ts";
import { reasonOf } from "../sink-error.ts";
import { type Message, messagesOf } from "./messages.ts";

/** Sends messages of one request; resolves when the brokers have acknowledged all of them. */
export type Send = (messages: readonly { readonly key: string; readonly value: Buffer }[]) => Promise<void>;

export interface DeliveryEvents {
  /** A document needn't be kept any longer. */
  settled(pending: Pending): void;
  /** The broker takes messages, or doesn't and why. */
  link(failure: Error | undefined): void;
  /** A document that can't be published. */
  refused(pending: Pending, reason: string): void;
  /** Everything that was in the journal has been seen to. */
  idle(): void;
}

interface Outgoing extends Message {
  readonly key: string;
  readonly pending: Pending;
  /** The last message of its document. */
  readonly isLast: boolean;
}

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;
/** What a message takes in a request beside its value. */
const OVERHEAD_BYTES = 200;

/** Brings the journal to the broker in the order of emission: one request at a time, tried again until it is acknowledged. */
export class KafkaDelivery {
  readonly #send: Send;
  readonly #sources: readonly JournalSource[];
  readonly #events: DeliveryEvents;
  #limit: number;
  #running: Promise<void> | undefined;
  #held: Outgoing | undefined;
  #messages: AsyncGenerator<Outgoing, void, undefined>;
  #again = false;
  readonly #ending = new AbortController();

  /** What earlier writers left comes first in `sources`. */
  constructor(send: Send, sources: readonly JournalSource[], limit: number, events: DeliveryEvents) {
    this.#send = send;
    this.#sources = sources;
    this.#limit = limit;
    this.#events = events;
    this.#messages = this.#read();
  }

  /** There may be something new. */
  wake(): void {
    this.#again = true;
    this.#running ??= this.#run();
  }

  /** No further request is begun; resolves when the one on its way has ended. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#running;
    for (const source of this.#sources) source.close();
  }

  async #run(): Promise<void> {
    try {
      // What is written in one go becomes one request.
      await turn();
      while (this.#again && !this.#ending.signal.aborted) {
        this.#again = false;
        for (let batch = await this.#batch(); batch.length > 0; batch = await this.#batch()) {
          await this.#deliver(batch);
          if (this.#ending.signal.aborted) return;
        }
        this.#events.idle();
      }
    } catch (error) {
      // The journal can't be read; the next document makes another attempt.
      this.#events.link(error as Error);
    } finally {
      this.#running = undefined;
    }
  }

  async #batch(): Promise<Outgoing[]> {
    const batch: Outgoing[] = [];
    let bytes = 0;
    for (;;) {
      const next = this.#held ?? (await this.#next());
      this.#held = undefined;
      if (next === undefined) return batch;
      bytes += next.value.byteLength + OVERHEAD_BYTES;
      if (batch.length > 0 && bytes > this.#limit) {
        this.#held = next;
        return batch;
      }
      batch.push(next);
    }
  }

  async #next(): Promise<Outgoing | undefined> {
    const { value, done } = await this.#messages.next();
    if (!done) return value;
    // The journal had no more; when asked again it may.
    this.#messages = this.#read();
    return undefined;
  }

  async *#read(): AsyncGenerator<Outgoing, void, undefined> {
    for (let pending = this.#pending(); pending !== undefined; pending = this.#pending()) {
      yield* this.#encode(pending, pending.record.document);
      if (this.#ending.signal.aborted) return;
    }
  }

  #pending(): Pending | undefined {
    for (const source of this.#sources) {
      const pending = source.next();
      if (pending !== undefined) return pending;
    }
    return undefined;
  }

  async *#encode(pending: Pending, document: Document): AsyncGenerator<Outgoing, void, undefined> {
    const key = pending.record.run;
    let last: Message | undefined;
    try {
      for (const message of messagesOf(document, this.#limit - OVERHEAD_BYTES)) {
        if (last !== undefined) {
          yield { ...last, key, pending, isLast: false };
          await turn();
        }
        last = message;
      }
    } catch (error) {
      this.#refuse(pending, reasonOf(error));
      return;
    }
    if (last !== undefined) yield { ...last, key, pending, isLast: true };
    else this.#settle(pending);
  }

  async #deliver(batch: readonly Outgoing[]): Promise<void> {
    for (let wait = FIRST_DELAY_MS; !this.#ending.signal.aborted; wait = Math.min(2 * wait, LONGEST_DELAY_MS)) {
      try {
        await this.#send(batch);
        this.#events.link(undefined);
        for (const { pending, isLast } of batch) if (isLast) this.#settle(pending);
        return;
      } catch (error) {
        if (isTooLarge(error)) return this.#split(batch);
        this.#events.link(error as Error);
        await sleep(wait, undefined, { signal: this.#ending.signal, ref: false }).catch(() => undefined);
      }
    }
  }

  /** The broker takes less than we were told: half of the request at a time, and of a page half of its rows. */
  async #split(batch: readonly Outgoing[]): Promise<void> {
    const half = Math.ceil(batch.length / 2);
    if (batch.length > 1) {
      await this.#deliver(batch.slice(0, half));
      if (!this.#ending.signal.aborted) await this.#deliver(batch.slice(half));
      return;
    }
    const [message] = batch as [Outgoing];
    this.#limit = Math.ceil(message.value.byteLength / 2) + OVERHEAD_BYTES;
    let parts: Message[];
    try {
      parts = [...messagesOf(message.document, this.#limit - OVERHEAD_BYTES)];
    } catch (error) {
      this.#refuse(message.pending, reasonOf(error));
      return;
    }
    const { key, pending, isLast } = message;
    const outgoing = parts.map((part, at) => ({ ...part, key, pending, isLast: isLast && at === parts.length - 1 }));
    for (const part of outgoing) await this.#deliver([part]);
  }

  #refuse(pending: Pending, reason: string): void {
    this.#events.refused(pending, reason);
    this.#settle(pending);
  }

  #settle(pending: Pending): void {
    pending.source.settled(pending.segment);
    this.#events.settled(pending);
  }
}

function isTooLarge(error: unknown): boolean {
  const code = (found: unknown): boolean =>
    ["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"].includes((found as { apiId?: string } | undefined)?.apiId ?? "");
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (code(cause) || (cause instanceof AggregateError && cause.errors.some(isTooLarge))) return true;
  }
  return false;
}
