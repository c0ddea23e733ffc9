import { isMsg, type Msg, type PlanLike, STEPS } from "../engine/msg.ts";
import type { Composable } from "./composable.ts";
import type { Many } from "./stubs/types.ts";

type Step<T> = IteratorResult<Msg, T>;
type Answer<T> = Step<T> | Promise<Step<T>>;

/** What a preprocessor runs in place of a message or around one: a plan, a stub, a message, or a list of messages. */
export type Source<T = any> = PlanLike<T> | Msg | Iterable<Msg>;

/**
 * The source as something to delegate to: `yield*` on a list replaces an error thrown in by a TypeError, as a list has
 * no `throw`.
 */
export function asPlan<T>(source: Source<T>): Composable<T> | Generator<Msg, T, unknown> {
  return ("throw" in source || isMsg(source) ? source : each(source as Iterable<Msg>)) as Composable<T>;
}

/** The source as a stub, if it is one at heart. */
export function asStub<T>(source: Source<T>): Many<T> | undefined {
  if (STEPS in source) return source[STEPS] as Many<T>;
  return Symbol.asyncIterator in source ? undefined : (asPlan(source) as Many<T>);
}

function* each(messages: Iterable<Msg>): Generator<Msg, void, unknown> {
  for (const msg of messages) yield msg;
}

/** The calls that drive a plan, sync or async. No other file here makes them by hand. */
export interface Driven<T> {
  next(response: unknown): Answer<T>;
  throw(error: unknown): Answer<T>;
  return(): Answer<T | undefined>;
}

export function drive<T>(source: Source<T>): Driven<T> {
  const generator: any =
    STEPS in source
      ? source[STEPS]
      : Symbol.asyncIterator in source
        ? source[Symbol.asyncIterator]()
        : source[Symbol.iterator]();
  return {
    next: (response) => generator.next(response),
    throw: (error) => {
      // A list of messages has no try block that could catch it.
      if (generator.throw === undefined) throw error;
      return generator.throw(error);
    },
    return: () => generator.return?.() ?? { done: true, value: undefined },
  };
}

/**
 * Ends a plan as `return()` does. What its finally blocks still yield is passed on: whether it is handled or discarded is
 * for the engine to say.
 */
export async function* close(plan: Driven<unknown>): Composable<void> {
  let step = await plan.return();
  while (!step.done) {
    const response: unknown = yield step.value;
    step = await plan.next(response);
  }
}

/** Whether the answer is yet to come, as it is with async plans only. */
export function isPending<T>(answer: Answer<T>): answer is Promise<Step<T>> {
  return "then" in answer;
}
