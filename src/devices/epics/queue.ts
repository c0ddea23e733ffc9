import { checkTime } from "../../timer.ts";
import type { ChannelMetadata, ChannelReading, ChannelValue, ConnectionState } from "./channel-types.ts";
import { alarmStatus, conditionOf } from "./conditions.ts";
import { Deadlines } from "./deadlines.ts";
import { ChannelError } from "./errors.ts";
import { failureOf, type Phase } from "./failures.ts";
import type { Addon } from "./native.ts";

// A record of native/src/queue.rs: kind, id, tag, number, timestamp, severity, status.
const WIDTH = 7;
const RECORDS = 1024;
const ITEM = 16;
const Kind = { done: 1, reading: 2, object: 3, failed: 4, bulk: 5, connection: 6, dropped: 7, log: 8 } as const;
const MESSAGE = 4;
const METADATA = 8;
const PROPERTY = 16;
const STATES: readonly ConnectionState[] = ["connected", "disconnected", "unresponsive", "access"];

/** One answer of a bulk operation, in place of its channel. */
export type BulkAnswer = ChannelReading | { readonly object: unknown } | { readonly error: Error } | undefined;

/** What is called with the records of one operation. */
export interface Receiver {
  readonly source: string;
  readonly channel: unknown;
  answer?(value: unknown): void;
  reading?(reading: ChannelReading): void;
  failed(error: Error): void;
  bulk?(answers: BulkAnswer[]): void;
  sourceAt?(index: number): string;
  connection?(state: ConnectionState): void;
  dropped?(count: number): void;
  /** Ends a stream; absent for what has one answer. */
  stop?(): void;
}

export interface Wait {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export const DEFAULT_TIMEOUT_MS = 10_000;

export type LogListener = (
  level: string,
  target: string,
  message: string,
  fields: Readonly<Record<string, string>>,
) => void;

/** The operations of this thread: started with one call, answered in batches through one wake-up. */
export class Queue {
  readonly addon: Addon;
  readonly id: number;
  readonly #numbers = new Float64Array(WIDTH * RECORDS);
  readonly #receivers = new Map<number, Receiver>();
  readonly #deadlines = new Deadlines((operation) => this.#expired(operation));
  readonly #logListeners = new Set<LogListener>();
  readonly #gathered: (readonly [operation: number, handle: number])[] = [];
  #next = 1;
  #bulk: { receiver: Receiver | undefined; answers: BulkAnswer[]; left: number } | undefined;

