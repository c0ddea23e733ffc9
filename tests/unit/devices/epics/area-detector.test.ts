import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { attributeColumns } from "../../../../src/devices/epics/area-detector/attributes.ts";
import {
  checkPorts,
  type NdFileHdf5,
  NdStats,
  ndAttributesXml,
  SimDetector,
  type SimDetectorOptions,
} from "../../../../src/devices/epics/index.ts";
import { type PathProviderOptions, StaticFilenameProvider, StaticPathProvider } from "../../../../src/devices/index.ts";
import { RunEngine } from "../../../../src/index.ts";
import { count } from "../../../../src/plans/index.ts";
import * as bps from "../../../../src/plans/stubs/index.ts";
import { mockOf, mocksOf } from "../../../../src/testing/index.ts";
import { FakeIoc } from "./fake-channel.ts";

async function make(options: SimDetectorOptions = {}, directory = "/data") {
  // The server that would write there is a stand-in, so that there is nothing for readers to find.
  const paths = new StaticPathProvider(new StaticFilenameProvider("x"), directory, { probe: false });
  const det = new SimDetector("SIM:", paths, { name: "det", ...options });
  await det.connect({ mock: true });
  return det;
}

const resourceOf = async (det: SimDetector): Promise<any> => {
  for await (const { doc } of det.collectAssetDocs()) return doc;
  throw new Error("it told of no file");
};

