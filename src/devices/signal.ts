import type { DataKey } from "../documents/document.ts";
import { AlarmPolicy, type OnInvalid } from "./alarms.ts";
import type { Datatype } from "./datatype.ts";
import { type ConnectOptions, Device, type DeviceOptions } from "./device.ts";
import { SignalUseError } from "./errors.ts";
import { flagValue } from "./flag-value.ts";
import { told } from "./inspect.ts";
import { MockBackend } from "./mock-backend.ts";
import type { DocumentValue } from "./nd-array.ts";
import type { Hints, Location, Reading, RestorePoint } from "./protocols.ts";
import { isDown, ReadingCache } from "./reading-cache.ts";
import type { SignalBackend, SignalConnection, WaitOptions } from "./signal-backend.ts";
import { type Status, type Subscription, status } from "./status.ts";

export interface SignalOptions<T> extends DeviceOptions {
  /** For each read and write that is given none; 10,000 by default. */
  readonly timeoutMs?: number;
  /** Whether `set` waits for the write's full effect, or which values are waited for; true by default. */
  readonly wait?: boolean | ((value: T) => boolean);
  /** What `read` does with an invalid value; `warn` by default. */
  readonly onInvalid?: OnInvalid;
}

export interface SignalReadOptions extends WaitOptions {
  /** `false` asks the control system, `true` takes what the monitor brought last; by default the latter where a monitor runs. */
  readonly cached?: boolean;
}

export interface SignalSetOptions extends WaitOptions {
  readonly wait?: boolean;
}

/** What all signals share: a datatype, a backend, and the change to a stand-in when connected with `mock`. */
export abstract class Signal<T> extends Device {
  readonly timeoutMs: number;
  protected readonly wait: boolean | ((value: T) => boolean);
  readonly #real: SignalBackend<T>;
  #backend: SignalBackend<T>;

  constructor(backend: SignalBackend<T>, options: SignalOptions<T> = {}) {
    super(options);
    this.#real = backend;
    this.#backend = backend;
    this.timeoutMs = options.timeoutMs ?? 10_000;
    this.wait = options.wait ?? true;
  }

  /** The one in use: a stand-in after `connect({ mock: true })`. */
  get backend(): SignalBackend<T> {
    return this.#backend;
  }

  get datatype(): Datatype<T> {
    return this.#backend.datatype;
  }

  get source(): string {
    return this.#backend.source(this.name);
  }

  /**
   * Takes a channel that came back as another one: what was inferred is inferred anew, what was declared has to fit still.
   * Rejects with the mismatch where it does not; the signal then stays refused.
   */
  accept(options: WaitOptions = {}): Promise<void> {
    return this.#backend.connect(this.waitOptions(options));
  }

  onConnection(listener: (state: SignalConnection) => void): Disposable {
    return this.#backend.onConnection(listener);
  }

  protected override connectSelf(options: ConnectOptions): Promise<void> {
    const mocked = this.#backend !== this.#real;
    if (mocked !== (options.mock ?? false)) {
      this.#backend.close();
      this.#backend = mocked ? this.#real : new MockBackend(this.#real);
      this.backendChanged();
    }
    return this.#backend.connect({ timeoutMs: this.timeoutMs, ...options });
  }

  protected override disposeSelf(): void {
    this.backendChanged();
    this.#backend.close();
  }

  protected backendChanged(): void {}

  protected waitOptions(options: WaitOptions): WaitOptions {
    return options.timeoutMs === undefined ? { ...options, timeoutMs: this.timeoutMs } : options;
  }

  override toString(): string {
    return `${super.toString()}${this.shownValue()} (${this.datatype.label}, ${this.source}, ${this.#state()})`;
  }

  /** The last value that is known without asking, for `toString`. */
  protected shownValue(): string {
    return "";
  }

