import { asError } from "./errors.ts";
import type { Subscription } from "./status.ts";

/** A set of callbacks that can't harm each other: what one throws is reported as a process warning. */
export class Listeners<T> {
  /** Made with the first listener: a device has thousands of these, and most have none. */
  #callbacks: Set<(value: T) => void> | undefined;
  readonly #what: string;

  constructor(what: string) {
    this.#what = what;
  }

  get size(): number {
    return this.#callbacks?.size ?? 0;
  }

  add(callback: (value: T) => void): Subscription {
    this.#callbacks ??= new Set();
    const callbacks = this.#callbacks;
    callbacks.add(callback);
    const unsubscribe = (): void => void callbacks.delete(callback);
    return { unsubscribe, [Symbol.dispose]: unsubscribe };
  }

  call(value: T): void {
    if (this.#callbacks === undefined) return;
    for (const callback of this.#callbacks) this.callOne(callback, value);
  }

  callOne(callback: (value: T) => void, value: T): void {
    try {
      callback(value);
    } catch (error) {
      const { stack, message } = asError(error);
      process.emitWarning(`a listener of ${this.#what} threw: ${stack ?? message}`, "CeruleanWarning");
    }
  }
}
