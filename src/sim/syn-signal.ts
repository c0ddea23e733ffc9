import { Device, type DeviceOptions } from "../devices/device.ts";
import type { Hints, MaybePromise, Reading } from "../devices/protocols.ts";
import { sleep } from "../devices/sleep.ts";
import { Status, status } from "../devices/status.ts";
import type { DataKey } from "../documents/document.ts";

export interface SynSignalOptions extends DeviceOptions {
  /** Seconds that a trigger takes; 0 by default. */
  readonly exposureTime?: number;
  readonly precision?: number;
}

/** A detector whose value is computed when it is triggered; it reads 0 before the first trigger. */
export class SynSignal extends Device {
  exposureTime: number;
  readonly precision: number;
  readonly #compute: () => MaybePromise<number>;
  #reading: Reading<number> = { value: 0, timestamp: Date.now() / 1000 };

  constructor(compute: () => MaybePromise<number>, options: SynSignalOptions = {}) {
    super(options);
    this.#compute = compute;
    this.exposureTime = options.exposureTime ?? 0;
    this.precision = options.precision ?? 3;
  }

  get hints(): Hints {
    return { fields: [this.name] };
  }

  trigger(): Status {
    const value = this.exposureTime > 0 ? undefined : this.#compute();
    if (typeof value === "number") {
      this.#put(value);
      return Status.finished();
    }
    return status(async ({ signal }) => {
      if (this.exposureTime > 0) await sleep(this.exposureTime * 1000, signal);
      this.#put(await (value ?? this.#compute()));
    });
  }

  read(): Record<string, Reading<number>> {
    return { [this.name]: this.#reading };
  }

  describe(): Record<string, DataKey> {
    const source = `sim://${this.name}`;
    return { [this.name]: { source, dtype: "number", shape: [], dtype_numpy: "<f8", precision: this.precision } };
  }

  #put(value: number): void {
    this.#reading = { value, timestamp: Date.now() / 1000 };
  }
}
