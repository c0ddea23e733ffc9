import * as bpp from "../../../../src/plans/preprocessors/index.ts";
import * as bps from "../../../../src/plans/stubs/index.ts";
import { m } from "../bench.ts";
import type { Entry } from "../entry.ts";
import { Fail } from "../kit/kit.ts";

const WAYS = ["stop", "abort no beam", "halt"];

/** Stop, abort and halt, running and paused, and what becomes of the plan's own cleanup. */
export const ENDINGS: readonly Entry[] = [
  ...WAYS.flatMap((way) => [
    cleansUp(`${way} while a plan with a cleanup sleeps`, { script: [{ at: "sleep", do: way, after: 0.02 }] }),
    cleansUp(`${way} while a plan with a cleanup is paused in its sleep`, {
      script: [{ at: "sleep", do: "pause", after: 0.02 }],
      whenPaused: [[way]],
    }),
    cleansUp(`${way} at a message of a plan with a cleanup`, { script: [{ at: "trigger", do: way }] }),
    catches(`${way} of a plan that catches it`, { script: [{ at: "sleep", do: way, after: 0.02 }] }),
    moves(`${way} while a motor moves`, { script: [{ at: "wait", do: way, after: 0.02 }] }),
    moves(`${way} while a motor's move is paused`, {
      script: [{ at: "wait", do: "pause", after: 0.02 }],
      whenPaused: [[way]],
    }),
    leavesRunsOpen(`${way} of a plan that has two runs open`, { script: [{ at: "sleep", do: way, after: 0.02 }] }),
    stages(`${way} of a plan that has staged and monitors`, { script: [{ at: "sleep", do: way, after: 0.02 }] }),
  ]),
  leavesRunsOpen("a plan that ends with two runs open", {}, 0),
  moves("a plan that ends while a motor moves", {}, false),
  {
    name: "requests that the state does not allow are refused",
    python: `
      yield from bps.open_run()
      yield from bps.close_run()
    `,
    *plan() {
      yield* bps.openRun();
      yield* bps.closeRun();
    },
    script: [
      { at: "open_run", do: "stop" },
      { at: "close_run", do: "pause" },
    ],
  },
  {
    name: "a cleanup that fails gives the run its error",
    python: `
      def clean():
          yield from bps.null()
          raise Fail("can't clean")

      return (yield from bpp.finalize_wrapper(bpp.run_wrapper(bps.sleep(5)), clean))
    `,
    plan: () =>
      bpp.finalizeWrapper(bpp.runWrapper(sleeping()), function* clean() {
        yield* bps.null();
        throw new Fail("can't clean");
      }),
    script: [{ at: "sleep", do: "abort no beam", after: 0.02 }],
  },
];

type Happens = Pick<Entry, "script" | "whenPaused">;

function* sleeping(): Generator<any, void, never> {
  yield* bps.sleep(5);
}

function cleansUp(name: string, happens: Happens): Entry {
  return {
    name,
    python: `
      try:
          yield from bps.open_run()
          yield from bps.mv(m2, 1)
          yield from bps.trigger_and_read([det])
          yield from bps.sleep(5)
          note("not reached")
      finally:
          note("cleaning")
          yield from bps.mv(m1, 0)
          yield from bps.close_run()
    `,
    *plan({ note, det, m1, m2 }) {
      try {
        yield* bps.openRun();
        yield* bps.mv(m2, 1);
        yield* bps.triggerAndRead([det]);
        yield* bps.sleep(5);
        note("not reached");
      } finally {
        note("cleaning");
        yield* bps.mv(m1, 0);
        yield* bps.closeRun();
      }
    },
    ...happens,
  };
}

function catches(name: string, happens: Happens): Entry {
  return {
    name,
    python: `
      yield from bps.open_run()
      try:
          yield from bps.sleep(5)
      except Exception as error:
          note(error)
      yield from bps.trigger_and_read([det])
      yield from bps.close_run()
      return "went on"
    `,
    *plan({ note, det }) {
      yield* bps.openRun();
      try {
        yield* bps.sleep(5);
      } catch (error) {
        note(error);
      }
      yield* bps.triggerAndRead([det]);
      yield* bps.closeRun();
      return "went on";
    },
    ...happens,
  };
}

function moves(name: string, happens: Happens, waits = true): Entry {
  return {
    name,
    python: `
      yield from bps.open_run()
      yield from bps.abs_set(m1, 5, group="g")
      yield from bps.mv(m2, 1)
      ${waits ? 'yield from bps.wait("g")' : "yield from bps.null()"}
      yield from bps.close_run()
    `,
    *plan({ m1, m2 }) {
      yield* bps.openRun();
      yield* bps.absSet(m1, 5, { group: "g" });
      yield* bps.mv(m2, 1);
      if (waits) yield* bps.wait("g");
      else yield* bps.null();
      yield* bps.closeRun();
    },
    faults: { "m1.set": { how: "pending", call: 1 } },
    ...(happens.script && {
      script: happens.script.map((step) => (step.at === "wait" ? { ...step, at: "wait 2" } : step)),
    }),
    ...(happens.whenPaused && { whenPaused: happens.whenPaused }),
  };
}

function leavesRunsOpen(name: string, happens: Happens, seconds = 5): Entry {
  return {
    name,
    python: `
      yield Msg("open_run", run="a")
      yield Msg("open_run", run="b")
      yield Msg("create", None, name="primary", run="b")
      yield Msg("read", det, run="b")
      yield Msg("save", run="b")
      yield Msg("create", None, name="primary", run="b")
      yield from bps.sleep(${seconds})
    `,
    *plan({ det }) {
      yield m("open_run", null, [], {}, "a");
      yield m("open_run", null, [], {}, "b");
      yield m("create", null, [], { name: "primary" }, "b");
      yield m("read", det, [], {}, "b");
      yield m("save", null, [], {}, "b");
      yield m("create", null, [], { name: "primary" }, "b");
      yield* bps.sleep(seconds);
    },
    ...happens,
  };
}

function stages(name: string, happens: Happens): Entry {
  return {
    name,
    python: `
      yield Msg("stage", stager)
      yield from bps.open_run()
      yield from bps.monitor(signal, name="beam")
      yield from bps.sleep(5)
    `,
    *plan({ stager, signal }) {
      yield m("stage", stager);
      yield* bps.openRun();
      yield* bps.monitor(signal, { name: "beam" });
      yield* bps.sleep(5);
    },
    ...happens,
  };
}
