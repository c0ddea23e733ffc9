import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Document, RunEngine } from "cerulean";
import { StaticFilenameProvider, StaticPathProvider, t, waitForValue } from "cerulean/devices";
import {
  type Context,
  epicsSignalW,
  getContext,
  type NdFileHdf5,
  ndAttributesXml,
  SimDetector,
  type SimDetectorOptions,
} from "cerulean/epics";
import { count } from "cerulean/plans";
import * as bps from "cerulean/plans/stubs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CaprotoIoc, startCaproto } from "./support/caproto-ioc.ts";
import { python } from "./support/python.ts";
import { framesOf } from "./support/read-frames.ts";

let ioc: CaprotoIoc;
let context: Context;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "area-detector-"));
  ioc = await startCaproto("area-detector.py");
  context = getContext(ioc.context);
});

afterAll(async () => {
  await context?.close({ force: true });
  await ioc?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function make(filename: string, options: SimDetectorOptions, directory = folder): Promise<SimDetector> {
  const paths = new StaticPathProvider(new StaticFilenameProvider(filename), directory);
  const det = new SimDetector("ad:", paths, { name: "det", context, ...options });
  await det.connect();
  return det;
}

/** Writes to a PV that no device has. */
async function put(pv: string, value: string): Promise<void> {
  const signal = epicsSignalW(t.string, pv, { name: "command", context });
  await signal.connect();
  await signal.set(value).wait();
  await signal.dispose();
}

/** A flight of five frames in two batches, after some steps of one each; what was told of it. */
async function fly(det: SimDetector, { steps = 0 } = {}): Promise<Document[]> {
  const documents: Document[] = [];
  const engine = new RunEngine();
  engine.subscribe((document) => void documents.push(document));
  await engine.run(async function* () {
    yield* bps.openRun();
    yield* bps.stage(det);
    for (let i = 0; i < steps; i++) yield* bps.triggerAndRead([det]);
    yield* bps.prepare(det, { numberOfEvents: [3, 2] }, { wait: true });
    yield* bps.declareStream(det, { name: "flown", collect: true });
    for (let batch = 0; batch < 2; batch++) {
      yield* bps.kickoff(det, { wait: true });
      yield* bps.collectWhileCompleting([det], [det], { flushPeriod: 0.05, streamName: "flown" });
    }
    yield* bps.unstage(det);
    yield* bps.closeRun();
  });
  return documents;
}

/** What tifffile and Pillow find in the images: shape, type, and how much brighter each is than the one before. */
async function imagesIn(template: string, count: number): Promise<any> {
  const script = `
import sys, json, numpy, tifffile
from PIL import Image
template, count = sys.argv[1], int(sys.argv[2])
names = [template.format(i) for i in range(count)]
read = tifffile.imread if template.endswith("tiff") else (lambda name: numpy.array(Image.open(name)))
images = [read(name) for name in names]
means = [float(image.mean()) for image in images]
print(json.dumps({"shapes": [image.shape for image in images], "type": str(images[0].dtype), "steps": numpy.diff(means).round().tolist()}))
`;
  const { stdout } = await promisify(execFile)(await python(), ["-c", script, template, `${count}`]);
  return JSON.parse(stdout);
}

const lastStop = (documents: readonly Document[]): number =>
  documents.reduce((stop, { name, doc }) => (name === "stream_datum" ? doc.indices.stop : stop), 0);

describe("areaDetector plugins on a server that is not ours", () => {
  it.each([
    ["tiff", "TIFF1:", "UInt16", "uint16"],
    ["jpeg", "JPEG1:", "UInt8", "uint8"],
  ] as const)("write one %s file for each frame that is announced", async (format, suffix, dataType, type) => {
    await put("ad:cam1:DataType", dataType);
    await using det = await make(format, { format });
    const before = ioc.told.length;
    const documents = await fly(det, { steps: 3 });
    expect(lastStop(documents)).toBe(8);
    const [resource] = documents.filter(({ name }) => name === "stream_resource").map(({ doc }) => doc as any);
    expect(resource).toMatchObject({
      mimetype: `multipart/related;type=image/${format}`,
      uri: `file://localhost${folder}/`,
    });
    const { template } = resource.parameters;
    const written = (await readdir(folder)).filter((file) => file.startsWith(`${format}_`));
    expect(written).toHaveLength(8);
    expect(await imagesIn(join(folder, template), 8)).toEqual({
      shapes: Array(8).fill([30, 40]),
      type,
      steps: Array(7).fill(1),
    });
    const order = ioc.told.slice(before).filter((line) => line.startsWith(`put ad:${suffix}`));
    const names = order.map((line) => line.slice(`put ad:${suffix}`.length));
    const begin = names.indexOf("CreateDirectory");
    expect(new Set(names.slice(0, begin))).toEqual(new Set(["Capture"]));
    expect(names.slice(begin + 1, -3).sort()).toEqual([
      "AutoIncrement",
      "DroppedArrays",
      "EnableCallbacks",
      "FileName",
      "FileNumber",
      "FilePath",
      "FileTemplate",
      "FileWriteMode",
    ]);
    expect(names.slice(-3)).toEqual(["NumCapture", "Capture", "Capture"]);
  });

  it.each([
    ["tiff", "TIFF1:", "Drop", "det-file dropped 1 arrays; give it a longer queue"],
    ["tiff", "TIFF1:", "Write error", "det-file could not write: no space left on the disk"],
    ["tiff", "TIFF1:", "Lose", "det-file captured 0 frames, not 1"],
    ["jpeg", "JPEG1:", "Drop", "det-file dropped 1 arrays; give it a longer queue"],
    ["jpeg", "JPEG1:", "Write error", "det-file could not write: no space left on the disk"],
    ["hdf", "HDF1:", "Drop", "det-file dropped 1 arrays; give it a longer queue"],
    ["hdf", "HDF1:", "Write error", "det-file could not write: no space left on the disk"],
    ["hdf", "HDF1:", "Lose", "det-file captured 0 frames, not 1"],
  ] as const)("%s: a scan fails when %s says %s", async (format, suffix, fault, message) => {
    await using det = await make(`failing-${format}`, { format });
    await put(`ad:${suffix}Fault`, fault);
    try {
      await det.stage();
      await det.prepare({ exposureTimeout: 0.2 }).wait();
      await expect(det.trigger().wait()).rejects.toThrow(message);
    } finally {
      await put(`ad:${suffix}Fault`, "None");
      await det.unstage();
    }
  });

  it.each([
    ["Drop", /det-file dropped \d+ arrays; give it a longer queue/],
    ["Write error", "det-file could not write: no space left on the disk"],
  ])("end a flight with the first frame that they lose, not with its last: %s", async (fault, message) => {
    await using det = await make(`losing-${fault.replace(" ", "-")}`, {});
    try {
      await det.stage();
      await det.prepare({ numberOfEvents: 10_000 }).wait();
      await det.kickoff().wait();
      const complete = det.complete();
      await waitForValue(det.file.numCaptured, (captured) => captured > 2);
      await put("ad:HDF1:Fault", fault);
      await expect(complete.wait()).rejects.toThrow(message);
      expect(await det.cam.acquire.get({ cached: false })).toBe(true);
    } finally {
      await put("ad:HDF1:Fault", "None");
      await det.unstage();
    }
  });

  it("count and fly what they were prepared for, not one event more, and refuse a path that is not there", async () => {
    await using det = await make("counted", {});
    const names: string[] = [];
    const engine = new RunEngine();
    engine.subscribe(({ name }) => void names.push(name));
    await engine.run(count([det], 2));
    expect(names.join(" ")).toBe("start descriptor stream_resource stream_datum event stream_datum event stop");
    await det.stage();
    await det.prepare({ numberOfEvents: [3, 2] }).wait();
    for (const events of [3, 5]) {
      await det.kickoff().wait();
      await det.complete().wait();
      expect(await det.getIndex()).toBe(events);
    }
    await expect(det.kickoff().wait()).rejects.toThrow(
      "det: Kickoff requested 5:7, but detector was only prepared up to 5",
    );
    await det.unstage();
    await using lost = await make("lost", {}, join(folder, "no", "such"));
    await expect(lost.trigger().wait()).rejects.toThrow(
      `Path ${folder}/no/such/ of det-file doesn't exist or not writable!`,
    );
  });

  it("write colours as their reader finds them, in the chunks that they were set to", async () => {
    await put("ad:cam1:DataType", "UInt16");
    await put("ad:cam1:ColorMode", "RGB1");
    await using det = await make("colours", {});
    const { numFramesChunks } = det.file as NdFileHdf5;
    await numFramesChunks.set(4).wait();
    try {
      const documents = await fly(det);
      const chunks = [4, 3, 30, 40];
      const resource = documents.find(({ name }) => name === "stream_resource")?.doc as any;
      expect(resource.parameters.chunk_shape).toEqual(chunks);
      const { det: frames } = await framesOf(documents);
      expect(frames?.[0]).toMatchObject({ shape: [5, 3, 30, 40], type: "uint16", chunks, skips: false });
    } finally {
      await numFramesChunks.set(1).wait();
      await put("ad:cam1:ColorMode", "Mono");
    }
  });

  it("write what the driver adds to its frames, as data keys of their own", async () => {
    await using det = await make("attributed", { attributes: true });
    const xml = ndAttributesXml([
      { name: "temperature", pv: "ca://ad:cam1:Temperature", dbrType: "DBR_DOUBLE", description: "of the <sensor>" },
      { name: "filter", pv: "ad:cam1:Filter", dbrType: "DBR_STRING" },
      { name: "number", parameter: "ARRAY_COUNTER", dataType: "INT" },
    ]);
    await det.attributes?.set(xml).wait();
    const documents = await fly(det);
    const descriptor = documents.find(({ name }) => name === "descriptor")?.doc as any;
    expect(descriptor.data_keys).toMatchObject({
      temperature: { source: "ca://ad:cam1:Temperature", shape: [1], dtype: "number", dtype_numpy: "<f8" },
      filter: { source: "ca://ad:cam1:Filter", shape: [1], dtype: "string", dtype_numpy: "|S256" },
      number: { source: "ca://ad:HDF1:FullFileName_RBV", dtype: "number", dtype_numpy: "<i4" },
    });
    const { temperature, number, filter } = await framesOf(documents);
    const first = number?.[0]?.sums[0] as number;
    expect(number?.[0]).toMatchObject({ shape: [5], type: "int32", chunks: [16_384], skips: false });
    expect(number?.[0]?.sums).toEqual(Array.from({ length: 5 }, (_, i) => first + i));
    expect(temperature?.[0]?.sums).toEqual(Array.from({ length: 5 }, (_, i) => 20.5 + first + i));
    expect(filter?.[0]).toMatchObject({ shape: [5], type: "|S256" });
    expect(filter?.[0]?.texts).toEqual(Array.from({ length: 5 }, (_, i) => `slot ${first + i}`));
    await det.attributes?.set('<Attributes><Attribute name="gap" source="ID:Gap" /></Attributes>').wait();
    await expect(
      det
        .prepare({})
        .wait()
        .then(() => det.trigger().wait()),
    ).rejects.toThrow("attribute gap");
  });
});
