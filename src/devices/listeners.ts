import { asError } from "./errors.ts";
import type { Subscription } from "./status.ts";

/** A set of callbacks that can't harm each other: what one throws is reported as a process warning. */
export class Listeners<T> {
  readonly #callbacks = new Set<(value: T) => void>();
  readonly #what: string;

  constructor(what: string) {
    this.#what = what;
  }

  get size(): number {
    return this.#callbacks.size;
  }

  add(callback: (value: T) => void): Subscription {
    this.#callbacks.add(callback);
    const unsubscribe = (): void => void this.#callbacks.delete(callback);
    return { unsubscribe, [Symbol.dispose]: unsubscribe };
  }

  call(value: T): void {
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
