import type { Datatype } from "./datatype.ts";
import { asError, SignalUseError } from "./errors.ts";
import type { MaybePromise, Reading } from "./protocols.ts";
import type { SignalBackend, SignalConnection, SignalDataKey } from "./signal-backend.ts";

export interface SoftBackendOptions<T> {
  readonly units?: string;
  readonly precision?: number;
  /** Asked for the value at every fresh read. */
  readonly getter?: () => MaybePromise<T>;
  /** Given each value that is set; may answer with what the value became. */
  readonly setter?: (value: T) => MaybePromise<T | void>;
  /** How often the getter is asked while the signal is monitored. */
  readonly pollMs?: number;
}

/** A value in this process, or behind a getter and a setter. */
export class SoftBackend<T> implements SignalBackend<T> {
  readonly datatype: Datatype<T>;
  #reading: Reading<T>;
  #setpoint: T;
  #listener: ((reading: Reading<T>) => void) | undefined;
  #poll: NodeJS.Timeout | undefined;
  readonly #options: SoftBackendOptions<T>;

  constructor(datatype: Datatype<T>, initial: T = datatype.initial, options: SoftBackendOptions<T> = {}) {
    if (options.pollMs !== undefined && options.getter === undefined) throw new TypeError("pollMs requires a getter");
    this.datatype = datatype;
    this.#setpoint = datatype.check(initial);
    this.#reading = stamped(this.#setpoint);
    this.#options = options;
  }

  source(name: string): string {
    return `soft://${name}`;
  }

  target(name: string): string {
    return this.source(name);
  }

  async connect(): Promise<void> {}

  async put(value: T): Promise<void> {
    this.#setpoint = value;
    const { setter, getter } = this.#options;
    const became = setter === undefined ? undefined : await setter(value);
    if (became !== undefined) this.setValue(became as T);
    else if (getter !== undefined) this.setValue(await getter());
    else this.setValue(value);
  }

  async getDataKey(): Promise<SignalDataKey> {
    const { units, precision } = this.#options;
    return {
      ...this.datatype.describe(this.#reading.value),
      ...(units === undefined ? {} : { units }),
      ...(precision === undefined ? {} : { precision }),
    };
  }

  async getReading(): Promise<Reading<T>> {
    const { getter } = this.#options;
    if (getter !== undefined) this.setValue(await getter());
    return this.#reading;
  }

  async getSetpoint(): Promise<T> {
    return this.#setpoint;
  }

  setListener(listener: ((reading: Reading<T>) => void) | undefined): void {
    if (listener !== undefined && this.#listener !== undefined) {
      throw new SignalUseError("a soft signal has one listener at a time; clear it first");
    }
    this.#listener = listener;
    clearInterval(this.#poll);
    this.#poll = undefined;
    if (listener === undefined) return;
    listener(this.#reading);
    const { pollMs } = this.#options;
    if (pollMs !== undefined) this.#poll = setInterval(() => this.#ask(), pollMs).unref();
  }

  onConnection(_listener: (state: SignalConnection) => void): Disposable {
    return { [Symbol.dispose]() {} };
  }

  close(): void {
    this.setListener(undefined);
  }

  /** Sets what is read, without the setter. */
  setValue(value: T): void {
    this.#reading = stamped(this.datatype.check(value));
    this.#listener?.(this.#reading);
  }

  #ask(): void {
    this.getReading().catch((error: unknown) => {
      process.emitWarning(`polling a soft signal failed: ${asError(error).message}`, "CeruleanWarning");
    });
  }
}

function stamped<T>(value: T): Reading<T> {
  return { value, timestamp: Date.now() / 1000, alarmSeverity: 0 };
}
