import { describeMismatch, describeRows, describeTimes } from "./data-check.ts";
import type { DataKey, Event, EventDescriptor, EventPage, StreamRange } from "./document.ts";
import { DocumentError, MismatchedDataKeys } from "./errors.ts";
import type { RunContext } from "./run-context.ts";
import { newUid, newUids } from "./uid.ts";
import { isColumn } from "./values.ts";

/** What one stream of a run counts; all descriptors of the stream share it. */
export interface StreamCount {
  /** The seq_num that the next event gets. */
  next: number;
  /** The largest seq_num that was given out, which is how many different events the stream has. */
  highest: number;
}

export interface EventParts {
  data: Record<string, unknown>;
  timestamps: Record<string, number>;
  /** By external key; all false by default. */
  filled?: Record<string, boolean | string>;
  /** In Unix seconds; now by default. */
  time?: number;
  /** The stream's next number by default; it may not be lower than that. */
  seqNum?: number;
  uid?: string;
}

export interface EventPageParts {
  data: Record<string, ArrayLike<unknown>>;
  timestamps: Record<string, ArrayLike<number>>;
  /** When each row was complete, in Unix seconds; it decides how many rows there are. */
  time: ArrayLike<number>;
  /** By external key; all false by default. */
  filled?: Record<string, ArrayLike<boolean | string>>;
  /** The stream's next numbers by default; they may neither begin lower nor go down. */
  seqNum?: ArrayLike<number>;
  uid?: string[];
}

const NONE_FILLED: Record<string, never> = Object.freeze({});

/** Makes the events of one descriptor. It takes over what it is given: data must not be changed afterwards. */
export class StreamComposer {
  readonly descriptor: EventDescriptor;
  readonly stream: string;
  readonly #run: RunContext;
  readonly #count: StreamCount;
  readonly #keys: readonly string[];
  readonly #dataKeys: readonly DataKey[];
  readonly #dtypes: readonly string[];
  readonly #external: readonly string[];
  readonly #unfilled: Record<string, boolean>;
  readonly #warned = new Set<string>();

