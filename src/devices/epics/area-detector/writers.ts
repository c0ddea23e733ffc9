import type { DataLogic, StreamProvider } from "../../detector/logics.ts";
import type { PathProvider } from "../../detector/paths.ts";
import { type StreamDataset, StreamResourceDataProvider } from "../../detector/providers.ts";
import type { SignalR } from "../../signal.ts";
import { attributeColumns } from "./attributes.ts";
import type { AdCam } from "./cam.ts";
import { lossesOf, setUpFile, startCapture, stopCapture, verifyFile } from "./file-set-up.ts";
import { frameShape } from "./frame.ts";
import type { NdFile, NdFileHdf5 } from "./plugins.ts";
import { checkPorts, type PortUser } from "./ports.ts";

export interface WriterOptions {
  /** Plugins between the driver and the file plugin, which leave the frames' shape as it is; none by default. */
  readonly through?: readonly PortUser[];
}

export interface HdfWriterOptions extends WriterOptions {
  /**
   * `NDAttributesFile` of the driver, and of plugins that add attributes, too: what they list by XML becomes a data key each, under the attribute's
   * own name. None by default.
   */
  readonly attributes?: readonly SignalR<string>[];
}

/** How many values of an attribute ADCore writes into a chunk. */
const ATTRIBUTE_CHUNK = 16_384;

/**
 * Frames into one HDF5 file, at `/entry/data/data`, and their attributes below `/entry/instrument/NDAttributes`. The file appears with the first
 * frame, so that the plugin needs no priming.
 */
export class HdfDataLogic implements DataLogic {
  readonly suffix = "";
  readonly #cam: AdCam;
  readonly #plugin: NdFileHdf5;
  readonly #paths: PathProvider;
  readonly #through: readonly PortUser[];
  readonly #attributes: readonly SignalR<string>[];

  constructor(cam: AdCam, plugin: NdFileHdf5, paths: PathProvider, options: HdfWriterOptions = {}) {
    this.#cam = cam;
    this.#plugin = plugin;
    this.#paths = paths;
    this.#through = options.through ?? [];
    this.#attributes = options.attributes ?? [];
  }

  hinted(dataKey: string): readonly string[] {
    return [dataKey];
  }

  async prepareStream(dataKey: string, collectionsPerEvent: number): Promise<StreamProvider> {
    const plugin = this.#plugin;
    await checkPorts(this.#cam, plugin, this.#through);
    const path = this.#paths.path(dataKey);
    const { shape, dtypeNumpy } = await frameShape(this.#cam);
    const attributes = await this.#attributeSets(dataKey);
    await setUpFile(plugin, path, "%s%s.h5");
    await Promise.all([
      plugin.chunkSizeAuto.set(true).wait(),
      plugin.numExtraDims.set(0).wait(),
      plugin.lazyOpen.set(true).wait(),
      plugin.swmrMode.set(true).wait(),
      plugin.xmlFileName.set("").wait(),
    ]);
    const framesPerChunk = await this.#framesPerChunk();
    await startCapture(plugin);
    return new StreamResourceDataProvider({
      uri: `${path.directoryUri}${encodeURIComponent(path.filename)}.h5`,
      mimetype: "application/x-hdf5",
      collectionsPerEvent,
      counter: plugin.numCaptured,
      flush: () => plugin.flushNow.set(true).wait(),
      losses: lossesOf(plugin),
      verify: (announced) => verifyFile(plugin, announced),
      datasets: [
        {
          dataKey,
          source: plugin.fullFileName.source,
          shape,
          dtypeNumpy,
          parameters: { dataset: "/entry/data/data", chunk_shape: [framesPerChunk, ...shape] },
        },
        ...attributes,
      ],
    });
  }

  /** What the plugin is set to. A server that has just been started says 0. */
  async #framesPerChunk(): Promise<number> {
    const { numFramesChunks } = this.#plugin;
    const frames = await numFramesChunks.get({ cached: false });
    if (frames > 0) return frames;
    await numFramesChunks.set(1).wait();
    return 1;
  }

  async #attributeSets(dataKey: string): Promise<StreamDataset[]> {
    const { source: file } = this.#plugin.fullFileName;
    const lists = await Promise.all(
      this.#attributes.map(async (signal) => attributeColumns(await signal.get({ cached: false }), signal.source)),
    );
    const taken = new Set([dataKey]);
    return lists.flat().map(({ name, dtypeNumpy, source = file }) => {
      if (taken.has(name))
        throw new Error(`${this.#plugin.name}: two data keys would be called ${name}; rename that attribute`);
      taken.add(name);
      const parameters = { dataset: `/entry/instrument/NDAttributes/${name}`, chunk_shape: [ATTRIBUTE_CHUNK] };
      return { dataKey: name, source, shape: [], dtypeNumpy, parameters };
    });
  }

  async stop(): Promise<void> {
    await stopCapture(this.#plugin);
  }
}

const IMAGES = {
  tiff: { template: "%s%s_%6.6d.tiff", extension: "tiff", mimetype: "multipart/related;type=image/tiff" },
  jpeg: { template: "%s%s_%6.6d.jpg", extension: "jpg", mimetype: "multipart/related;type=image/jpeg" },
} as const;

/** Frames into one image file each. */
export class ImageDataLogic implements DataLogic {
  readonly suffix = "";
  readonly #cam: AdCam;
  readonly #plugin: NdFile;
  readonly #paths: PathProvider;
  readonly #format: keyof typeof IMAGES;
  readonly #through: readonly PortUser[];

  constructor(
    cam: AdCam,
    plugin: NdFile,
    paths: PathProvider,
    format: keyof typeof IMAGES,
    { through = [] }: WriterOptions = {},
  ) {
    this.#cam = cam;
    this.#plugin = plugin;
    this.#paths = paths;
    this.#format = format;
    this.#through = through;
  }

  hinted(dataKey: string): readonly string[] {
    return [dataKey];
  }

  async prepareStream(dataKey: string, collectionsPerEvent: number): Promise<StreamProvider> {
    const plugin = this.#plugin;
    const { template, extension, mimetype } = IMAGES[this.#format];
    await checkPorts(this.#cam, plugin, this.#through);
    const path = this.#paths.path(dataKey);
    const { shape, dtypeNumpy } = await frameShape(this.#cam);
    await setUpFile(plugin, path, template);
    await startCapture(plugin);
    const parameters = { template: `${path.filename}_{:06d}.${extension}`, chunk_shape: [1, ...shape] };
    return new StreamResourceDataProvider({
      uri: path.directoryUri,
      mimetype,
      collectionsPerEvent,
      counter: plugin.numCaptured,
      losses: lossesOf(plugin),
      verify: (announced) => verifyFile(plugin, announced),
      datasets: [{ dataKey, source: plugin.fullFileName.source, shape, dtypeNumpy, parameters }],
    });
  }

  async stop(): Promise<void> {
    await stopCapture(this.#plugin);
  }
}
