import { randomUUID } from "node:crypto";
import type { DataKey, Document, EventDescriptor, EventPage } from "../../src/documents/document.ts";
import { newUids } from "../../src/documents/uid.ts";

export interface SampleRun {
  readonly uid: string;
  readonly descriptor: string;
  readonly documents: readonly Document[];
}

const POINT: DataKey = { dtype: "number", shape: [], source: "sim://x", dtype_numpy: "<f8" };

/** A start document as the engine makes it. */
export function startOf(uid: string, more: Record<string, unknown> = {}): Document {
  return {
    name: "start",
    doc: { uid, time: 1_700_000_000.25, scan_id: 7, plan_name: "count", plan_type: "generator", ...more },
  };
}

/** A descriptor of a stream; `x` is a number and `n` an integer unless told otherwise. */
export function descriptorOf(
  run: string,
  uid: string,
  name = "primary",
  data_keys: EventDescriptor["data_keys"] = { x: POINT, n: { dtype: "integer", shape: [], source: "sim://n" } },
): Document {
  const keys = Object.keys(data_keys);
  return {
    name: "descriptor",
    doc: {
      uid,
      time: 1_700_000_000.5,
      run_start: run,
      name,
      data_keys,
      object_keys: { det: keys },
      hints: { det: { fields: keys } },
      configuration: {
        det: {
          data: { exposure: 2, gain: 3 },
          timestamps: { exposure: 1_700_000_000, gain: 1_700_000_000 },
          data_keys: { exposure: POINT, gain: { dtype: "integer", shape: [], source: "sim://gain" } },
        },
      },
    },
  };
}

/** One point of a stream. */
export function eventOf(descriptor: string, seq_num: number, data: Record<string, unknown>): Document {
  const timestamps = Object.fromEntries(Object.keys(data).map((key) => [key, 1_700_000_000 + seq_num]));
  return {
    name: "event",
    doc: { uid: randomUUID(), time: 1_700_000_001 + seq_num, descriptor, seq_num, data, timestamps, filled: {} },
  };
}

/** A page of `rows` points, its columns over shared memory as those of a fly scan are. */
export function pageOf(descriptor: string, rows: number, firstSeqNum = 1): EventPage {
  const x = sharedColumn(rows, (at) => at / 2);
  const times = sharedColumn(rows, (at) => 1_700_000_100 + at / 1000);
  return {
    uid: newUids(rows),
    time: times,
    descriptor,
    seq_num: Int32Array.from({ length: rows }, (_, at) => firstSeqNum + at),
    data: { x, n: Int32Array.from({ length: rows }, (_, at) => at * 3) },
    timestamps: { x: times, n: times },
    filled: {},
  };
}

export function sharedColumn(rows: number, value: (at: number) => number): Float64Array {
  const column = new Float64Array(new SharedArrayBuffer(rows * 8));
  for (let at = 0; at < rows; at++) column[at] = value(at);
  return column;
}

export function stopOf(
  run: string,
  numEvents: Record<string, number> = { primary: 3 },
  more: Record<string, unknown> = {},
): Document {
  return {
    name: "stop",
    doc: {
      uid: randomUUID(),
      time: 1_700_000_900.75,
      run_start: run,
      exit_status: "success",
      reason: "",
      num_events: numEvents,
      ...more,
    },
  };
}

/** A run of points in one stream. */
export function simpleRun(points: number, more: Record<string, unknown> = {}): SampleRun {
  const [uid, descriptor] = [randomUUID(), randomUUID()];
  const events = Array.from({ length: points }, (_, at) => eventOf(descriptor, at + 1, { x: at / 2, n: at }));
  return {
    uid,
    descriptor,
    documents: [startOf(uid, more), descriptorOf(uid, descriptor), ...events, stopOf(uid, { primary: points })],
  };
}

/** A run with a document of every type that is emitted, and with values that stores like to change. */
export function completeRun(): SampleRun {
  const [uid, descriptor, fly, frames] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const [resource, streamResource] = [randomUUID(), randomUUID()];
  const keys: EventDescriptor["data_keys"] = {
    x: POINT,
    n: { dtype: "integer", shape: [], source: "sim://n" },
    label: { dtype: "string", shape: [], source: "sim://label" },
    open: { dtype: "boolean", shape: [], source: "sim://open" },
    wave: { dtype: "array", shape: [3], source: "sim://wave", dtype_numpy: "<f8" },
    counts: { dtype: "array", shape: [2], source: "sim://counts", dtype_numpy: "<i8" },
    image: { dtype: "array", shape: [2, 2], source: "sim://image", external: "FILESTORE:", dtype_numpy: "<f8" },
  };
  const point = (seqNum: number, data: Record<string, unknown>): Document => {
    const image = `${resource}/${seqNum - 1}`;
    const event = eventOf(descriptor, seqNum, { ...data, image });
    return { ...event, doc: { ...event.doc, filled: { image: false } } } as Document;
  };
  const documents: Document[] = [
    startOf(uid, { sample: { name: "Au", thickness: 1.5, ids: [1, 2 ** 40] }, comment: "größer" }),
    descriptorOf(uid, descriptor, "primary", keys),
    {
      name: "resource",
      doc: {
        uid: resource,
        run_start: uid,
        spec: "TIFF",
        root: "/data",
        resource_path: "a.tif",
        path_semantics: "posix",
        resource_kwargs: { frames: 1 },
      },
    },
    { name: "datum", doc: { datum_id: `${resource}/0`, datum_kwargs: { point: 0 }, resource } },
    {
      name: "datum_page",
      doc: { datum_id: [`${resource}/1`, `${resource}/2`], datum_kwargs: { point: [1, 2] }, resource },
    },
    point(1, { x: 1, n: 1, label: "a", open: true, wave: new Float64Array([1, 2, 3]), counts: [1, 2] }),
    point(2, {
      x: Number.NaN,
      n: 9007199254740993n,
      label: "",
      open: false,
      wave: [1.5, Number.POSITIVE_INFINITY, -0],
      counts: [3, 2 ** 33],
    }),
    point(3, { x: 2 ** 31, n: -5, label: "ü", open: true, wave: [0, 0, 0], counts: new Int32Array([5, 6]) }),
    descriptorOf(uid, fly, "fly"),
    { name: "event_page", doc: pageOf(fly, 40) },
    descriptorOf(uid, frames, "frames", {
      cam: { dtype: "array", shape: [1, 4, 4], source: "sim://cam", external: "STREAM:", dtype_numpy: "<u2" },
    }),
    {
      name: "stream_resource",
      doc: {
        uid: streamResource,
        run_start: uid,
        data_key: "cam",
        mimetype: "application/x-hdf5",
        uri: "file://localhost/data/cam.h5",
        parameters: { dataset: "/entry/data", chunk_shape: [1, 4, 4] },
      },
    },
    {
      name: "stream_datum",
      doc: {
        uid: `${streamResource}/0`,
        descriptor: frames,
        stream_resource: streamResource,
        indices: { start: 0, stop: 5 },
        seq_nums: { start: 1, stop: 6 },
      },
    },
    stopOf(uid, { primary: 3, fly: 40, frames: 5 }),
  ];
  return { uid, descriptor, documents };
}