describe("an areaDetector", () => {
  it("sets its HDF5 plugin up in order, captures without waiting for completion, and tells of its file", async () => {
    const det = await make();
    const order: string[] = [];
    for (const [name, mock] of mocksOf(det.file)) {
      const before = mock.onPut;
      mock.onPut = (value, call) => {
        order.push(name.replace("det-file-", ""));
        return before?.(value, call);
      };
    }
    await det.stage();
    order.length = 0;
    await det.trigger().wait();
    expect(order[0]).toBe("capture");
    expect(order[1]).toBe("createDirectory");
    expect(order.slice(2, 10)).toContain("filePath");
    expect(order.slice(-2)).toEqual(["numFramesChunks", "capture"]);
    expect(mockOf(det.file.capture).calls.at(-1)).toEqual({ value: true, wait: false });
    expect(await det.file.filePath.get()).toBe("/data/");
    expect(await det.describe()).toMatchObject({ det: { shape: [1, 3, 4], dtype_numpy: "<u2", external: "STREAM:" } });
    expect(await resourceOf(det)).toMatchObject({
      mimetype: "application/x-hdf5",
      uri: "file://localhost/data/x.h5",
      parameters: { dataset: "/entry/data/data", chunk_shape: [1, 3, 4] },
    });
    expect(mockOf((det.file as NdFileHdf5).flushNow).calls).toHaveLength(1);
  });

  it("keeps the frames of a chunk that its HDF5 plugin is set to", async () => {
    const det = await make();
    const chunks = mockOf((det.file as NdFileHdf5).numFramesChunks);
    chunks.setValue(8);
    await det.trigger().wait();
    expect(chunks.calls).toEqual([]);
    expect(await resourceOf(det)).toMatchObject({ parameters: { chunk_shape: [8, 3, 4] } });
  });

  it.each([
    ["tiff", "multipart/related;type=image/tiff", "x_{:06d}.tiff"],
    ["jpeg", "multipart/related;type=image/jpeg", "x_{:06d}.jpg"],
  ] as const)("writes %s images", async (format, mimetype, template) => {
    const det = await make({ format });
    await det.trigger().wait();
    expect(await resourceOf(det)).toMatchObject({ mimetype, uri: "file://localhost/data/", parameters: { template } });
  });

  it("gives a step scan its file, then stream data before each event", async () => {
    const det = await make();
    const names: string[] = [];
    const engine = new RunEngine();
    engine.subscribe(({ name }) => void names.push(name));
    await engine.run(count([det], 2));
    expect(names.join(" ")).toBe("start descriptor stream_resource stream_datum event stream_datum event stop");
  });

  it("gives a fly scan stream data as they come", async () => {
    const det = await make();
    const seen: unknown[] = [];
    const engine = new RunEngine();
    engine.subscribe(({ name, doc }) => void (name === "stream_datum" && seen.push([doc.indices, doc.seq_nums])));
    await engine.run(async function* () {
      yield* bps.openRun();
      yield* bps.stage(det);
      yield* bps.prepare(det, { numberOfEvents: [3, 2] }, { wait: true });
      yield* bps.declareStream(det, { name: "main", collect: true });
      for (let batch = 0; batch < 2; batch++) {
        yield* bps.kickoff(det, { wait: true });
        yield* bps.collectWhileCompleting([det], [det], { flushPeriod: 0.1, streamName: "main" });
      }
      yield* bps.unstage(det);
      yield* bps.closeRun();
    });
    expect(seen).toEqual([
      [
        { start: 0, stop: 3 },
        { start: 1, stop: 4 },
      ],
      [
        { start: 3, stop: 5 },
        { start: 4, stop: 6 },
      ],
    ]);
  });

  it("keeps the exposure of a prepare for the triggers after it", async () => {
    const det = await make();
    await det.prepare({ livetime: 0.2 }).wait();
    await det.stage();
    await det.trigger().wait();
    expect(await det.cam.acquireTime.get()).toBe(0.2);
    expect((await det.readConfiguration())["det-cam-acquireTime"]?.value).toBe(0.2);
  });

  it("fails when arrays were dropped, a write failed, or frames are missing", async () => {
    const det = await make();
    const fly = async (): Promise<void> => {
      await det.prepare({ numberOfEvents: 2 }).wait();
      await det.kickoff().wait();
      await det.complete().wait();
    };
    await fly();
    mockOf(det.file.writeStatus).setValue("Write error");
    mockOf(det.file.writeMessage).setValue("disk full");
    await expect(fly()).rejects.toThrow("det-file could not write: disk full");
    mockOf(det.file.droppedArrays).setValue(3);
    await expect(fly()).rejects.toThrow("det-file dropped 3 arrays");
  });

  it("refuses a path that its server can't write to, and frames that no reader would get right", async () => {
    const det = await make({}, "D:\\data");
    mockOf(det.file.filePathExists).setValue(false);
    await expect(det.trigger().wait()).rejects.toThrow("Path D:\\data\\ of det-file doesn't exist or not writable!");
    mockOf(det.cam.colorMode).setValue("Bayer");
    await expect(det.trigger().wait()).rejects.toThrow("the colour mode Bayer is not supported");
    mockOf(det.cam.dataType).setValue("");
    await expect(det.trigger().wait()).rejects.toThrow('the data type "" is not known');
  });

  it("opens its file with the first frame, so that nobody has to prime it", async () => {
    const det = await make();
    const lazyOpen = mockOf((det.file as NdFileHdf5).lazyOpen);
    const opened: boolean[] = [];
    mockOf(det.file.capture).onPut = async (capture) => {
      if (capture) opened.push((await lazyOpen.getReading()).value);
    };
    await det.trigger().wait();
    expect(opened).toEqual([true]);
  });

  it("notices in a step scan, too, that arrays were dropped", async () => {
    const det = await make();
    await det.trigger().wait();
    mockOf(det.file.droppedArrays).setValue(2);
    await expect(det.trigger().wait()).rejects.toThrow("det-file dropped 2 arrays; give it a longer queue");
  });

  it("tells why its plugin does not capture", async () => {
    const det = await make();
    mockOf(det.file.capture).onPut = () => false;
    mockOf(det.file.writeMessage).setValue("no array has come yet");
    vi.useFakeTimers();
    try {
      const failed = expect(det.trigger().wait()).rejects.toThrow("det-file does not capture: no array has come yet");
      await vi.advanceTimersByTimeAsync(11_000);
      await failed;
    } finally {
      vi.useRealTimers();
    }
  });

  it("refuses a directory that readers don't find where the documents would say", async () => {
    const folder = await mkdtemp(join(tmpdir(), "reader-"));
    const trigger = async (directory: string, options: PathProviderOptions): Promise<void> => {
      const paths = new StaticPathProvider(new StaticFilenameProvider("x"), directory, options);
      const det = new SimDetector("SIM:", paths, { name: "det" });
      await det.connect({ mock: true });
      await det.trigger().wait();
    };
    await trigger("D:\\data", { directoryUri: `file://${folder}/` });
    await trigger("D:\\data", { directoryUri: "file://fileserver/data/" });
    await rm(folder, { recursive: true });
    await expect(trigger("D:\\data", { directoryUri: `file://${folder}/` })).rejects.toThrow(
      `det-file writes to D:\\data, but readers don't find that at file://${folder}/`,
    );
    await expect(trigger("D:\\data", {})).rejects.toThrow("don't find that at file://localhost/D:/data/");
  });

  it("refuses a file plugin that would not get the camera's frames", async () => {
    const det = await make();
    mockOf(det.file.arrayPort).setValue("CAM2");
    await expect(det.trigger().wait()).rejects.toThrow(
      'det-file would not get the frames of det-cam: det-file takes its arrays from "CAM2", and that port is none of its own ' +
        "(det-cam has CAM); set its NDArrayPort",
    );
    const [first, second] = [new NdStats("A:", { name: "first" }), new NdStats("B:", { name: "second" })];
    await Promise.all([first.connect({ mock: true }), second.connect({ mock: true })]);
    const link = (plugin: NdStats, port: string, from: string): void => {
      mockOf(plugin.portName).setValue(port);
      mockOf(plugin.arrayPort).setValue(from);
    };
    link(first, "S1", "CAM");
    link(second, "CAM2", "S1");
    await checkPorts(det.cam, det.file, [first, second]);
    link(first, "S1", "CAM2");
    await expect(checkPorts(det.cam, det.file, [first, second])).rejects.toThrow("the ports go in a circle");
  });

  it("has live frames where its server has the plugin, and never in its documents", async () => {
    expect((await make()).live).toBeUndefined();
    const det = await make({ liveSuffix: "Pva1:Image" });
    expect(det.live?.source).toBe("mock+pva://SIM:Pva1:Image");
    await det.trigger().wait();
    expect(Object.keys({ ...(await det.describe()), ...(await det.describeConfiguration()) })).not.toContain(
      "det-live",
    );
  });

  it("announces what its driver adds to the frames, where it is asked to", async () => {
    expect((await make()).attributes).toBeUndefined();
    const det = await make({ attributes: true });
    await det.attributes?.set(ndAttributesXml([{ name: "gap", pv: "ID:Gap", dbrType: "DBR_FLOAT" }])).wait();
    await det.trigger().wait();
    const { gap } = await det.describe();
    expect(gap).toEqual({
      source: "ca://ID:Gap",
      shape: [1],
      dtype: "number",
      dtype_numpy: "<f4",
      external: "STREAM:",
    });
    const told: any[] = [];
    for await (const { name, doc } of det.collectAssetDocs()) if (name === "stream_resource") told.push(doc);
    expect(told[1]).toMatchObject({
      data_key: "gap",
      parameters: { dataset: "/entry/instrument/NDAttributes/gap", chunk_shape: [16_384] },
    });
    await det.unstage();
    await det.attributes?.set(ndAttributesXml([{ name: "det", parameter: "COUNTER", dataType: "INT" }])).wait();
    await expect(det.trigger().wait()).rejects.toThrow("two data keys would be called det; rename that attribute");
  });

  it("reads lists of attributes as its server does", () => {
    const columns = (...tags: string[]) => attributeColumns(`<Attributes>${tags.join("\n")}</Attributes>`, "here");
    expect(columns(`<Attribute name='a"b' type="PARAM" source='X' />`, "<!-- <Attribute -->")).toEqual([
      { name: 'a"b', dtypeNumpy: "<i4", source: undefined },
    ]);
    expect(columns('<Attribute name="a" type="CONST" source="1" datatype="DOUBLE"></Attribute>')).toMatchObject([
      { dtypeNumpy: "<f8" },
    ]);
    expect(attributeColumns("attributes.xml", "here")).toEqual([]);
    const xml = ndAttributesXml([{ name: "<&>", pv: "pva://X", dbrType: "DBR_STRING", description: '"' }]);
    expect(attributeColumns(xml, "here")).toEqual([{ name: "<&>", dtypeNumpy: "|S256", source: "ca://X" }]);
    expect(() => columns('<Attribute name="a" source="X" />')).toThrow("here: nobody can tell before the first frame");
    expect(() => columns('<Attribute name="a" type="FUNCT" source="f" />')).toThrow("whose type is FUNCT");
    expect(() => columns('<Attribute source="X" />')).toThrow("here lists an attribute without a name");
  });

  it("gets its channels from the context that it is given", async () => {
    const ioc = new FakeIoc();
    const opened: string[] = [];
    const channel = (name: string) => {
      opened.push(name);
      return ioc.channel(name);
    };
    const paths = new StaticPathProvider(new StaticFilenameProvider("x"), "/data", { probe: false });
    const det = new SimDetector("SIM:", paths, { name: "det", context: { channel } });
    await expect(det.connect({ timeoutMs: 1 })).rejects.toThrow("acquireTime");
    expect(opened).toContain("SIM:cam1:AcquireTime_RBV");
    expect(opened).toContain("SIM:HDF1:Capture");
  });
});
