import { STEPS } from "../engine/msg.ts";
import type { Composable } from "./composable.ts";
import type { Many } from "./stubs/types.ts";
import { noteDriven, noteMade } from "./unused-plans.ts";

type Step<T> = ReturnType<Composable<T>["next"]>;

/**
 * A plan that is made of stubs alone. Whoever delegates to it sees an async generator like any other; the engine, and what wraps it,
 * drive the stubs themselves, so that no message costs a promise.
 */
export class StubPlan<T> implements Composable<T> {
  readonly planName: string | undefined;
  place = -1;
  readonly #steps: Many<T>;

  constructor(steps: Many<T>, planName?: string) {
    this.planName = planName;
    this.#steps = steps;
    noteMade(this);
  }

  get [STEPS](): Many<T> {
    noteDriven(this);
    return this.#steps;
  }

  async next(response?: unknown): Step<T> {
    return this[STEPS].next(response);
  }

  async throw(error: unknown): Step<T> {
    return this[STEPS].throw(error);
  }

  async return(value: T | PromiseLike<T>): Step<T> {
    return this[STEPS].return(await value);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this[STEPS].return(undefined as T);
  }
}
