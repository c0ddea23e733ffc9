import { type Datatype, sameValue, show } from "./datatype.ts";

export type NdData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** One axis of a frame as the detector tells it, in pixels of the sensor. */
export interface NdDimension {
  readonly size: number;
  readonly offset: number;
  readonly fullSize: number;
  readonly binning: number;
  readonly reverse: boolean;
}

export interface NdAttribute {
  readonly value: unknown;
  readonly description: string;
  readonly source: string;
  readonly sourceType: number;
}

/** A frame. `data` has its elements row by row: element `[y, x]` of a `[height, width]` frame is `data[y * width + x]`. */
export interface NdArray {
  readonly data: NdData;
  /** Slowest axis first, as numpy has it: `[height, width]`, or `[height, width, 3]` for a colour image in RGB1. */
  readonly shape: readonly number[];
  /** The element type as numpy names it: `<u2`. Frames of `|b1` have a `Uint8Array` of 0 and 1. */
  readonly dtype: string;
  /** The detector's own number of the frame. */
  readonly uniqueId: number;
  /** When the data were taken, in Unix seconds; null where it is not told. The reading's time stamp says when they were published. */
  readonly dataTimestamp: number | null;
  /** Empty: a compressed frame is refused. */
  readonly codec: string;
  /** One for each axis, in the order of `shape`. */
  readonly dimensions: readonly NdDimension[];
  readonly attributes: Readonly<Record<string, NdAttribute>>;
}

/** A frame as documents have it: nested arrays, whose innermost are views of the frame's own memory. */
export type NdRows = NdData | readonly NdRows[];

/** What documents have of a value: the rows of a frame, and everything else as it is. */
export type DocumentValue<T> = T extends NdArray ? NdRows : T;

const EMPTY: NdArray = {
  data: new Uint8Array(0),
  shape: [0],
  dtype: "|u1",
  uniqueId: 0,
  dataTimestamp: null,
  codec: "",
  dimensions: [],
  attributes: {},
};

/** Frames of a detector over pvAccess (NTNDArray); read-only. */
export const ndarray: Datatype<NdArray> = {
  kind: "ndarray",
  label: "t.ndarray",
  initial: EMPTY,
  check(value) {
    const frame = value as NdArray;
    if (typeof value !== "object" || value === null || !ArrayBuffer.isView(frame.data) || !Array.isArray(frame.shape)) {
      throw new TypeError(`${show(value)} is not a frame with data and shape (t.ndarray)`);
    }
    const size = frame.shape.reduce((product, length) => product * length, 1);
    if (size === frame.data.length) return frame;
    throw new TypeError(
      `a frame of shape ${show(frame.shape)} has ${size} elements, not ${frame.data.length} (t.ndarray)`,
    );
  },
  describe: ({ shape, dtype }) => ({ dtype: "array", shape: [...shape], dtype_numpy: dtype }),
  equals: (a, b) => sameValue(a.shape, b.shape) && a.dtype === b.dtype && sameValue(a.data, b.data),
  toDocument: ({ data, shape }) => rowsOf(data, shape),
};

function rowsOf(data: NdData, shape: readonly number[]): NdRows {
  const [length = data.length, ...rest] = shape;
  if (rest.length === 0) return data;
  const step = rest.reduce((product, size) => product * size, 1);
  return Array.from({ length }, (_, row) => rowsOf(data.subarray(row * step, (row + 1) * step), rest));
}
