import { Msg, type Plan, type PlanLike, RunEngine, type RunResult } from "cerulean";
import { expectTypeOf, test } from "vitest";

declare module "cerulean" {
  interface Commands {
    expose: { obj: { shutter: boolean }; result: { frames: number } };
  }
}

test("a facility's own command is typed by what it was declared with", () => {
  async function* plan(): Plan<number> {
    const { frames } = yield* new Msg("expose");
    expectTypeOf(frames).toEqualTypeOf<number>();
    // @ts-expect-error an exposure has no exposures
    (yield* new Msg("expose")).exposures;
    return frames;
  }
  expectTypeOf(plan).returns.toExtend<PlanLike<number>>();
});

test("the engine's own commands are typed, and others evaluate to anything", () => {
  function* plan(): Generator<Msg, void, never> {
    expectTypeOf(yield* new Msg("open_run")).toEqualTypeOf<string>();
    expectTypeOf(yield* new Msg("wait")).toEqualTypeOf<boolean>();
    expectTypeOf(yield* new Msg("somebody_elses")).toBeAny();
  }
  expectTypeOf(plan).returns.toExtend<PlanLike<void>>();
});

test("run resolves to what the plan returns", () => {
  const engine = new RunEngine();
  const plan = null as unknown as Plan<{ centre: number }>;
  expectTypeOf(engine.run(plan)).toEqualTypeOf<Promise<RunResult<{ centre: number }>>>();
  expectTypeOf(engine.run(() => plan)).toEqualTypeOf<Promise<RunResult<{ centre: number }>>>();
  expectTypeOf(engine.run([new Msg("null")])).toEqualTypeOf<Promise<RunResult<undefined>>>();
});

test("a message is never thenable, so that yield* does not wait for it", () => {
  expectTypeOf<Msg>().not.toExtend<PromiseLike<unknown>>();
});