  constructor(addon: Addon) {
    this.addon = addon;
    this.id = addon.openQueue(this.#numbers, (count, others) => this.#deliver(count, others));
  }

  /** One answer: a reading, an object or nothing. Rejects at the time-out and when aborted; nothing is left behind then. */
  once<T>(receiver: Pick<Receiver, "source" | "channel">, what: Phase, wait: Wait, start: (operation: number) => void) {
    return this.#settle<T>(what, wait, start, receiver, (resolve) => ({ answer: resolve as (value: unknown) => void }));
  }

  /** The answers of a bulk operation; the addon itself keeps its time-out. */
  bulk(wait: Wait, sources: readonly string[], start: (operation: number) => void): Promise<BulkAnswer[]> {
    const first = { source: sources[0] ?? "", channel: undefined };
    const patient = { timeoutMs: Number.POSITIVE_INFINITY, signal: wait.signal };
    return this.#settle("read", patient, start, first, (resolve) => ({
      bulk: resolve,
      sourceAt: (index) => sources[index] ?? "",
    }));
  }

  /** Readings and events until the function that it returns is called. `hold` keeps the process alive meanwhile. */
  stream(
    receiver: Receiver,
    hold: boolean,
    start: (operation: number) => void,
    stop: (operation: number) => void,
  ): () => void {
    let open = true;
    const end = () => {
      if (!open) return;
      open = false;
      this.#receivers.delete(operation);
      if (hold) this.#deadlines.release();
      stop(operation);
    };
    const operation = this.#open({ ...receiver, stop: end });
    if (hold) this.#deadlines.hold();
    try {
      start(operation);
    } catch (error) {
      this.#receivers.delete(operation);
      if (hold) this.#deadlines.release();
      throw error;
    }
    return end;
  }

  /** Ends the streams of a channel that is being closed, and fails its other operations. */
  closeChannel(channel: unknown, error: (source: string) => Error): void {
    for (const [operation, receiver] of this.#receivers) {
      if (receiver.channel !== channel) continue;
      if (receiver.stop !== undefined) {
        receiver.stop();
        continue;
      }
      this.addon.cancel(this.id, operation);
      receiver.failed(error(receiver.source));
    }
  }

  get pending(): number {
    return this.#receivers.size;
  }

  addLogListener(listener: LogListener): Disposable {
    this.#logListeners.add(listener);
    this.addon.listenToLogs(this.id, true);
    return {
      [Symbol.dispose]: () => {
        this.#logListeners.delete(listener);
        if (this.#logListeners.size === 0) this.addon.listenToLogs(this.id, false);
      },
    };
  }

  /** Starts what many channels are asked in the same turn with one call. */
  gather(operation: number, handle: number): void {
    if (this.#gathered.length === 0) queueMicrotask(() => this.#startGathered());
    this.#gathered.push([operation, handle]);
  }

  #startGathered(): void {
    const waiting = this.#gathered.splice(0).filter(([operation]) => this.#receivers.has(operation));
    const operations = Uint32Array.from(waiting, ([operation]) => operation);
    this.addon.metadataOfMany(
      this.id,
      operations,
      Uint32Array.from(waiting, ([, handle]) => handle),
    );
  }

  #open(receiver: Receiver): number {
    const operation = this.#next;
    this.#next = operation === 0xffff_ffff ? 1 : operation + 1;
    this.#receivers.set(operation, receiver);
    return operation;
  }

  #settle<T>(
    what: Phase,
    { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: Wait,
    start: (operation: number) => void,
    { source, channel }: Pick<Receiver, "source" | "channel">,
    accept: (resolve: (value: T) => void) => Partial<Receiver>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      checkTime(timeoutMs);
      const end = () => {
        this.#receivers.delete(operation);
        this.#deadlines.end(operation);
        if (signal !== undefined) signal.removeEventListener("abort", abort);
      };
      const abort = () => {
        this.addon.cancel(this.id, operation);
        receiver.failed(signal?.reason);
      };
      const receiver: Receiver = {
        source,
        channel,
        ...accept((value) => {
          end();
          resolve(value);
        }),
        failed: (error) => {
          end();
          reject(error);
        },
      };
      const operation = this.#open(receiver);
      this.#deadlines.start(operation, what, timeoutMs);
      signal?.addEventListener("abort", abort, { once: true });
      try {
        start(operation);
      } catch (error) {
        receiver.failed(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  #expired({ operation, what, timeoutMs }: { operation: number; what: Phase; timeoutMs: number }): void {
    const receiver = this.#receivers.get(operation);
    if (receiver === undefined) return;
    const sent = this.addon.cancel(this.id, operation) === 2;
    receiver.failed(failureOf(receiver.source, what, sent, timeoutMs));
  }

  #deliver(count: number, others: unknown[] | undefined): void {
    if (count < 0) {
      setImmediate(() => this.addon.wakeQueue(this.id)).unref();
      return;
    }
    const numbers = this.#numbers;
    let taken = 0;
    const other = () => others?.[taken++];
    for (let at = 0; at < count * WIDTH; at += WIDTH) {
      const coded = numbers[at] as number;
      const id = numbers[at + 1] as number;
      const kind = coded >= ITEM ? coded - ITEM : coded;
      const receiver = coded >= ITEM ? undefined : this.#receivers.get(id);
      let answer: BulkAnswer;
      switch (kind) {
        case Kind.reading: {
          answer = this.#reading(at, other);
          if (receiver?.reading !== undefined) call(receiver.reading, answer);
          else receiver?.answer?.(answer);
          break;
        }
        case Kind.done:
          receiver?.answer?.(undefined);
          break;
        case Kind.object:
          answer = { object: other() };
          receiver?.answer?.(answer.object);
          break;
        case Kind.failed: {
          const source = receiver?.source ?? this.#bulk?.receiver?.sourceAt?.(id) ?? "";
          answer = { error: ChannelError.of(numbers[at + 2] as number, source, String(other())) };
          if (receiver !== undefined) call(receiver.failed, answer.error);
          break;
        }
        case Kind.bulk:
          this.#bulk = { receiver, answers: [], left: numbers[at + 3] as number };
          break;
        case Kind.connection:
          call(receiver?.connection, STATES[numbers[at + 2] as number] ?? "disconnected");
          break;
        case Kind.dropped:
          call(receiver?.dropped, numbers[at + 3] as number);
          break;
        case Kind.log:
          this.#log(String(other()), String(other()), String(other()), other() as Readonly<Record<string, string>>);
          break;
      }
      if (coded >= ITEM) this.#item(answer);
      if (this.#bulk?.left === 0) this.#endBulk();
    }
  }

  #reading(at: number, other: () => unknown): ChannelReading {
    const numbers = this.#numbers;
    const tag = numbers[at + 2] as number;
    const number = numbers[at + 3] as number;
    const inline = tag & 3;
    const value = (inline === 0 ? number : inline === 1 ? number !== 0 : other()) as ChannelValue;
    const alarmSeverity = numbers[at + 5] as number;
    const status = numbers[at + 6] as number;
    const reading: ChannelReading = {
      value,
      timestamp: numbers[at + 4] as number,
      alarmSeverity,
      alarmStatus: status < 0 ? alarmStatus(status) : status,
    };
    if ((tag & MESSAGE) !== 0) reading.message = String(other());
    else if (alarmSeverity > 0) reading.message = conditionOf(reading.alarmStatus);
    if ((tag & METADATA) !== 0) reading.metadata = other() as ChannelMetadata;
    if ((tag & PROPERTY) !== 0) reading.propertyChanged = true;
    return reading;
  }

  #item(answer: BulkAnswer): void {
    if (this.#bulk === undefined) return;
    this.#bulk.answers.push(answer);
    this.#bulk.left -= 1;
  }

  #endBulk(): void {
    const bulk = this.#bulk;
    this.#bulk = undefined;
    bulk?.receiver?.bulk?.(bulk.answers);
  }

  #log(level: string, target: string, message: string, fields: Readonly<Record<string, string>>): void {
    for (const listener of this.#logListeners) listener(level.toLowerCase(), target, message, fields);
  }
}

/** What a listener throws is the process's uncaught exception, never the end of the batch. */
function call<A>(listener: ((argument: A) => void) | undefined, argument: A): void {
  try {
    listener?.(argument);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
