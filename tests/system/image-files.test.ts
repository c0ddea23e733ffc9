import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Catalog } from "cerulean/catalog";
import { composeRun, type DataKey, type Document } from "cerulean/documents";
import { JsonlWriter } from "cerulean/sinks/jsonl";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { python } from "./support/python.ts";

/** Four frames of 2 x 3 pixels of each type, the first pixel of each telling which it is. */
const WRITE = `
import sys, numpy, tifffile
from PIL import Image
folder = sys.argv[1]
for frame in range(4):
    for dtype in ("u1", "u2", "i2", "f4", "f8"):
        pixels = numpy.arange(6, dtype=dtype).reshape(2, 3) + numpy.array(10 * frame, dtype)
        tifffile.imwrite(f"{folder}/{dtype}_{frame:06d}.tiff", pixels if dtype[0] == "u" else pixels - pixels.dtype.type(4))
    color = numpy.arange(18, dtype="u1").reshape(2, 3, 3) + frame
    Image.fromarray(color).save(f"{folder}/rgb_{frame}.tiff", compression="tiff_lzw")
    Image.fromarray(color).save(f"{folder}/zip_{frame}.tiff", compression="tiff_adobe_deflate")
    tifffile.imwrite(f"{folder}/u4_{frame:06d}.tiff", numpy.zeros((2, 3), "u4"))
`;

let folder: string;
let frames: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cerulean-images-"));
  frames = mkdtempSync(join(folder, "frames "));
  execFileSync(await python(), ["-c", WRITE, frames]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The column of a run whose four frames, or two events of two, are in files. */
async function read(
  template: string,
  shape: number[] = [2, 3],
  { events = 4, from = 0 } = {},
): Promise<ArrayLike<any>> {
  const run = composeRun();
  const dataKey: DataKey = { source: "py", dtype: "array", shape, external: "STREAM:" };
  const { descriptor } = run.composeDescriptor({ name: "primary", dataKeys: { cam: dataKey } });
  const images = run.composeStreamResource({
    dataKey: "cam",
    mimetype: "multipart/related;type=image/tiff",
    uri: String(pathToFileURL(frames)),
    parameters: { template, chunk_shape: [1, 2, 3] },
  });
  const documents: Document[] = [
    { name: "start", doc: run.start },
    { name: "descriptor", doc: descriptor },
    { name: "stream_resource", doc: images.streamResource },
    {
      name: "stream_datum",
      doc: images.composeStreamDatum({
        indices: { start: from, stop: events },
        seqNums: { start: 1, stop: events - from + 1 },
        descriptor: descriptor.uid,
      }),
    },
    { name: "stop", doc: run.composeStop() },
  ];
  const place = mkdtempSync(join(folder, "run-"));
  const writer = new JsonlWriter(place);
  for (const document of documents) writer.write(document);
  await writer.close();
  await using catalog = await Catalog.open(place);
  const { cam } = await (await catalog.run(run.start.uid)).columns("primary", { retryIntervalsMs: [1] });
  return cam as ArrayLike<any>;
}

describe("a series of TIFF files that Python wrote", () => {
  it.each([
    ["u1", Uint8Array, 0],
    ["u2", Uint16Array, 0],
    ["i2", Int16Array, 4],
    ["f4", Float32Array, 4],
    ["f8", Float64Array, 4],
  ])("of %s is read with its type", async (dtype, Column, less) => {
    const column = await read(`${dtype}_{:06d}.tiff`);
    expect(column).toHaveLength(4);
    for (const [at, first] of [0, 10, 20, 30].entries()) {
      const rows = [first, first + 3].map((pixel) => Column.of(pixel - less, pixel + 1 - less, pixel + 2 - less));
      expect(column[at]).toEqual(rows);
    }
  });

  it.each(["rgb_{}.tiff", "zip_{:d}.tiff"])("compressed and in colour is read: %s", async (template) => {
    const column = await read(template, [2, 3, 3]);
    expect(column[1][0]).toEqual([Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6), Uint8Array.of(7, 8, 9)]);
  });

  it("has several frames in an event where the data key says so, and may begin later", async () => {
    const pairs = await read("u2_{:06d}.tiff", [2, 2, 3], { events: 2, from: 1 });
    expect(pairs).toHaveLength(1);
    expect(pairs[0].map((frame: any) => frame[0][0])).toEqual([20, 30]);
  });

  it("is refused by name where it can't be read", async () => {
    truncateSync(join(frames, "f8_000002.tiff"), 100);
    writeFileSync(join(frames, "other_000000.tiff"), "no image");
    await expect(read("f8_{:06d}.tiff")).rejects.toThrow(/"cam" in .*: f8_000002\.tiff can't be decoded/);
    await expect(read("other_{:06d}.tiff")).rejects.toThrow(/other_000000\.tiff can't be decoded/);
    await expect(read("u4_{:06d}.tiff")).rejects.toThrow(/u4_000000\.tiff can't be decoded: .*32/);
    await expect(read("u2_{:06d}.tiff", [2, 3], { events: 5 })).rejects.toThrow(/ENOENT.*u2_000004\.tiff/);
    await expect(read("u2.tiff")).rejects.toThrow(/template "u2\.tiff" has no place for the number/);
  });
});
