import { Msg, type PlanLike } from "../../engine/msg.ts";
import { separateDevices } from "../ancestry.ts";
import type { Composable } from "../composable.ts";
import { freshGroup } from "../stubs/group.ts";
import { triggerAndRead } from "../stubs/reading.ts";
import type { Many } from "../stubs/types.ts";
import { replaceIn } from "./msg-mutator.ts";
import { type Substitute, substitute } from "./substitute.ts";

/** Runs something after each run of the plan is opened and before it is closed, under that run's key. */
function duringRuns<T>(
  plan: PlanLike<T>,
  opened: (run: unknown) => Many,
  closing: (run: unknown) => Many,
): Composable<T> {
  return substitute(plan, (msg): Substitute => {
    if (msg.command === "open_run") return then(msg, () => opened(msg.run));
    if (msg.command === "close_run") return after(() => closing(msg.run), msg);
    return msg;
  });
}

function* then(msg: Msg, next: () => Many): Many<unknown> {
  const answer: unknown = yield* msg;
  yield* next();
  return answer;
}

function* after(first: () => Many, msg: Msg): Many<unknown> {
  yield* first();
  return yield* msg;
}

/** The stub with the run's key in its messages, as `setRunKeyWrapper` does for plans. */
function* keyed(stub: Many<unknown>, run: unknown): Many {
  if (run === null) {
    yield* stub;
    return;
  }
  let step = stub.next();
  while (!step.done) {
    let response: unknown;
    try {
      response = yield replaceIn(step.value, { run });
    } catch (error) {
      step = stub.throw(error);
      continue;
    }
    step = stub.next(response as never);
  }
}

/** Reads the devices into a stream of their own at the beginning and at the end of each run of the plan. */
export function baselineWrapper<T>(plan: PlanLike<T>, devices: readonly unknown[], name = "baseline"): Composable<T> {
  const reading = (run: unknown): Many => keyed(triggerAndRead(devices, name), run);
  return duringRuns(
    plan,
    function* (run): Many {
      if (devices.length === 0) return;
      yield new Msg("declare_stream", null, separateDevices(devices), { name, collect: false }, run);
      yield* reading(run);
    },
    function* (run): Many {
      if (devices.length > 0) yield* reading(run);
    },
  );
}

/** Monitors the signals during each run of the plan, each into a stream called after it with `_monitor`. */
export function monitorDuringWrapper<T>(plan: PlanLike<T>, signals: readonly unknown[]): Composable<T> {
  return duringRuns(
    plan,
    function* (run): Many {
      for (const signal of signals) {
        yield new Msg("monitor", signal, [], { name: `${(signal as { name: string }).name}_monitor` }, run);
      }
    },
    function* (run): Many {
      for (const signal of signals) yield new Msg("unmonitor", signal, [], {}, run);
    },
  );
}

/** Kicks the flyers off when a run of the plan is opened, and completes and collects them before it is closed. */
export function flyDuringWrapper<T>(plan: PlanLike<T>, flyers: readonly unknown[]): Composable<T> {
  return duringRuns(
    plan,
    function* (run): Many {
      if (flyers.length > 0) yield* together("kickoff", flyers, run);
    },
    function* (run): Many {
      if (flyers.length === 0) return;
      yield* together("complete", flyers, run);
      for (const flyer of flyers) yield new Msg("collect", flyer, [], {}, run);
    },
  );
}

function* together(command: "kickoff" | "complete", flyers: readonly unknown[], run: unknown): Many {
  const group = freshGroup(`flyers-${command}`);
  for (const flyer of flyers) yield new Msg(command, flyer, [], { group }, run);
  yield new Msg("wait", null, [], { group }, run);
}
