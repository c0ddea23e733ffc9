import { after } from "../timer.ts";
import type { Datatype } from "./datatype.ts";
import { asError, SignalUseError, WaitTimeoutError } from "./errors.ts";
import { Listeners } from "./listeners.ts";
import type { MaybePromise, Reading } from "./protocols.ts";
import type { BackendPutOptions, SignalBackend, SignalConnection, SignalDataKey } from "./signal-backend.ts";

export interface MockCall<T> {
  readonly value: T;
  readonly wait: boolean;
}

/** Stands for another backend, in memory: `connect({ mock: true })` puts it in place, and tests steer it. */
export class MockBackend<T> implements SignalBackend<T> {
  readonly #real: SignalBackend<T>;
  #reading: Reading<T>;
  #setpoint: T;
  #dataKey: Partial<SignalDataKey> = {};
  #listener: ((reading: Reading<T>) => void) | undefined;
  #gate: { promise: Promise<void>; open: () => void } | undefined;
  connected = true;
  readonly #connections = new Listeners<SignalConnection>("a mock signal's connection");
  /** Every put, in order. */
  readonly calls: MockCall<T>[] = [];
  /** Called with each put; what it returns becomes the readback instead of the value. */
  onPut: ((value: T, call: MockCall<T>) => MaybePromise<T | void>) | undefined;

  constructor(real: SignalBackend<T>) {
    this.#real = real;
    this.#setpoint = real.datatype.initial;
    this.#reading = { value: this.#setpoint, timestamp: Date.now() / 1000, alarmSeverity: 0 };
  }

  get datatype(): Datatype<T> {
    return this.#real.datatype;
  }

  source(name: string): string {
    return `mock+${this.#real.source(name)}`;
  }

  target(name: string): string {
    return `mock+${this.#real.target(name)}`;
  }

  async connect(): Promise<void> {
    this.connected = true;
  }

  /** The readback changes before a blocked put resolves, as with a real record. */
  async put(value: T, options: BackendPutOptions): Promise<void> {
    const call = { value, wait: options.wait ?? true };
    this.calls.push(call);
    this.#setpoint = value;
    const became = this.onPut?.(value, call);
    const readback = became instanceof Promise ? await became : became;
    this.setValue(readback === undefined ? value : (readback as T));
    if (call.wait && this.#gate !== undefined) await this.#passGate(this.#gate.promise, options);
  }

  async getDataKey(): Promise<SignalDataKey> {
    return { ...this.datatype.describe(this.#reading.value), ...this.#dataKey };
  }

  async getReading(): Promise<Reading<T>> {
    return this.#reading;
  }

  async getSetpoint(): Promise<T> {
    return this.#setpoint;
  }

  setListener(listener: ((reading: Reading<T>) => void) | undefined): void {
    if (listener !== undefined && this.#listener !== undefined) {
      throw new SignalUseError("a mock signal has one listener at a time; clear it first");
    }
    this.#listener = listener;
    listener?.(this.#reading);
  }

  onConnection(listener: (state: SignalConnection) => void): Disposable {
    return this.#connections.add(listener);
  }

  close(): void {
    this.#listener = undefined;
    this.unblock();
  }

  /** Sets what is read, as if the device had changed by itself. */
  setValue(value: T): void {
    // Newer than the one before, also within a millisecond.
    const timestamp = Math.max(Date.now() / 1000, this.#reading.timestamp + 1e-6);
    this.setReading({ value: this.datatype.check(value), timestamp, alarmSeverity: 0 });
  }

  setReading(reading: Reading<T>): void {
    this.#reading = reading;
    this.#listener?.(reading);
  }

  /** Overrides parts of the data key: units, precision, limits. */
  setDataKey(part: Partial<SignalDataKey>): void {
    this.#dataKey = { ...this.#dataKey, ...part };
  }

  /** Plays a change of the connection; while it is down the reading's severity is -1. */
  setConnection(state: SignalConnection): void {
    this.connected = state !== "disconnected";
    if (state === "disconnected") {
      const { value } = this.#reading;
      this.setReading({ value, timestamp: Date.now() / 1000, alarmSeverity: -1, message: "disconnected" });
    } else if (state === "connected") this.setValue(this.#reading.value);
    this.#connections.call(state);
  }

  /** Puts that wait stay pending until `unblock`. */
  block(): void {
    if (this.#gate !== undefined) return;
    let open = (): void => {};
    const promise = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.#gate = { promise, open };
  }

  unblock(): void {
    this.#gate?.open();
    this.#gate = undefined;
  }

  async #passGate(opened: Promise<void>, { timeoutMs, signal }: BackendPutOptions): Promise<void> {
    let stop = (): void => {};
    let onAbort = (): void => {};
    const givenUp = new Promise<never>((_, reject) => {
      onAbort = () => reject(asError(signal?.reason));
      signal?.addEventListener("abort", onAbort, { once: true });
      if (timeoutMs !== undefined) {
        stop = after(timeoutMs, () => reject(new WaitTimeoutError(`${this.target("")} did not complete`)));
      }
    });
    try {
      await Promise.race([opened, givenUp]);
    } finally {
      stop();
      signal?.removeEventListener("abort", onAbort);
    }
  }
}

/** The stand-in behind a signal of a mocked device. */
export function mockBackendOf<T>(signal: {
  readonly backend: SignalBackend<T>;
  readonly source: string;
}): MockBackend<T> {
  const { backend } = signal;
  if (backend instanceof MockBackend) return backend;
  throw new SignalUseError(`${signal.source} is not mocked; connect it with { mock: true } first`);
}
