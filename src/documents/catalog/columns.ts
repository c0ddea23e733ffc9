import type { DataKey, Document, EventPage } from "../document.ts";
import { isTypedArray } from "../values.ts";

type Column = ArrayLike<unknown>;

/**
 * Gathers the events of a stream by column: `seq_num`, `time`, each data key, and `ts_<key>` for its times. Points come in the order of
 * their numbers; of one that was taken again after a rewind the last counts. A data key hides a column of ours with the same name.
 */
export class ColumnBuilder {
  readonly #dataKeys: Record<string, DataKey>;
  readonly #chunks = new Map<string, Column[]>();
  readonly #seqNums: number[] = [];
  readonly #placed = new Map<string, ReadonlyMap<number, unknown>>();
  #rows: EventRows | undefined;

  constructor(dataKeys: Record<string, DataKey>) {
    this.#dataKeys = dataKeys;
    for (const key of ["seq_num", "time", ...Object.keys(dataKeys).flatMap((name) => [name, timesOf(name)])]) {
      this.#chunks.set(key, []);
    }
  }

  add({ name, doc }: Document): void {
    if (name === "event") {
      this.#rows ??= new EventRows(Object.keys(this.#dataKeys));
      this.#rows.add(doc);
    } else if (name === "event_page") {
      this.#flushRows();
      this.#addPage(doc);
    }
  }

  /** The values of a key by the numbers of the points, where events have none. Without any event they make the points, whose times nobody knows. */
  place(key: string, values: ReadonlyMap<number, unknown>): void {
    this.#placed.set(key, values);
  }

  finish(): Record<string, Column> {
    this.#flushRows();
    if (this.#seqNums.length === 0) this.#addPlaced();
    const order = rowOrder(this.#seqNums);
    const columns: Record<string, Column> = {};
    for (const [key, chunks] of this.#chunks) {
      const dtype = this.#dataKeys[key]?.dtype ?? "number";
      const placed = this.#placed.get(key);
      if (placed !== undefined) {
        const numbers = columns.seq_num as ArrayLike<number>;
        columns[key] = typed(
          Array.from(numbers, (number) => placed.get(number) ?? null),
          dtype,
        );
        continue;
      }
      columns[key] = typed(order === undefined ? join(chunks) : pick(join(chunks), order), dtype);
    }
    return columns;
  }

  #flushRows(): void {
    if (this.#rows !== undefined) this.#addPage(this.#rows.page);
    this.#rows = undefined;
  }

  #addPlaced(): void {
    const numbers = [...new Set([...this.#placed.values()].flatMap((values) => [...values.keys()]))];
    if (numbers.length === 0) return;
    const time = new Float64Array(numbers.length).fill(Number.NaN);
    this.#addPage({ seq_num: numbers.sort((one, other) => one - other), time, data: {}, timestamps: {} });
  }

  #addPage(page: Pick<EventPage, "seq_num" | "time" | "data" | "timestamps">): void {
    for (let at = 0; at < page.seq_num.length; at++) this.#seqNums.push(Number(page.seq_num[at]));
    this.#chunks.get("seq_num")?.push(page.seq_num);
    if (this.#dataKeys.time === undefined) this.#chunks.get("time")?.push(page.time);
    const rows = page.seq_num.length;
    for (const key of Object.keys(this.#dataKeys)) {
      this.#chunks.get(key)?.push(page.data[key] ?? new Array(rows).fill(null));
      this.#chunks.get(timesOf(key))?.push(page.timestamps[key] ?? new Array(rows).fill(Number.NaN));
    }
  }
}

class EventRows {
  readonly page: {
    seq_num: number[];
    time: number[];
    data: Record<string, unknown[]>;
    timestamps: Record<string, number[]>;
  } = { seq_num: [], time: [], data: {}, timestamps: {} };
  readonly #keys: readonly string[];

  constructor(keys: readonly string[]) {
    this.#keys = keys;
    for (const key of keys) {
      this.page.data[key] = [];
      this.page.timestamps[key] = [];
    }
  }

  add(event: {
    seq_num: number;
    time: number;
    data: Record<string, unknown>;
    timestamps: Record<string, number>;
  }): void {
    this.page.seq_num.push(event.seq_num);
    this.page.time.push(event.time);
    for (const key of this.#keys) {
      this.page.data[key]?.push(event.data[key] ?? null);
      this.page.timestamps[key]?.push(event.timestamps[key] ?? Number.NaN);
    }
  }
}

function timesOf(key: string): string {
  return `ts_${key}`;
}

/** Which rows to take; undefined when they are in order as they are. */
function rowOrder(seqNums: readonly number[]): number[] | undefined {
  let inOrder = true;
  for (let at = 1; at < seqNums.length && inOrder; at++) {
    inOrder = (seqNums[at] as number) > (seqNums[at - 1] as number);
  }
  if (inOrder) return undefined;
  const last = new Map(seqNums.map((seqNum, at) => [seqNum, at]));
  return [...last].sort(([one], [other]) => one - other).map(([, at]) => at);
}

function join(chunks: readonly Column[]): Column {
  if (chunks.length === 1) return chunks[0] as Column;
  return chunks.flatMap((chunk) => Array.from(chunk));
}

function pick(column: Column, order: readonly number[]): Column {
  return order.map((at) => column[at]);
}

function typed(column: Column, dtype: DataKey["dtype"]): Column {
  if (isTypedArray(column)) return column;
  switch (dtype) {
    case "number":
      return Float64Array.from(column as ArrayLike<number | null>, (value) =>
        value === null ? Number.NaN : Number(value),
      );
    case "integer":
      return integers(column);
    case "array":
      return Array.from(column, (value) => (Array.isArray(value) ? arrayValue(value) : value));
    default:
      return column;
  }
}

/** The narrowest of Int32Array, Float64Array and BigInt64Array that keeps every digit; a missing value makes it NaN, among bigint an array. */
function integers(column: Column): Column {
  const values = Array.from(column) as (number | bigint | null)[];
  if (values.some((value) => typeof value === "bigint")) {
    const whole = values.every((value) => value !== null && (typeof value === "bigint" || Number.isInteger(value)));
    return whole ? BigInt64Array.from(values as (number | bigint)[], (value) => BigInt(value)) : values;
  }
  const narrow = values.every((value) => value === ((value as number) | 0));
  if (narrow) return Int32Array.from(values as number[]);
  return Float64Array.from(values as (number | null)[], (value) => value ?? Number.NaN);
}

function arrayValue(value: readonly unknown[]): unknown {
  if (value.every((element) => typeof element === "number")) return Float64Array.from(value as number[]);
  if (value.every((element) => typeof element === "bigint")) return BigInt64Array.from(value as bigint[]);
  return value.some(Array.isArray) ? value.map((inner) => (Array.isArray(inner) ? arrayValue(inner) : inner)) : value;
}
