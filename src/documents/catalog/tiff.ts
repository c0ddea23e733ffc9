import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TiffIfd } from "tiff";
import type { StreamResource } from "../document.ts";
import { optionalPackage } from "../sinks/optional-package.ts";
import type { StreamHandler } from "../stream-filler.ts";
import { nested } from "./frame-values.ts";

/** Python's `{:06d}` and `{}`. */
const COUNTER = /\{(?::0?(\d*)d)?\}/;
const SIGNED = 2;

/**
 * Opens a folder of TIFF files (`multipart/related;type=image/tiff`) with a frame in each. The parameters' `template` has their names, with the number of
 * the frame, from 0, in place of `{:06d}`. A data key with more axes than a frame has several frames in each event.
 */
export async function openTiffSeries(folder: string, { parameters }: StreamResource): Promise<StreamHandler> {
  const template = String(parameters.template);
  const counter = COUNTER.exec(template);
  if (counter === null) throw new Error(`its template "${template}" has no place for the number of a frame, as {:06d}`);
  const nameOf = (frame: number): string =>
    template.replace(counter[0], () => String(frame).padStart(Number(counter[1] ?? 0), "0"));
  const { decode } = await optionalPackage("tiff", "Reading TIFF files", () => import("tiff"));

  const read = async (at: number): Promise<{ values: ArrayLike<unknown>; axes: readonly number[] }> => {
    const name = nameOf(at);
    const bytes = await readFile(join(folder, name));
    try {
      const [image] = decode(bytes, { pages: [0] }) as [TiffIfd];
      const { height, width, samplesPerPixel } = image;
      return {
        values: valuesOf(image),
        axes: samplesPerPixel > 1 ? [height, width, samplesPerPixel] : [height, width],
      };
    } catch (cause) {
      throw new Error(`${name} can't be decoded: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  };

  return {
    async read({ start, stop }, { shape }) {
      const events: unknown[] = [];
      for (let event = start; event < stop; event++) {
        const first = await read(event);
        if (shape.length <= first.axes.length) {
          events.push(nested(first.values, 0, first.axes));
          continue;
        }
        const perEvent = shape[0] ?? 1;
        const frames: unknown[] = [];
        for (let at = event * perEvent; at < (event + 1) * perEvent; at++) {
          const { values, axes } = at === event ? first : await read(at);
          frames.push(nested(values, 0, axes));
        }
        events.push(frames);
      }
      return events;
    },
  };
}

/** The decoder takes whole numbers for unsigned ones. */
function valuesOf({ data, sampleFormat }: TiffIfd): ArrayLike<unknown> {
  if (sampleFormat !== SIGNED) return data;
  const { buffer, byteOffset, length } = data;
  return data instanceof Uint8Array
    ? new Int8Array(buffer, byteOffset, length)
    : new Int16Array(buffer, byteOffset, length);
}
