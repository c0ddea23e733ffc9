import { Suspender, type SuspenderOptions } from "./suspender.ts";

export interface ThresholdOptions extends SuspenderOptions {
  /** Where the engine goes on again; the threshold itself by default. */
  resumeThreshold?: number;
}

/** Holds the engine from the moment that the signal falls below its threshold until it is back at the one for resuming. */
export class SuspendFloor extends Suspender {
  readonly #suspendBelow: number;
  readonly #resumeFrom: number;

  constructor(signal: unknown, suspendThreshold: number, options: ThresholdOptions = {}) {
    super(signal, options);
    this.#suspendBelow = suspendThreshold;
    this.#resumeFrom = options.resumeThreshold ?? suspendThreshold;
    if (!(this.#resumeFrom >= this.#suspendBelow)) {
      throw new RangeError(
        `SuspendFloor: the threshold for resuming, ${this.#resumeFrom}, must not be below ${suspendThreshold}`,
      );
    }
  }

  protected shouldSuspend(value: number): boolean {
    return value < this.#suspendBelow;
  }

  protected shouldResume(value: number): boolean {
    return value >= this.#resumeFrom;
  }

  protected justify(value: unknown): string {
    return `${this.name} = ${value} fell below ${this.#suspendBelow} and has not yet crossed above ${this.#resumeFrom}.`;
  }
}

/** Holds the engine from the moment that the signal goes above its threshold until it is back at the one for resuming. */
export class SuspendCeil extends Suspender {
  readonly #suspendAbove: number;
  readonly #resumeUpTo: number;

  constructor(signal: unknown, suspendThreshold: number, options: ThresholdOptions = {}) {
    super(signal, options);
    this.#suspendAbove = suspendThreshold;
    this.#resumeUpTo = options.resumeThreshold ?? suspendThreshold;
    if (!(this.#resumeUpTo <= this.#suspendAbove)) {
      throw new RangeError(
        `SuspendCeil: the threshold for resuming, ${this.#resumeUpTo}, must not be above ${suspendThreshold}`,
      );
    }
  }

  protected shouldSuspend(value: number): boolean {
    return value > this.#suspendAbove;
  }

  protected shouldResume(value: number): boolean {
    return value <= this.#resumeUpTo;
  }

  protected justify(value: unknown): string {
    return `${this.name} = ${value} went above ${this.#suspendAbove} and has not yet crossed below ${this.#resumeUpTo}.`;
  }
}
