import type { Msg } from "../engine/msg.ts";
import type { Composable } from "./composable.ts";
import { asPlan, asStub, close, drive, type Source } from "./drive.ts";
import { noted } from "./noted-plan.ts";
import { StubPlan } from "./stub-plan.ts";
import type { Many } from "./stubs/types.ts";

/** A part of a composition that only an async generator can delegate to. */
class Part {
  readonly source: Source;

  constructor(source: Source) {
    this.source = source;
  }
}

/** Runs a part of what is given to `compose`; `yield*` answers with its result. */
export function* part<T>(source: Source<T>): Many<T> {
  const stub = asStub(source);
  if (stub !== undefined) return yield* stub;
  return (yield new Part(source) as unknown as Msg) as T;
}

/** A plan of the parts that `body` runs one after the other with `part`. Where all are known to be stubs, no message costs a promise. `planName` is for who looks for plans that never ran. */
export function compose<T>(body: Many<T>, areStubs: boolean, planName?: string): Composable<T> {
  return areStubs ? new StubPlan(body, planName) : noted(planName ?? "a plan of plans", composed(body));
}

async function* composed<T>(body: Many<T>): Composable<T> {
  try {
    let step = body.next();
    while (!step.done) {
      const next: Msg | Part = step.value;
      let answer: unknown;
      try {
        answer = next instanceof Part ? yield* asPlan(next.source) : yield next;
      } catch (error) {
        step = body.throw(error);
        continue;
      }
      step = body.next(answer);
    }
    return step.value;
  } finally {
    yield* close(drive(body));
  }
}
