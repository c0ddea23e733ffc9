import type { PlanLike } from "../../engine/msg.ts";
import type { Composable } from "../composable.ts";
import type { Source } from "../drive.ts";
import { configureCountTimeWrapper } from "./configure-count-time.ts";
import { baselineWrapper, flyDuringWrapper, monitorDuringWrapper } from "./during.ts";
import { contingencyWrapper, type FinalizeOptions, finalizeWrapper } from "./finalize.ts";
import { injectMdWrapper, setRunKeyWrapper, stubWrapper } from "./metadata.ts";
import { relativeSetWrapper, resetPositionsWrapper } from "./relative-set.ts";
import { rewindableWrapper } from "./rewindable.ts";
import { runWrapper } from "./run.ts";
import { lazilyStageWrapper, stageWrapper } from "./stage.ts";
import { subsWrapper, suspendWrapper } from "./subscriptions.ts";

type PlanFunction<A extends unknown[], T> = (...args: A) => PlanLike<T>;

/** Turns a function that makes plans into one that makes wrapped plans with the same result. */
export type PlanDecorator = <A extends unknown[], T>(planFunction: PlanFunction<A, T>) => (...args: A) => Composable<T>;

type Wrapper<O extends unknown[]> = <T>(plan: PlanLike<T>, ...options: O) => Composable<T>;

/** The decorator form of a wrapper: it takes the wrapper's options, and wraps what the decorated function makes. */
export function makeDecorator<O extends unknown[]>(wrapper: Wrapper<O>): (...options: O) => PlanDecorator {
  return (...options) =>
    (planFunction) =>
    (...args) =>
      wrapper(planFunction(...args), ...options);
}

type ResultDecorator<R> = <A extends unknown[]>(
  planFunction: PlanFunction<A, unknown>,
) => (...args: A) => Composable<R>;

export const baselineDecorator = makeDecorator<[devices: readonly unknown[], name?: string]>(baselineWrapper);
export const configureCountTimeDecorator = makeDecorator<[time: number | null]>(configureCountTimeWrapper);
export const contingencyDecorator = makeDecorator(contingencyWrapper);
export const flyDuringDecorator = makeDecorator<[flyers: readonly unknown[]]>(flyDuringWrapper);
export const injectMdDecorator = makeDecorator<[md: Record<string, unknown>]>(injectMdWrapper);
export const lazilyStageDecorator = makeDecorator<[]>(lazilyStageWrapper);
export const monitorDuringDecorator = makeDecorator<[signals: readonly unknown[]]>(monitorDuringWrapper);
export const relativeSetDecorator = makeDecorator<[devices?: Iterable<unknown>]>(relativeSetWrapper);
export const resetPositionsDecorator = makeDecorator<[devices?: Iterable<unknown>]>(resetPositionsWrapper);
export const rewindableDecorator = makeDecorator<[rewindable: boolean]>(rewindableWrapper);
export const setRunKeyDecorator = makeDecorator<[run: unknown]>(setRunKeyWrapper);
export const stageDecorator = makeDecorator<[devices: Iterable<unknown>]>(stageWrapper);
export const subsDecorator = makeDecorator(subsWrapper);
export const suspendDecorator = makeDecorator<[suspenders: object | Iterable<object>]>(suspendWrapper);

/** `finalizeWrapper` for functions. The final plan must be a function too, as the decorated one may be called again. */
export function finalizeDecorator(finalPlan: () => Source, options: FinalizeOptions = {}): PlanDecorator {
  if (typeof finalPlan !== "function") {
    throw new TypeError(
      "finalizeDecorator: the final plan must be a function that makes a plan, as it may run more than once",
    );
  }
  return (planFunction) =>
    (...args) =>
      finalizeWrapper(planFunction(...args), finalPlan, options);
}

/** `runWrapper` for functions; what they make answers with the run's uid. */
export function runDecorator(options: { md?: Record<string, unknown> } = {}): ResultDecorator<string> {
  return (planFunction) =>
    (...args) =>
      runWrapper(planFunction(...args), options);
}

/** `stubWrapper` for functions; what they make answers with the metadata of the plan. */
export function stubDecorator(): ResultDecorator<Record<string, any>> {
  return (planFunction) =>
    (...args) =>
      stubWrapper(planFunction(...args));
}