  constructor(run: RunContext, stream: string, descriptor: EventDescriptor, count: StreamCount) {
    this.descriptor = descriptor;
    this.stream = stream;
    this.#run = run;
    this.#count = count;
    const inEvents = Object.entries(descriptor.data_keys).filter(([, { external }]) => external !== "STREAM:");
    this.#keys = inEvents.map(([key]) => key);
    this.#dataKeys = inEvents.map(([, dataKey]) => dataKey);
    this.#dtypes = this.#dataKeys.map(({ dtype }) => dtype);
    this.#external = inEvents.filter(([, { external }]) => external !== undefined).map(([key]) => key);
    this.#unfilled =
      this.#external.length === 0
        ? NONE_FILLED
        : Object.freeze(Object.fromEntries(this.#external.map((key) => [key, false])));
    this.#checkReadable(inEvents);
  }

  /** The seq_num that the next event of the stream gets, whichever of its descriptors it has. */
  get nextSeqNum(): number {
    return this.#count.next;
  }

  /** The next event of the stream. Its keys must be the descriptor's, without those that a stream resource holds. */
  composeEvent({ data, timestamps, filled, time, seqNum, uid }: EventParts): Event {
    this.#run.assertOpen("event");
    this.#checkKeys(data, "data");
    this.#checkKeys(timestamps, "timestamps");
    if (filled !== undefined) this.#checkFilled(filled);
    if (this.#run.onMismatch !== undefined) this.#checkValues(data, timestamps);
    const number = seqNum ?? this.#count.next;
    if (number < this.#count.next) throw this.#sequenceError(number);
    const event = this.#run.checked(
      "event",
      {
        uid: uid ?? newUid(),
        time: time ?? this.#run.now(),
        descriptor: this.descriptor.uid,
        seq_num: number,
        data,
        timestamps,
        filled: filled ?? this.#unfilled,
      },
      this.stream,
    );
    this.#advance(number);
    return event;
  }

  /** The next rows of the stream as one page. Columns stay as they are, typed arrays included. */
  composeEventPage({ data, timestamps, time, filled, seqNum, uid }: EventPageParts): EventPage {
    this.#run.assertOpen("event_page");
    this.#checkKeys(data, "data");
    this.#checkKeys(timestamps, "timestamps");
    if (filled !== undefined) this.#checkFilled(filled);
    const rows = time.length;
    if (this.#run.onMismatch !== undefined) this.#checkColumns(data, timestamps);
    const numbers = seqNum ?? numbersFrom(this.#count.next, rows);
    if (seqNum !== undefined) this.#checkRising(seqNum);
    const page = this.#run.checked(
      "event_page",
      {
        uid: uid ?? newUids(rows),
        time,
        descriptor: this.descriptor.uid,
        seq_num: numbers,
        data,
        timestamps,
        filled: filled ?? this.#unfilledRows(rows),
      },
      this.stream,
    );
    const last = numbers[rows - 1];
    if (last !== undefined) this.#advance(last);
    return page;
  }

  /** Gives out the next numbers to events whose data is in stream resources alone. */
  takeSeqNums(count: number): StreamRange {
    this.#run.assertOpen("stream_datum");
    const start = this.#count.next;
    if (count > 0) this.#advance(start + count - 1);
    return { start, stop: start + count };
  }

  /** What the schema lets pass, and databroker 2 can't read: it has a column of its own called "time", and needs each length. */
  #checkReadable(dataKeys: readonly (readonly [string, DataKey])[]): void {
    for (const [key, { shape }] of dataKeys) {
      if (key === "time") this.#report(key, "hides behind the events' own times; give it another name");
      if (shape.includes(null)) this.#report(key, `has a shape without a length, ${JSON.stringify(shape)}`);
    }
  }

  #advance(number: number): void {
    this.#count.next = number + 1;
    if (number > this.#count.highest) this.#count.highest = number;
  }

  #checkKeys(values: Record<string, unknown>, member: "data" | "timestamps"): void {
    let given = 0;
    for (const _ in values) given++;
    for (const key of this.#keys) {
      if (values[key] === undefined) throw this.#keyError(values, member);
    }
    if (given !== this.#keys.length) throw this.#keyError(values, member);
  }

  #keyError(values: Record<string, unknown>, member: string): MismatchedDataKeys {
    const missing = this.#keys.filter((key) => values[key] === undefined);
    const unknown = Object.keys(values).filter((key) => !this.#keys.includes(key));
    const parts = [
      missing.length > 0 ? `lack ${quote(missing)}` : "",
      unknown.length > 0 ? `have ${quote(unknown)}, which the descriptor doesn't know` : "",
    ].filter((part) => part !== "");
    const inFile = unknown.some((key) => this.descriptor.data_keys[key]?.external === "STREAM:");
    const hint = inFile
      ? "what a stream resource holds is not put into events"
      : "read must answer with the keys of describe";
    return new MismatchedDataKeys(
      `the ${member} of an event of stream "${this.stream}" ${parts.join(" and ")}: ${hint}`,
      {
        code: "mismatched-keys",
        documentName: "event",
        stream: this.stream,
        key: unknown[0] ?? missing[0],
      },
    );
  }

  #checkFilled(filled: Record<string, unknown>): void {
    for (const key in filled) {
      if (this.#keys.includes(key)) continue;
      throw new MismatchedDataKeys(`filled of an event of stream "${this.stream}" has "${key}", which the data lack`, {
        code: "mismatched-keys",
        documentName: "event",
        stream: this.stream,
        key,
      });
    }
  }

  #checkValues(data: Record<string, unknown>, timestamps: Record<string, number>): void {
    for (let i = 0; i < this.#keys.length; i++) {
      const key = this.#keys[i] as string;
      if (!Number.isFinite(timestamps[key])) this.#warn(key, describeTimes([timestamps[key]]));
      // Most values are scalars that fit: typeof, which the dtype is called like, says so at once.
      if (typeof data[key] === this.#dtypes[i]) continue;
      const dataKey = this.#dataKeys[i] as DataKey;
      if (dataKey.external === undefined) this.#warn(key, describeMismatch(data[key], dataKey));
    }
  }

  #checkColumns(data: Record<string, ArrayLike<unknown>>, timestamps: Record<string, ArrayLike<number>>): void {
    // All keys of a flyer have the same times more often than not.
    let timed: ArrayLike<number> | undefined;
    for (let i = 0; i < this.#keys.length; i++) {
      const key = this.#keys[i] as string;
      const times = timestamps[key];
      if (times !== timed && isColumn(times)) this.#warn(key, describeTimes(times));
      timed = times;
      const [column, dataKey] = [data[key], this.#dataKeys[i] as DataKey];
      if (dataKey.external === undefined && isColumn(column)) this.#warn(key, describeRows(column, dataKey));
    }
  }

  #warn(key: string, mismatch: string | undefined): void {
    if (mismatch === undefined || this.#warned.has(key)) return;
    this.#warned.add(key);
    this.#report(key, mismatch);
  }

  #report(key: string, what: string): void {
    this.#run.onMismatch?.(`"${key}" of stream "${this.stream}" ${what}: readers will fail on it`);
  }

  #checkRising(numbers: ArrayLike<number>): void {
    let least = this.#count.next;
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i] as number;
      if (number < least) throw this.#sequenceError(number, least);
      least = number + 1;
    }
  }

  #sequenceError(number: number, least = this.#count.next): DocumentError {
    return new DocumentError(
      `seq_num ${number} of stream "${this.stream}" is out of order: the next is ${least}; rewind the stream first`,
      { code: "sequence", documentName: "event", stream: this.stream, key: "seq_num" },
    );
  }

  #unfilledRows(rows: number): Record<string, boolean[]> {
    if (this.#external.length === 0) return NONE_FILLED;
    return Object.fromEntries(this.#external.map((key) => [key, new Array<boolean>(rows).fill(false)]));
  }
}

function numbersFrom(first: number, count: number): Int32Array | Float64Array {
  const numbers = first + count < 2 ** 31 ? new Int32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) numbers[i] = first + i;
  return numbers;
}

function quote(keys: readonly string[]): string {
  return keys.map((key) => `"${key}"`).join(", ");
}
