import { t } from "../devices/datatypes.ts";
import type { DeviceOptions } from "../devices/device.ts";
import { DeviceMap } from "../devices/device-map.ts";
import type { SignalR } from "../devices/signal.ts";
import { softSignalRAndSetter } from "../devices/soft-signal.ts";
import { StandardReadable } from "../devices/standard-readable.ts";
import { type Status, status } from "../devices/status.ts";

/** Where a simulated beam is looked at. */
export interface PatternPlace {
  readonly x: () => number;
  readonly y: () => number;
}

/** A pattern with something to see from -10 to 10 on both axes, between 0 and 1; each channel has its own. */
export function interestingPattern(x: number, y: number, channel = 1): number {
  const wave = Math.sin(x) ** channel + Math.cos(x * y + 10);
  return (wave + 2) / 4;
}

export interface PatternDetectorOptions extends DeviceOptions {
  /** 1 by default. */
  readonly channels?: number;
  /** Seconds that a trigger takes; 0 by default. */
  readonly exposureTime?: number;
  /** Counts at the pattern's highest point; 10,000 by default. */
  readonly counts?: number;
}

/** A point detector of several channels over a pattern in two positions. */
export class PatternDetector extends StandardReadable {
  readonly channels: DeviceMap<number, SignalR<number>>;
  readonly #place: PatternPlace;
  readonly #options: PatternDetectorOptions;
  readonly #put: readonly ((value: number) => void)[];

  constructor(place: PatternPlace, options: PatternDetectorOptions = {}) {
    super(options);
    this.#place = place;
    this.#options = options;
    const made = Array.from({ length: options.channels ?? 1 }, () => softSignalRAndSetter(t.int, 0));
    this.#put = made.map(([, put]) => put);
    this.channels = this.add("channels", new DeviceMap(made.map(([signal], i) => [i + 1, signal] as const)));
    for (const [signal] of made) this.include(signal, "hinted");
  }

  trigger(): Status {
    return status(async ({ signal }) => {
      const { exposureTime = 0, counts = 10_000 } = this.#options;
      if (exposureTime > 0) await new Promise((resolve) => setTimeout(resolve, exposureTime * 1000));
      signal.throwIfAborted();
      const [x, y] = [this.#place.x(), this.#place.y()];
      for (const [i, put] of this.#put.entries()) put(Math.round(counts * interestingPattern(x, y, i + 1)));
    });
  }
}
