import type { MaybePromise, PartialEventPage, Reading } from "../protocols.ts";

export interface FlyContext {
  /** The flyer's, for messages. */
  readonly name: string;
  readonly numPoints: number;
  /** Seconds a point. */
  readonly dwell: number;
}

/** Changes the columns in place; they are shared memory of the page that goes out. */
export type FlyCorrection = (columns: Record<string, Float64Array>, context: FlyContext) => MaybePromise<void>;

/** What a flyer did not get as it should have: a PV that did not answer, a waveform that is too short. */
export class FlyerError extends Error {
  override readonly name = "FlyerError";
}

type NumberArray = ArrayLike<number> | ArrayLike<bigint>;

/** What stand-ins answer: waveforms of ones, which are factors that change nothing as well, and a clock that begins at `started` and goes by the dwell. */
export function mockedAnswers(
  names: readonly string[],
  { numPoints, dwell }: FlyContext,
  started: number,
  clock: { readonly start: string; readonly times: string } | undefined,
): Map<string, Reading<any>> {
  const answers = new Map<string, Reading<any>>(
    names.map((name) => [name, { value: new Float64Array(numPoints).fill(1), timestamp: started }]),
  );
  if (clock === undefined) return answers;
  answers.set(clock.start, { value: started, timestamp: started });
  const times = Float64Array.from({ length: numPoints }, (_, row) => (row + 1) * dwell);
  return answers.set(clock.times, { value: times, timestamp: started });
}

/** The values of a bulk read by data key; names every PV that failed. */
export function valuesOf(
  flyer: string,
  pvs: Readonly<Record<string, string>>,
  answers: ReadonlyMap<string, Reading<any> | { error: Error }>,
): Record<string, NumberArray> {
  const values: Record<string, NumberArray> = {};
  const failures: string[] = [];
  for (const [key, pv] of Object.entries(pvs)) {
    const answer = answers.get(pv);
    if (answer === undefined || "error" in answer) {
      failures.push(`${pv}: ${answer === undefined ? "no answer" : answer.error.message}`);
    } else if (typeof answer.value !== "object") failures.push(`${pv}: it is no waveform`);
    else values[key] = answer.value;
  }
  if (failures.length > 0) throw new FlyerError(`${flyer} could not be read: ${failures.join("; ")}`);
  return values;
}

/**
 * The number of rows that all waveforms have. Those that have another number than was asked for are reported, never padded:
 * an error, or with `truncate` a warning and the length of the shortest.
 */
export function rowsOf(
  { name, numPoints }: FlyContext,
  values: Readonly<Record<string, NumberArray>>,
  ragged: "fail" | "truncate",
): number {
  const odd = Object.entries(values).filter(([, { length }]) => length !== numPoints);
  if (odd.length === 0) return numPoints;
  const shown = odd.slice(0, 10).map(([key, { length }]) => `${key} has ${length}`);
  const more = odd.length > 10 ? ` and ${odd.length - 10} more` : "";
  const message = `${name} was asked for ${numPoints} points, but ${shown.join(", ")}${more}`;
  if (ragged === "fail") throw new FlyerError(message);
  const rows = Math.min(numPoints, ...Object.values(values).map(({ length }) => length));
  process.emitWarning(`${message}; the page has ${rows} rows`, "CeruleanWarning");
  return rows;
}

/** Copies rows `from` to `end` of the waveforms once, as doubles, into columns over one piece of shared memory, so that other threads read them in place. */
export function columnsOf(
  values: Readonly<Record<string, NumberArray>>,
  end: number,
  from = 0,
): Record<string, Float64Array<SharedArrayBuffer>> {
  const keys = Object.keys(values);
  const rows = end - from;
  const memory = new SharedArrayBuffer(keys.length * rows * Float64Array.BYTES_PER_ELEMENT);
  const columns: Record<string, Float64Array<SharedArrayBuffer>> = {};
  keys.forEach((key, i) => {
    const column = new Float64Array(memory, i * rows * Float64Array.BYTES_PER_ELEMENT, rows);
    const value = values[key] ?? [];
    if (typeof value[0] === "bigint") for (let row = 0; row < rows; row++) column[row] = Number(value[from + row]);
    else if (value.length === rows) column.set(value as ArrayLike<number>);
    else for (let row = 0; row < rows; row++) column[row] = value[from + row] as number;
    columns[key] = column;
  });
  return columns;
}

/** Columns that are the sums of others, row by row, in shared memory as these are. */
export function sumsOf(
  flyer: string,
  columns: Readonly<Record<string, Float64Array>>,
  sums: Readonly<Record<string, readonly string[]>>,
): Record<string, Float64Array<SharedArrayBuffer>> {
  const made: Record<string, Float64Array<SharedArrayBuffer>> = {};
  for (const [key, parts] of Object.entries(sums)) {
    if (key in columns) throw new FlyerError(`${flyer}: the sum "${key}" has the name of a waveform`);
    const summed = parts.map((part) => {
      const column = columns[part];
      if (column === undefined) throw new FlyerError(`${flyer} has no column "${part}" to add up in "${key}"`);
      return column;
    });
    const rows = summed[0]?.length ?? 0;
    const sum = new Float64Array(new SharedArrayBuffer(rows * Float64Array.BYTES_PER_ELEMENT));
    for (const column of summed)
      for (let row = 0; row < rows; row++) sum[row] = (sum[row] as number) + (column[row] as number);
    made[key] = sum;
  }
  return made;
}

/** The end of each point by start and dwell, or the device's own clock: its start plus its times. Strictly increasing, or an error. */
export function rowTimes(
  { name, dwell }: FlyContext,
  end: number,
  start: number,
  clock: ArrayLike<number> | undefined,
  from = 0,
): Float64Array<SharedArrayBuffer> {
  const rows = end - from;
  const time = new Float64Array(new SharedArrayBuffer(rows * Float64Array.BYTES_PER_ELEMENT));
  for (let row = 0; row < rows; row++) {
    time[row] = start + (clock === undefined ? (from + row + 1) * dwell : (clock[from + row] as number));
    if (row > 0 && !((time[row] as number) > (time[row - 1] as number))) {
      throw new FlyerError(`${name}: the time of row ${from + row} is not after that of the row before it`);
    }
  }
  return time;
}

/** One page of rows; every column was read at the rows' own times. */
export function pageOf(columns: Record<string, Float64Array>, time: Float64Array): PartialEventPage {
  const timestamps: Record<string, Float64Array> = {};
  for (const key of Object.keys(columns)) timestamps[key] = time;
  return { data: columns, timestamps, time };
}

/** The rows that all waveforms have by now: those of a device that fills them while it acquires. */
export function rowsSoFar({ numPoints }: FlyContext, values: Readonly<Record<string, NumberArray>>): number {
  return Math.min(numPoints, ...Object.values(values).map(({ length }) => length));
}

/** The page in pieces of no more than `maxBytes`, over the same memory; of one row at least. */
export function* split(page: PartialEventPage, maxBytes: number): Generator<PartialEventPage, void> {
  const rows = page.time.length;
  const width = (Object.keys(page.data).length + 1) * Float64Array.BYTES_PER_ELEMENT;
  const step = Math.max(1, Math.floor(maxBytes / width));
  if (rows <= step) {
    yield page;
    return;
  }
  for (let row = 0; row < rows; row += step) {
    const cut = (column: ArrayLike<unknown>): any => (column as Float64Array).subarray(row, row + step);
    const data = Object.fromEntries(Object.entries(page.data).map(([key, column]) => [key, cut(column)]));
    yield pageOf(data, cut(page.time));
  }
}
