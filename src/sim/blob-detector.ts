import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { t } from "../devices/datatypes.ts";
import type { AcquireLogic, DataLogic, Exposures, StreamProvider, TriggerLogic } from "../devices/detector/logics.ts";
import type { PathProvider } from "../devices/detector/paths.ts";
import { StreamResourceDataProvider } from "../devices/detector/providers.ts";
import { probeReaderSide } from "../devices/detector/reader-side.ts";
import { StandardDetector } from "../devices/detector/standard-detector.ts";
import type { DeviceOptions } from "../devices/device.ts";
import type { SignalR } from "../devices/signal.ts";
import { softSignalRAndSetter } from "../devices/soft-signal.ts";
import { HdfWriter } from "./hdf-writer.ts";
import { interestingPattern, type PatternPlace } from "./pattern.ts";

export interface BlobDetectorOptions extends DeviceOptions {
  /** Pixels; 320 by default. */
  readonly width?: number;
  /** Pixels; 240 by default. */
  readonly height?: number;
}

const DATA = "/entry/data/data";
const SUM = "/entry/sum";

/** Exposes one frame after the other and hands each to the file that is open. */
class BlobDriver implements TriggerLogic, AcquireLogic, DataLogic {
  readonly written: SignalR<number>;
  readonly #setWritten: (value: number) => void;
  readonly #paths: PathProvider;
  readonly #frame: () => Uint8Array;
  readonly #shape: readonly [number, number];
  #exposures: Exposures = { num: 1, livetime: undefined, deadtime: 0 };
  #count = 0;
  #file: HdfWriter | undefined;
  #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(paths: PathProvider, shape: readonly [number, number], frame: () => Uint8Array) {
    this.#paths = paths;
    this.#shape = shape;
    this.#frame = frame;
    [this.written, this.#setWritten] = softSignalRAndSetter(t.int, 0);
  }

  async prepareInternal(exposures: Exposures): Promise<void> {
    this.#exposures = { ...exposures, livetime: exposures.livetime ?? this.#exposures.livetime };
  }

  async start(): Promise<void> {
    this.#abort = new AbortController();
    this.#running = this.#expose(this.#abort.signal);
    this.#running.catch(() => {});
  }

  waitIdle(): Promise<void> {
    return this.#running;
  }

  async ensureStopped(): Promise<void> {
    this.#abort.abort();
    await this.#running.catch(() => {});
  }

  hinted(dataKey: string): readonly string[] {
    return [`${dataKey}-sum`];
  }

  async prepareStream(dataKey: string, collectionsPerEvent: number): Promise<StreamProvider> {
    const paths = this.#paths.path(dataKey);
    const { directoryPath, filename, directoryUri } = paths;
    const shape = this.#shape;
    await mkdir(directoryPath, { recursive: true });
    await probeReaderSide(paths, dataKey);
    const path = join(directoryPath, `${filename}.h5`);
    const file = await HdfWriter.create(path, { [DATA]: { shape, dtype: "<B" }, [SUM]: { shape: [], dtype: "<d" } });
    this.#file = file;
    this.#count = 0;
    this.#setWritten(0);
    const source = `sim://${dataKey}`;
    return new StreamResourceDataProvider({
      uri: `${directoryUri}${encodeURIComponent(filename)}.h5`,
      mimetype: "application/x-hdf5",
      collectionsPerEvent,
      counter: this.written,
      flush: async () => file.flush(),
      datasets: [
        { dataKey, source, shape, dtypeNumpy: "|u1", parameters: { dataset: DATA, chunk_shape: [1, ...shape] } },
        {
          dataKey: `${dataKey}-sum`,
          source,
          shape: [],
          dtypeNumpy: "<f8",
          parameters: { dataset: SUM, chunk_shape: [1] },
        },
      ],
    });
  }

  async stop(): Promise<void> {
    this.#file?.close();
    this.#file = undefined;
  }

  async #expose(signal: AbortSignal): Promise<void> {
    const { num, livetime = 0.01, deadtime } = this.#exposures;
    for (let frame = 0; num === 0 || frame < num; frame++) {
      await new Promise((resolve) => setTimeout(resolve, (livetime + deadtime) * 1000));
      if (signal.aborted) return;
      const data = this.#frame();
      const sum = data.reduce((total, value) => total + value, 0);
      this.#file?.append({ [DATA]: data, [SUM]: Float64Array.of(sum) });
      this.#setWritten(++this.#count);
    }
  }
}

/** A camera that looks at a blob whose brightness is a pattern in two positions. It writes HDF5 files and emits their stream documents. */
export class BlobDetector extends StandardDetector {
  constructor(paths: PathProvider, place: PatternPlace, options: BlobDetectorOptions = {}) {
    const { width = 320, height = 240 } = options;
    const blob = gaussian(width, height);
    const driver = new BlobDriver(paths, [height, width], () => {
      const brightness = interestingPattern(place.x(), place.y());
      return Uint8Array.from(blob, (value) => Math.round(255 * brightness * value));
    });
    super({ acquire: driver, trigger: driver, data: [driver] }, options);
    this.add("written", driver.written);
  }
}

/** A blob in the middle, 1 at its top. */
function gaussian(width: number, height: number): Float64Array {
  const blob = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [(4 * (x - width / 2)) / width, (4 * (y - height / 2)) / height];
      blob[y * width + x] = Math.exp(-(dx ** 2) - dy ** 2);
    }
  }
  return blob;
}
