import { Device, type DeviceOptions } from "../devices/device.ts";
import { Listeners } from "../devices/listeners.ts";
import type { Hints, Location, Reading } from "../devices/protocols.ts";
import { Status, type StatusContext, type Subscription, status } from "../devices/status.ts";
import type { DataKey } from "../documents/document.ts";
import { type MotionProfile, motionProfile } from "./motion-profile.ts";

/** How often a moving axis tells where it is. */
const UPDATE_MS = 20;

export interface SynAxisOptions extends DeviceOptions {
  /** Where it stands at first; 0 by default. */
  readonly value?: number;
  /** Units a second; infinite by default, so that a move is done at once. */
  readonly velocity?: number;
  /** Units a second, each second, of speeding up and braking; infinite by default. */
  readonly acceleration?: number;
  /** Seconds that a move takes besides its way; 0 by default. */
  readonly delay?: number;
  /** Digits after the point; 3 by default. */
  readonly precision?: number;
  readonly units?: string;
  /** `[low, high]`; none by default. */
  readonly limits?: readonly [number, number];
  /** What it reads where it stands: an encoder that is off, or jitters. The place itself by default. */
  readonly readback?: (position: number) => number;
}

/** An axis in this process. It moves at its velocity, can be stopped on the way, and reads as `name` and `name_setpoint`. */
export class SynAxis extends Device {
  velocity: number;
  acceleration: number;
  delay: number;
  readonly precision: number;
  readonly units: string | undefined;
  readonly limits: readonly [number, number] | undefined;
  readonly #readback: (position: number) => number;
  /** Where it stands, and what it reads there. */
  #place: number;
  #position: number;
  #setpoint: number;
  #changed = Date.now() / 1000;
  #move: { finish: (error?: Error) => void } | undefined;
  readonly #listeners = new Listeners<Record<string, Reading<number>>>("a simulated axis");
  readonly #subscriptions = new Map<object, Subscription>();

  constructor(options: SynAxisOptions = {}) {
    super(options);
    this.velocity = options.velocity ?? Number.POSITIVE_INFINITY;
    this.acceleration = options.acceleration ?? Number.POSITIVE_INFINITY;
    this.delay = options.delay ?? 0;
    this.precision = options.precision ?? 3;
    this.units = options.units;
    this.limits = options.limits;
    this.#readback = options.readback ?? ((position) => position);
    this.#place = options.value ?? 0;
    this.#position = this.#readback(this.#place);
    this.#setpoint = this.#place;
    for (const what of ["velocity", "acceleration"] as const) {
      if (!(this[what] > 0)) throw new RangeError(`${this.name}: the ${what} must be above 0, not ${this[what]}`);
    }
  }

  get position(): number {
    return this.#position;
  }

  get setpoint(): number {
    return this.#setpoint;
  }

  get moving(): boolean {
    return this.#move !== undefined;
  }

  get hints(): Hints {
    return { fields: [this.name] };
  }

  read(): Record<string, Reading<number>> {
    const timestamp = this.#changed;
    return {
      [this.name]: { value: this.#position, timestamp },
      [`${this.name}_setpoint`]: { value: this.#setpoint, timestamp },
    };
  }

  describe(): Record<string, DataKey> {
    const key = (part: string): DataKey => ({
      source: `sim://${this.name}${part}`,
      dtype: "number",
      shape: [],
      dtype_numpy: "<f8",
      precision: this.precision,
      ...(this.units === undefined ? {} : { units: this.units }),
    });
    return { [this.name]: key(""), [`${this.name}_setpoint`]: key("_setpoint") };
  }

  readConfiguration(): Record<string, Reading> {
    if (!Number.isFinite(this.velocity)) return {};
    return { [`${this.name}${this.separator}velocity`]: { value: this.velocity, timestamp: this.#changed } };
  }

  describeConfiguration(): Record<string, DataKey> {
    if (!Number.isFinite(this.velocity)) return {};
    const source = `sim://${this.name}.velocity`;
    return { [`${this.name}${this.separator}velocity`]: { source, dtype: "number", shape: [], dtype_numpy: "<f8" } };
  }

  locate(): Location<number> {
    return { setpoint: this.#setpoint, readback: this.#position };
  }

  checkValue(value: number): void {
    if (!Number.isFinite(value)) throw new RangeError(`${this.name} can't move to ${value}`);
    const [low, high] = this.limits ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    if (value < low || value > high) {
      throw new RangeError(`${this.name} can't move to ${value}: its limits are ${low} and ${high}`);
    }
  }

  set(value: number): Status {
    try {
      this.checkValue(value);
    } catch (error) {
      return Status.failed(error as Error);
    }
    this.#move?.finish(new Error(`${this.name} was redirected to ${value} on its way to ${this.#setpoint}`));
    this.#setpoint = value;
    const profile = motionProfile(Math.abs(value - this.#place), this.velocity, this.acceleration);
    if (this.delay + profile.seconds === 0) {
      this.#arrive(value);
      return Status.finished();
    }
    return status((context) => this.#travel(value, profile, context));
  }

  /** Halts where it is. A pending move fails, or succeeds with `success: true`; false by default. */
  stop(options: { success?: boolean } = {}): void {
    if (this.#move === undefined) return;
    this.#move.finish(options.success === true ? undefined : new Error(`Device ${this.name} was stopped.`));
  }

  subscribe(callback: (readings: Record<string, Reading<number>>) => void): Subscription {
    this.clearSub(callback);
    const subscription = this.#listeners.add(callback);
    this.#subscriptions.set(callback, subscription);
    this.#listeners.callOne(callback, this.read());
    return subscription;
  }

  clearSub(callback: (readings: Record<string, Reading<number>>) => void): void {
    this.#subscriptions.get(callback)?.unsubscribe();
    this.#subscriptions.delete(callback);
  }

  #travel(target: number, profile: MotionProfile, { signal, report }: StatusContext): Promise<void> {
    return new Promise((resolve, reject) => {
      const initial = this.#place;
      const started = performance.now();
      const seconds = this.delay + profile.seconds;
      const advance = (): void => {
        const fraction = Math.min((performance.now() - started) / 1000 / seconds, 1);
        const covered = profile.seconds === 0 ? fraction : profile.covered(fraction * profile.seconds);
        this.#arrive(initial + (target - initial) * covered);
        const shown = { current: this.#position, initial, target, fraction, precision: this.precision };
        report({
          ...shown,
          remaining: seconds * (1 - fraction),
          ...(this.units === undefined ? {} : { unit: this.units }),
        });
      };
      const ticker = setInterval(advance, UPDATE_MS);
      const finish = (error?: Error): void => {
        clearInterval(ticker);
        clearTimeout(arrival);
        signal.removeEventListener("abort", onAbort);
        this.#move = undefined;
        error === undefined ? resolve() : reject(error);
      };
      const arrival = setTimeout(() => {
        this.#arrive(target);
        finish();
      }, seconds * 1000);
      const onAbort = (): void => finish(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      this.#move = {
        finish: (error) => {
          advance();
          finish(error);
        },
      };
    });
  }

  #arrive(place: number): void {
    this.#place = place;
    this.#position = this.#readback(place);
    this.#changed = Date.now() / 1000;
    if (this.#listeners.size > 0) this.#listeners.call(this.read());
  }
}
