import { Device, type DeviceOptions } from "../devices/device.ts";
import type { PartialEventPage } from "../devices/protocols.ts";
import { type Status, status } from "../devices/status.ts";
import type { DataKey } from "../documents/document.ts";

export interface SynFlyerOptions extends DeviceOptions {
  readonly numPoints: number;
  /** Seconds a point; 0.001 by default. */
  readonly dwell?: number;
  /** The value of each data key at the point with this index. */
  readonly columns: Readonly<Record<string, (index: number) => number>>;
  /** The stream that its page goes to; its name by default. */
  readonly streamName?: string;
}

/** A flyer in this process: it takes points times dwell seconds and gives one page, whose rows have their own times. */
export class SynFlyer extends Device {
  readonly #options: SynFlyerOptions;
  #run: { started: number; status: Status } | undefined;

  constructor(options: SynFlyerOptions) {
    super(options);
    this.#options = options;
  }

  get numPoints(): number {
    return this.#options.numPoints;
  }

  /** Seconds a point. */
  get dwell(): number {
    return this.#options.dwell ?? 0.001;
  }

  kickoff(): Status {
    if (this.#run?.status.done === false) throw new Error(`${this.name} is flying already; complete it first`);
    const { numPoints, dwell } = this;
    const flight = status(
      ({ signal }) =>
        new Promise<void>((resolve, reject) => {
          const timer = setTimeout(resolve, numPoints * dwell * 1000);
          signal.addEventListener("abort", () => {
            clearTimeout(timer);
            reject(signal.reason);
          });
        }),
    );
    this.#run = { started: Date.now() / 1000, status: flight };
    return status(async () => {});
  }

  complete(): Status {
    if (this.#run === undefined) throw new Error(`${this.name}: kickoff() must be called before complete()`);
    return this.#run.status;
  }

  stop(): void {
    this.#run?.status.cancel(new Error(`Device ${this.name} was stopped.`));
  }

  describeCollect(): Record<string, Record<string, DataKey>> {
    const keys: Record<string, DataKey> = {};
    for (const key of Object.keys(this.#options.columns)) {
      keys[key] = { source: `sim://${this.name}/${key}`, dtype: "number", shape: [], dtype_numpy: "<f8" };
    }
    return { [this.#options.streamName ?? this.name]: keys };
  }

  *collectPages(): Generator<PartialEventPage, void> {
    const run = this.#run;
    if (run === undefined) throw new Error(`${this.name}: kickoff() must be called before collectPages()`);
    const { numPoints, dwell } = this;
    const { columns } = this.#options;
    const time = Float64Array.from({ length: numPoints }, (_, i) => run.started + (i + 1) * dwell);
    const data: Record<string, Float64Array> = {};
    const timestamps: Record<string, Float64Array> = {};
    for (const [key, value] of Object.entries(columns)) {
      data[key] = Float64Array.from({ length: numPoints }, (_, i) => value(i));
      timestamps[key] = time;
    }
    this.#run = undefined;
    yield { data, timestamps, time };
  }
}
