import { randomUUID } from "node:crypto";
import type { DataKey, Document, Event, EventPage } from "cerulean/documents";
import { newUids } from "../../src/documents/uid.ts";

export interface StoredRun {
  readonly uid: string;
  readonly descriptor: string;
  readonly opening: readonly Document[];
  readonly closing: Document;
}

const keysOf = (fields: number): string[] => Array.from({ length: fields }, (_, at) => `ch${at}`);

/** A run with one stream of so many numbers a point. */
export function runOf(fields: number, points: number): StoredRun {
  const [uid, descriptor, time] = [randomUUID(), randomUUID(), Date.now() / 1000];
  const keys = keysOf(fields);
  const dataKey: DataKey = { dtype: "number", shape: [], source: "sim://ch", dtype_numpy: "<f8" };
  return {
    uid,
    descriptor,
    opening: [
      { name: "start", doc: { uid, time, scan_id: 1 } },
      {
        name: "descriptor",
        doc: {
          uid: descriptor,
          time,
          run_start: uid,
          name: "primary",
          data_keys: Object.fromEntries(keys.map((key) => [key, dataKey])),
          object_keys: { det: keys },
          configuration: { det: { data: {}, timestamps: {}, data_keys: {} } },
          hints: {},
        },
      },
    ],
    closing: {
      name: "stop",
      doc: { uid: randomUUID(), time, run_start: uid, exit_status: "success", num_events: { primary: points } },
    },
  };
}

/** Points of the stream; no value is a whole number, so that every client makes a double of it by itself. */
export function eventsOf(descriptor: string, fields: number, points: number, first = 1): Event[] {
  const keys = keysOf(fields);
  return Array.from({ length: points }, (_, row) => {
    const time = 1.7e9 + row / 1000 + 0.0001;
    const data: Record<string, number> = {};
    const timestamps: Record<string, number> = {};
    for (const [at, key] of keys.entries()) {
      data[key] = row + at / 64 + 0.1;
      timestamps[key] = time;
    }
    return { uid: randomUUID(), time, descriptor, seq_num: first + row, data, timestamps, filled: {} };
  });
}

/** The same points as a page whose columns lie in shared memory, as those of a fly scan do. */
export function pageOf(descriptor: string, fields: number, rows: number, first = 1): EventPage {
  const column = (value: (row: number) => number): Float64Array => {
    const values = new Float64Array(new SharedArrayBuffer(rows * 8));
    for (let row = 0; row < rows; row++) values[row] = value(row);
    return values;
  };
  const time = column((row) => 1.7e9 + row / 1000 + 0.0001);
  const keys = keysOf(fields);
  return {
    uid: newUids(rows),
    time,
    descriptor,
    seq_num: Int32Array.from({ length: rows }, (_, row) => first + row),
    data: Object.fromEntries(keys.map((key, at) => [key, column((row) => row + at / 64 + 0.1)])),
    timestamps: Object.fromEntries(keys.map((key) => [key, time])),
    filled: {},
  };
}
