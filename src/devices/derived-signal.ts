import type { Datatype } from "./datatype.ts";
import { Listeners } from "./listeners.ts";
import type { Reading, RestorePoint } from "./protocols.ts";
import { isDown } from "./reading-cache.ts";
import { restorePointsOf } from "./restore-points.ts";
import { type SignalOptions, SignalR, SignalRW, SignalW } from "./signal.ts";
import type {
  BackendPutOptions,
  SignalBackend,
  SignalConnection,
  SignalDataKey,
  WaitOptions,
} from "./signal-backend.ts";
import { isStatus, type Subscription } from "./status.ts";

/** The signals that a derived one is made of, by the names that its functions know them by. */
export type RawSignals = Readonly<Record<string, SignalR<any>>>;

export type RawValues<R extends RawSignals> = { readonly [K in keyof R]: R[K] extends SignalR<infer T> ? T : never };

export interface DerivedOptions<T> extends SignalOptions<T> {
  readonly units?: string;
  readonly precision?: number;
}

/** A value that is computed from other signals' values, and set by a function. Its time and alarm are the worst of theirs. */
class DerivedBackend<T, R extends RawSignals> implements SignalBackend<T> {
  readonly datatype: Datatype<T>;
  readonly #raw: R;
  readonly #derive: ((values: RawValues<R>) => T) | undefined;
  readonly #set: ((value: T) => unknown) | undefined;
  readonly #options: DerivedOptions<T>;
  readonly #connections = new Listeners<SignalConnection>("a derived signal's connection");
  readonly #latest = new Map<string, Reading<any>>();
  #watching: Subscription[] = [];

  constructor(
    datatype: Datatype<T>,
    raw: R,
    derive: ((values: RawValues<R>) => T) | undefined,
    set: ((value: T) => unknown) | undefined,
    options: DerivedOptions<T>,
  ) {
    this.datatype = datatype;
    this.#raw = raw;
    this.#derive = derive;
    this.#set = set;
    this.#options = options;
  }

  source(name: string): string {
    return `derived://${name}`;
  }

  target(name: string): string {
    return this.source(name);
  }

  /** Those that it is made of belong to somebody else, who may have mocked them: only new ones are connected here. */
  async connect(options: WaitOptions): Promise<void> {
    await Promise.all(Object.values(this.#raw).map((signal) => signal.connectIfNew(options)));
  }

  /** Waits for what the function answers with: a promise, or a status. */
  async put(value: T, { wait = true }: BackendPutOptions): Promise<void> {
    const answer = this.#set?.(value);
    if (!wait) return;
    if (isStatus(answer)) await answer.wait();
    else await answer;
  }

  async getDataKey(): Promise<SignalDataKey> {
    const { units, precision } = this.#options;
    const { value } = await this.getReading({});
    return {
      ...this.datatype.describe(value),
      ...(units === undefined ? {} : { units }),
      ...(precision === undefined ? {} : { precision }),
    };
  }

  async getReading(options: WaitOptions): Promise<Reading<T>> {
    const readings = Object.entries(this.#raw).map(
      async ([key, signal]) => [key, await signal.getReading({ ...options, cached: false })] as const,
    );
    return this.#combine(new Map(await Promise.all(readings)));
  }

  async getSetpoint(options: WaitOptions): Promise<T> {
    return (await this.getReading(options)).value;
  }

  recoverable(): Promise<readonly RestorePoint[]> {
    return restorePointsOf(Object.values(this.#raw));
  }

  setListener(listener: ((reading: Reading<T>) => void) | undefined): void {
    for (const subscription of this.#watching.splice(0)) subscription.unsubscribe();
    this.#latest.clear();
    if (listener === undefined) return;
    for (const [key, signal] of Object.entries(this.#raw)) {
      const update = (reading: Reading<any>): void => {
        this.#latest.set(key, reading);
        if (this.#latest.size === Object.keys(this.#raw).length) listener(this.#combine(this.#latest));
      };
      this.#watching.push(signal.subscribeReading(update));
    }
  }

  onConnection(listener: (state: SignalConnection) => void): Disposable {
    return this.#connections.add(listener);
  }

  close(): void {
    this.setListener(undefined);
  }

  #combine(readings: ReadonlyMap<string, Reading<any>>): Reading<T> {
    const values: Record<string, unknown> = {};
    let timestamp = 0;
    let alarmSeverity = 0;
    for (const [key, reading] of readings) {
      values[key] = reading.value;
      timestamp = Math.max(timestamp, reading.timestamp);
      if (isDown(reading) || alarmSeverity < 0) alarmSeverity = -1;
      else alarmSeverity = Math.max(alarmSeverity, reading.alarmSeverity ?? 0);
    }
    const value = this.#derive?.(values as RawValues<R>) ?? this.datatype.initial;
    return { value: this.datatype.check(value), timestamp, alarmSeverity };
  }
}

/** A signal whose value is computed from others': `derivedSignalR(t.float, { theta, d }, ({ theta, d }) => ...)`. */
export function derivedSignalR<T, const R extends RawSignals>(
  datatype: Datatype<T>,
  raw: R,
  derive: (values: RawValues<R>) => T,
  options: DerivedOptions<T> = {},
): SignalR<T> {
  return new SignalR(new DerivedBackend(datatype, raw, derive, undefined, options), options);
}

/** As `derivedSignalR`, and `set` is what sets it: done when the promise or status that it answers with is. */
export function derivedSignalRW<T, const R extends RawSignals>(
  datatype: Datatype<T>,
  raw: R,
  derive: (values: RawValues<R>) => T,
  set: (value: T) => unknown,
  options: DerivedOptions<T> = {},
): SignalRW<T> {
  return new SignalRW(new DerivedBackend(datatype, raw, derive, set, options), options);
}

/** A signal that is only set, by a function. */
export function derivedSignalW<T>(
  datatype: Datatype<T>,
  set: (value: T) => unknown,
  options: DerivedOptions<T> = {},
): SignalW<T> {
  return new SignalW(new DerivedBackend(datatype, {}, undefined, set, options), options);
}
