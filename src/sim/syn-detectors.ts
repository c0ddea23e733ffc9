import { t } from "../devices/datatypes.ts";
import type { DeviceOptions } from "../devices/device.ts";
import type { NdArray } from "../devices/nd-array.ts";
import type { SignalR, SignalRW } from "../devices/signal.ts";
import { sleep } from "../devices/sleep.ts";
import { softSignalRAndSetter, softSignalRW } from "../devices/soft-signal.ts";
import { StandardReadable } from "../devices/standard-readable.ts";
import { type Status, status } from "../devices/status.ts";
import { seededRandom } from "./random.ts";

export interface CountingDetectorOptions extends DeviceOptions {
  /** Seconds that a trigger takes at first; 1 by default. */
  readonly countTime?: number;
  /** Counts a second; 1,000 by default. */
  readonly rate?: number;
}

/** A detector that counts for as long as its signal `countTime` says, which is in its configuration. */
export class CountingDetector extends StandardReadable {
  readonly counts: SignalR<number>;
  /** Seconds. */
  readonly countTime: SignalRW<number>;
  readonly #rate: number;
  readonly #put: (value: number) => void;

  constructor(options: CountingDetectorOptions = {}) {
    super(options);
    this.#rate = options.rate ?? 1000;
    const [counts, put] = softSignalRAndSetter(t.float, 0, { units: "counts" });
    this.#put = put;
    this.counts = this.addReadable("counts", counts, "hinted");
    const countTime = softSignalRW(t.float, options.countTime ?? 1, { units: "s" });
    this.countTime = this.addReadable("countTime", countTime, "config");
  }

  trigger(): Status {
    return status(async ({ signal }) => {
      const seconds = await this.countTime.get();
      await sleep(seconds * 1000, signal);
      this.#put(this.#rate * seconds);
    });
  }
}

export interface ImageDetectorOptions extends DeviceOptions {
  /** 10 by default. */
  readonly width?: number;
  /** 10 by default. */
  readonly height?: number;
  /** The value of a pixel; 1 by default. */
  readonly pixel?: (row: number, column: number) => number;
}

/** A camera whose image goes into the event itself, row by row: for small ones. */
export class ImageDetector extends StandardReadable {
  readonly image: SignalR<NdArray>;
  readonly #take: () => void;

  constructor(options: ImageDetectorOptions = {}) {
    super(options);
    const { width = 10, height = 10, pixel = () => 1 } = options;
    let frames = 0;
    const frame = (value: (row: number, column: number) => number): NdArray => ({
      data: Float64Array.from({ length: width * height }, (_, i) => value(Math.floor(i / width), i % width)),
      shape: [height, width],
      dtype: "<f8",
      uniqueId: frames++,
      dataTimestamp: Date.now() / 1000,
      codec: "",
      dimensions: [height, width].map((size) => ({ size, offset: 0, fullSize: size, binning: 1, reverse: false })),
      attributes: {},
    });
    const [image, put] = softSignalRAndSetter(
      t.ndarray,
      frame(() => 0),
    );
    this.image = this.addReadable("image", image, "hinted");
    this.#take = () => put(frame(pixel));
  }

  trigger(): Status {
    return status(async () => this.#take());
  }
}

/** Two channels, `a` and `b`, each a new random number from 0 to 1 at each trigger. */
export class TwoChannelDetector extends StandardReadable {
  readonly a: SignalR<number>;
  readonly b: SignalR<number>;
  readonly #take: () => void;

  constructor(options: DeviceOptions & { readonly seed?: number } = {}) {
    super(options);
    const random = seededRandom(options.seed ?? 1);
    const [a, putA] = softSignalRAndSetter(t.float, 0);
    const [b, putB] = softSignalRAndSetter(t.float, 0);
    this.a = this.addReadable("a", a, "hinted");
    this.b = this.addReadable("b", b, "normal");
    this.#take = () => {
      putA(random());
      putB(random());
    };
  }

  trigger(): Status {
    return status(async () => this.#take());
  }
}