  #state(): string {
    if (!this.connecting) return "not connected";
    return this.#backend.connected === false ? "disconnected" : "connected";
  }

  protected write(value: T, options: SignalSetOptions, written: (value: T) => Promise<void>): Status {
    const backend = this.#backend;
    return status(async ({ signal: cancelled }) => {
      let checked: T;
      try {
        checked = backend.datatype.check(value);
      } catch (error) {
        throw new TypeError(`${backend.target(this.name)}: ${(error as Error).message}`, { cause: error });
      }
      const wait = options.wait ?? (typeof this.wait === "function" ? this.wait(checked) : this.wait);
      const signal = options.signal === undefined ? cancelled : AbortSignal.any([options.signal, cancelled]);
      await backend.put(checked, { timeoutMs: options.timeoutMs ?? this.timeoutMs, wait, signal });
      if (wait) await written(checked);
    });
  }
}

/** A signal that can be read and monitored. Its readings have the signal's name as their only key. */
export class SignalR<T> extends Signal<T> {
  #cache: ReadingCache<T> | undefined;
  #staged: Subscription | undefined;
  readonly #alarms: AlarmPolicy;
  #subscriptions: Map<object, Subscription> | undefined;

  constructor(backend: SignalBackend<T>, options: SignalOptions<T> = {}) {
    super(backend, options);
    this.#alarms = new AlarmPolicy(options.onInvalid ?? "warn");
  }

  /** The last update of the monitor, without any input or output; undefined when none runs or none has come. */
  get latest(): Reading<T> | undefined {
    return this.#cache?.latest;
  }

  protected override shownValue(): string {
    return this.latest === undefined ? "" : `: ${told(this.latest)}`;
  }

  get hints(): Hints {
    return { fields: [this.name] };
  }

  async get(options: SignalReadOptions = {}): Promise<T> {
    return (this.#cached(options) ?? (await this.backend.getReading(this.waitOptions(options)))).value;
  }

  /** The value with its time stamp and alarm, as it came: no alarm policy is applied. */
  async getReading(options: SignalReadOptions = {}): Promise<Reading<T>> {
    return this.#cached(options) ?? (await this.backend.getReading(this.waitOptions(options)));
  }

  /** The reading as documents have it: a frame is its rows there. */
  async read(options: SignalReadOptions = {}): Promise<Record<string, Reading<DocumentValue<T>>>> {
    const reading = this.#forDocument(await this.getReading(options));
    this.#alarms.apply(this.source, reading);
    const readings: Record<string, Reading<any>> = { [this.name]: reading };
    if (this.#alarms.records) {
      readings[this.#severityKey] = { value: reading.alarmSeverity ?? 0, timestamp: reading.timestamp };
    }
    return readings;
  }

  async describe(options: WaitOptions = {}): Promise<Record<string, DataKey>> {
    const { source } = this;
    const key: DataKey = { source, ...(await this.backend.getDataKey(this.waitOptions(options))) };
    if (!this.#alarms.records) return { [this.name]: key };
    const severity: DataKey = { source, dtype: "integer", shape: [], dtype_numpy: "<i8" };
    return { [this.name]: key, [this.#severityKey]: severity };
  }

  /** Calls back with `{ [name]: reading }`: at once when a reading is known, then with each update, in order. */
  subscribe(callback: (readings: Record<string, Reading<DocumentValue<T>>>) => void): Subscription {
    return this.#remember(callback, (reading) => callback({ [this.name]: this.#forDocument(reading) }));
  }

  /** As `subscribe`, with the bare reading, whose value is as `get` has it. */
  subscribeReading(callback: (reading: Reading<T>) => void): Subscription {
    return this.#remember(callback, callback);
  }

  /** Ends what `subscribe` or `subscribeReading` began with this callback; a callback that it does not know is no error. */
  clearSub(callback: (readings: any) => void): void {
    this.#subscriptions?.get(callback)?.unsubscribe();
  }

  /** Monitors the signal until `unstage`, so that reads take the last update. */
  async stage(): Promise<void> {
    this.#staged ??= this.#monitor().hold();
  }

  async unstage(): Promise<void> {
    this.#staged?.unsubscribe();
    this.#staged = undefined;
  }

  protected override backendChanged(): void {
    for (const subscription of this.#subscriptions?.values() ?? []) subscription.unsubscribe();
    this.#staged?.unsubscribe();
    this.#staged = undefined;
    this.#cache = undefined;
  }

  /** After an awaited write: makes sure that a cached read is not older than it. */
  protected async settle(isWritten: (reading: Reading<T>) => boolean): Promise<void> {
    const cache = this.#cache;
    if (cache?.active !== true) return;
    if (cache.latest !== undefined && isWritten(cache.latest)) return;
    cache.refresh(await this.backend.getReading({ timeoutMs: this.timeoutMs }));
  }

  protected get monitorUpdates(): number {
    return this.#cache?.updates ?? 0;
  }

  get #severityKey(): string {
    return `${this.name}${this.separator}severity`;
  }

  #forDocument(reading: Reading<T>): Reading<DocumentValue<T>> {
    const { toDocument } = this.datatype;
    const value = toDocument === undefined ? reading.value : toDocument(reading.value);
    return (value === reading.value ? reading : { ...reading, value }) as Reading<DocumentValue<T>>;
  }

  #monitor(): ReadingCache<T> {
    this.#cache ??= new ReadingCache(this.backend, this.source);
    return this.#cache;
  }

  #cached({ cached }: SignalReadOptions): Reading<T> | undefined {
    if (cached === false) return undefined;
    const cache = this.#cache;
    if (cached === true && cache?.active !== true) throw new SignalUseError(`${this.source} is not being monitored`);
    const latest = cache?.latest;
    // Without an explicit choice a source that is away is asked again, so that the caller hears of it.
    return cached !== true && latest !== undefined && isDown(latest) ? undefined : latest;
  }

  #remember(key: object, listener: (reading: Reading<T>) => void): Subscription {
    this.#subscriptions ??= new Map();
    const subscriptions = this.#subscriptions;
    subscriptions.get(key)?.unsubscribe();
    const inner = this.#monitor().subscribe(listener);
    const unsubscribe = (): void => {
      inner.unsubscribe();
      if (subscriptions.get(key) === subscription) subscriptions.delete(key);
    };
    const subscription: Subscription = { unsubscribe, [Symbol.dispose]: unsubscribe };
    subscriptions.set(key, subscription);
    return subscription;
  }
}

/** A signal that can be read and set. An awaited `set` is seen by every later read, cached ones included. */
export class SignalRW<T> extends SignalR<T> {
  set(value: T, options: SignalSetOptions = {}): Status {
    const before = this.monitorUpdates;
    return this.write(value, options, (written) =>
      this.settle((latest) => this.monitorUpdates > before && this.datatype.equals(latest.value, written)),
    );
  }

