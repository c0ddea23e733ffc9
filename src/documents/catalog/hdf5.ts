import { access } from "node:fs/promises";
import type * as H5 from "h5wasm/node";
import type { DataKey, StreamRange, StreamResource } from "../document.ts";
import type { StreamHandler } from "../stream-filler.ts";
import { isColumn } from "../values.ts";
import { nested } from "./frame-values.ts";

/**
 * Opens an HDF5 file of a stream resource (`application/x-hdf5`) whose parameters name the `dataset`. The first axis of the data set is that
 * of the events; a data key with as many axes has several frames of the file in each event.
 */
export async function openHdf5(path: string, { parameters }: StreamResource): Promise<StreamHandler> {
  // Loaded by whoever reads files only: it is a megabyte of WebAssembly.
  const h5wasm = await import("h5wasm/node");
  await h5wasm.ready;
  await access(path);
  const file = new h5wasm.File(path, "r");
  if (file.file_id < 0n) throw new Error("it is no HDF5 file, or not a whole one yet");
  const name = String(parameters.dataset);
  const found = file.get(name);
  if (!(found instanceof h5wasm.Dataset)) {
    file.close();
    throw new Error(`it has no data set "${name}"`);
  }
  return { read: (indices, dataKey) => frames(found, indices, dataKey), close: () => void file.close() };
}

function frames(dataset: H5.Dataset, { start, stop }: StreamRange, { shape }: DataKey): unknown[] {
  const [length = 0, ...frame] = dataset.shape ?? [];
  const perEvent = shape.length > frame.length ? (shape[0] ?? 1) : 1;
  const last = Math.min(stop, Math.floor(length / perEvent));
  if (last <= start) return [];
  const all = frame.map((size): [number, number] => [0, size]);
  const values = dataset.slice([[start * perEvent, last * perEvent], ...all]);
  if (!isColumn(values)) throw new Error(`its data set ${dataset.path} has no values that can be cut in frames`);
  const axes = shape.length > frame.length ? [perEvent, ...frame] : frame;
  const size = axes.reduce((product, axis) => product * axis, 1);
  return Array.from({ length: last - start }, (_, at) => nested(values, at * size, axes));
}
