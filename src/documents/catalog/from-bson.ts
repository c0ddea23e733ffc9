import { Binary, Long } from "mongodb";
import { COLUMN_KINDS } from "../column-kinds.ts";
import type { EventPage } from "../document.ts";
import type { StoredColumn, StoredPage } from "../sinks/mongo/page-parts.ts";

/** A stored document as it was on the bus: without MongoDB's own _id, 64-bit integers that a number can't hold as bigint. Changes it in place. */
export function fromBson<T>(stored: object): T {
  delete (stored as { _id?: unknown })._id;
  for (const [key, value] of Object.entries(stored)) {
    if (typeof value === "object" && value !== null) (stored as Record<string, unknown>)[key] = valueFromBson(value);
  }
  return stored as T;
}

function valueFromBson(value: object): unknown {
  if (value instanceof Long) return value.toBigInt();
  if (value instanceof Binary) return value.buffer;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      if (typeof value[at] === "object" && value[at] !== null) value[at] = valueFromBson(value[at]);
    }
    return value;
  }
  if (Object.getPrototypeOf(value) === Object.prototype) return fromMembers(value as Record<string, unknown>);
  return value;
}

function fromMembers(members: Record<string, unknown>): unknown {
  for (const key in members) {
    const value = members[key];
    if (typeof value === "object" && value !== null) members[key] = valueFromBson(value);
  }
  return members;
}

/** A part of a page from the `columns` layout, its columns in typed arrays again. */
export function pageFromBson(stored: StoredPage): EventPage {
  return {
    uid: [...stored.uids],
    time: columns(stored.time).time as EventPage["time"],
    descriptor: stored.descriptor,
    seq_num: stored.seq_num.map(Number),
    data: columns(stored.data),
    timestamps: columns(stored.timestamps) as EventPage["timestamps"],
    filled: columns(stored.filled) as NonNullable<EventPage["filled"]>,
  };
}

function columns(stored: readonly StoredColumn[]): Record<string, ArrayLike<unknown>> {
  const values: ArrayLike<unknown>[] = [];
  const named: Record<string, ArrayLike<unknown>> = {};
  for (const column of stored) {
    const value = "as" in column ? (values[column.as] as ArrayLike<unknown>) : columnFromBson(column);
    values.push(value);
    named[column.key] = value;
  }
  return named;
}

function columnFromBson(column: Exclude<StoredColumn, { as: number }>): ArrayLike<unknown> {
  if ("values" in column) return valueFromBson(column.values as unknown[]) as unknown[];
  const Type = COLUMN_KINDS[column.kind as keyof typeof COLUMN_KINDS];
  const bytes = new Uint8Array(column.data.value());
  return new Type(bytes.buffer, 0, bytes.byteLength / Type.BYTES_PER_ELEMENT);
}