  async locate(options: WaitOptions = {}): Promise<Location<T>> {
    const wait = this.waitOptions(options);
    const [setpoint, { value: readback }] = await Promise.all([
      this.backend.getSetpoint(wait),
      this.backend.getReading(wait),
    ]);
    return { setpoint, readback };
  }

  /** What it is set to now, for putting it back after a crash. */
  async recoverable(options: WaitOptions = {}): Promise<readonly RestorePoint[]> {
    const { backend } = this;
    const wait = this.waitOptions(options);
    if (backend.recoverable !== undefined) return backend.recoverable(wait);
    return [{ pv: backend.target(this.name), value: await backend.getSetpoint(wait) }];
  }
}

/** A signal that can only be set. */
export class SignalW<T> extends Signal<T> {
  set(value: T, options: SignalSetOptions = {}): Status {
    return this.write(value, options, () => Promise.resolve());
  }
}

/** A signal that starts something when one value is written: `trigger` writes it and waits for what it started. */
export class SignalX<T = any> extends Signal<T> {
  readonly #value: T | undefined;

  constructor(backend: SignalBackend<T>, options: SignalOptions<T> & { readonly value?: T } = {}) {
    super(backend, options);
    this.#value = options.value;
  }

  /** Writes the signal's value: the one it was made with, else 1, true, or the second label of an enum. */
  trigger(options: SignalSetOptions = {}): Status {
    return this.write(this.#value ?? (flagValue(this.datatype, true) as T), options, () => Promise.resolve());
  }
}
