import {
  composeRun,
  type DataKey,
  deepFreeze,
  type Event,
  type RunParts,
  type StreamComposer,
} from "../../../src/documents/index.ts";

export const number: DataKey = { source: "sim://x", dtype: "number", shape: [] };
export const waveform: DataKey = { source: "sim://w", dtype: "array", shape: [3], dtype_numpy: "<f8" };

/** A run with a clock that ticks in seconds from 1000. */
export function newRun(parts: RunParts = {}) {
  let time = 1000;
  return composeRun({ clock: () => time++, ...parts });
}

export function newStream(keys: Record<string, DataKey> = { x: number }, name = "primary"): StreamComposer {
  return newRun().composeDescriptor({ name, dataKeys: keys });
}

export function point(values: Record<string, unknown>): {
  data: Record<string, unknown>;
  timestamps: Record<string, number>;
} {
  return { data: values, timestamps: Object.fromEntries(Object.keys(values).map((key) => [key, 999])) };
}

export function events(count: number, stream = newStream()): Event[] {
  return Array.from({ length: count }, (_, i) => deepFreeze(stream.composeEvent(point({ x: i / 2 }))));
}

/** What the function throws; fails when it doesn't. */
export function thrownBy(action: () => unknown): any {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
