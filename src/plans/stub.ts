import { type Msg, STEPS } from "../engine/msg.ts";
import type { Many } from "./stubs/types.ts";
import { noteDriven, noteMade } from "./unused-plans.ts";

/** A stub of several messages that is told of when nobody ever iterates it. Who delegates to it gets the bare generator, so that no message costs more. */
class Stub<T> implements Many<T> {
  readonly planName: string;
  place = -1;
  readonly #steps: Many<T>;

  constructor(planName: string, steps: Many<T>) {
    this.planName = planName;
    this.#steps = steps;
    noteMade(this);
  }

  get [STEPS](): Many<T> {
    noteDriven(this);
    return this.#steps;
  }

  [Symbol.iterator](): Many<T> {
    return this[STEPS];
  }

  next(response?: unknown): IteratorResult<Msg, T> {
    return this[STEPS].next(response);
  }

  throw(error: unknown): IteratorResult<Msg, T> {
    return this[STEPS].throw(error);
  }

  return(value: T): IteratorResult<Msg, T> {
    return this[STEPS].return(value);
  }

  [Symbol.dispose](): void {
    this[STEPS].return(undefined as T);
  }
}

/** The messages as a stub of that name. */
export function stub<T>(planName: string, steps: Many<T>): Many<T> {
  return new Stub(planName, steps);
}
