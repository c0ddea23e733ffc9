import type { Msg } from "../engine/msg.ts";
import type { Composable } from "./composable.ts";
import { noteDriven, noteMade } from "./unused-plans.ts";

type Step<T> = Promise<IteratorResult<Msg, T>>;

/** A plan that is told of when nobody ever iterates it. Who delegates to it gets the bare generator, so that no message costs more. */
class NotedPlan<T> implements Composable<T> {
  readonly planName: string;
  place = -1;
  readonly #plan: Composable<T>;

  constructor(planName: string, plan: Composable<T>) {
    this.planName = planName;
    this.#plan = plan;
    noteMade(this);
  }

  [Symbol.asyncIterator](): Composable<T> {
    noteDriven(this);
    return this.#plan;
  }

  next(response?: unknown): Step<T> {
    return this[Symbol.asyncIterator]().next(response);
  }

  throw(error: unknown): Step<T> {
    return this[Symbol.asyncIterator]().throw(error);
  }

  return(value: T | PromiseLike<T>): Step<T> {
    return this[Symbol.asyncIterator]().return(value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return(undefined as T);
  }
}

/** The plan, under a name by which it can be told of. */
export function noted<T>(planName: string, plan: Composable<T>): Composable<T> {
  return new NotedPlan(planName, plan);
}
