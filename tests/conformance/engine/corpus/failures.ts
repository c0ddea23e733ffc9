import * as bp from "../../../../src/plans/index.ts";
import * as bpp from "../../../../src/plans/preprocessors/index.ts";
import * as bps from "../../../../src/plans/stubs/index.ts";
import type { Entry, Faults, Step } from "../entry.ts";
import { Fail } from "../kit/kit.ts";

/** Failures in each place, and where the plan hears of them. */
export const FAILURES: readonly Entry[] = [
  inAScan("a trigger that raises", { "det.trigger": { how: "raise", call: 2 } }),
  inAScan("a trigger that fails", { "det.trigger": { how: "status", call: 2 } }),
  inAScan("a move that raises", { "m1.set": { how: "raise", call: 2 } }),
  inAScan("a move that fails at once", { "m1.set": { how: "status", call: 2 } }),
  inAScan("a read that raises", { "det.read": { how: "raise", call: 2 } }),
  inAScan("a stage that raises", { "stager.stage": { how: "raise" } }),
  inAScan("an unstage that raises", { "stager.unstage": { how: "raise", call: 1 } }),
  inAScan("a trigger that fails while it is waited for", { "det.trigger": { how: "pending", call: 2 } }, [
    { at: "wait 4", do: "fail det.trigger", after: 0.02 },
  ]),
  inAScan("a move that fails while it is waited for", { "m1.set": { how: "pending", call: 2 } }, [
    { at: "wait 3", do: "fail m1.set", after: 0.02 },
  ]),
  later("a move that nobody waits for and that fails at a null", [{ at: "null", do: "fail m1.set" }]),
  later("a move that nobody waits for and that fails while another is waited for", [
    { at: "wait", do: "fail m1.set", after: 0.02 },
    { at: "wait", do: "settle m2.set", after: 0.06 },
  ]),
  later("a move that nobody waits for and that fails in a sleep", [
    { at: "wait", do: "settle m2.set", after: 0.02 },
    { at: "sleep", do: "fail m1.set", after: 0.02 },
  ]),
  {
    name: "a move that nobody waits for and that fails in a sleep while another moves",
    python: `
      yield from bps.abs_set(m1, 1)
      yield from bps.abs_set(m2, 1)
      yield from bps.sleep(0.1)
    `,
    *plan({ m1, m2 }) {
      yield* bps.absSet(m1, 1);
      yield* bps.absSet(m2, 1);
      yield* bps.sleep(0.1);
    },
    faults: { "m1.set": { how: "pending" }, "m2.set": { how: "pending" } },
    script: [
      { at: "sleep", do: "fail m1.set", after: 0.02 },
      { at: "sleep", do: "settle m2.set", after: 0.06 },
    ],
  },
  {
    name: "two failures of one group that is waited for",
    python: `
      yield from bps.abs_set(m1, 1, group="g")
      yield from bps.abs_set(m2, 1, group="g")
      try:
          yield from bps.wait("g")
      except Exception as error:
          note("wait", error)
      try:
          yield from bps.null()
      except Exception as error:
          note("null", error)
    `,
    *plan({ note, m1, m2 }) {
      yield* bps.absSet(m1, 1, { group: "g" });
      yield* bps.absSet(m2, 1, { group: "g" });
      try {
        yield* bps.wait("g");
      } catch (error) {
        note("wait", error);
      }
      try {
        yield* bps.null();
      } catch (error) {
        note("null", error);
      }
    },
    faults: { "m1.set": { how: "pending" }, "m2.set": { how: "pending" } },
    script: [
      { at: "wait", do: "fail m1.set", after: 0.02 },
      { at: "wait", do: "fail m2.set", after: 0.02 },
    ],
  },
  {
    name: "a failure after the plan has ended is nobody's",
    python: `bps.abs_set(m1, 1)`,
    plan: ({ m1 }) => bps.absSet(m1, 1),
    faults: { "m1.set": { how: "pending" } },
  },
  {
    name: "a failure that the plan catches and goes on from",
    python: `
      yield from bps.open_run()
      for n in range(3):
          try:
              yield from bps.trigger_and_read([det])
          except Exception as error:
              note(n, error)
      yield from bps.close_run()
      return "done"
    `,
    *plan({ note, det }) {
      yield* bps.openRun();
      for (let n = 0; n < 3; n++) {
        try {
          yield* bps.triggerAndRead([det]);
        } catch (error) {
          note(n, error);
        }
      }
      yield* bps.closeRun();
      return "done";
    },
    faults: { "det.read": { how: "raise", call: 2 } },
  },
  {
    name: "an error of the plan's own fails its run with its message",
    python: `
      yield from bps.open_run()
      yield from bps.null()
      raise Fail("that was too much")
    `,
    *plan() {
      yield* bps.openRun();
      yield* bps.null();
      throw new Fail("that was too much");
    },
  },
  {
    name: "an error before the first message",
    python: `
      if True:
          raise Fail("not today")
      yield from bps.null()
    `,
    *plan() {
      throw new Fail("not today");
    },
  },
  {
    name: "a stop that raises keeps the run from nothing",
    python: `
      yield from bps.open_run()
      yield from bps.abs_set(m1, 5)
      yield from bps.close_run()
    `,
    *plan({ m1 }) {
      yield* bps.openRun();
      yield* bps.absSet(m1, 5);
      yield* bps.closeRun();
    },
    faults: { "m1.set": { how: "pending" }, "m1.stop": { how: "raise" } },
  },
  {
    name: "finalizeWrapper runs its final plan after a success",
    python: `bpp.finalize_wrapper(bp.count([det]), bps.mv(m1, 0))`,
    plan: ({ det, m1 }) => bpp.finalizeWrapper(bp.count([det]), bps.mv(m1, 0)),
  },
  {
    name: "finalizeWrapper runs its final plan after a failure",
    python: `bpp.finalize_wrapper(bp.count([det]), lambda: bps.mv(m1, 0))`,
    plan: ({ det, m1 }) => bpp.finalizeWrapper(bp.count([det]), () => bps.mv(m1, 0)),
    faults: { "det.trigger": { how: "raise" } },
  },
  ...[undefined, "raise" as const].map(
    (how): Entry => ({
      name: `contingencyWrapper goes its ways when the plan ${how === undefined ? "succeeds" : "fails"}`,
      python: `
        def on_error(error):
            note("except", error)
            yield from bps.null()

        def otherwise():
            note("else")
            yield from bps.null()

        def last():
            note("final")
            yield from bps.null()

        return (yield from bpp.contingency_wrapper(
            bp.count([det]), except_plan=on_error, else_plan=otherwise, final_plan=last
        ))
      `,
      plan: ({ note, det }) =>
        bpp.contingencyWrapper(bp.count([det]), {
          *exceptPlan(error) {
            note("except", error);
            yield* bps.null();
          },
          *elsePlan() {
            note("else");
            yield* bps.null();
          },
          *finalPlan() {
            note("final");
            yield* bps.null();
          },
        }),
      ...(how && { faults: { "det.trigger": { how } } }),
    }),
  ),
  {
    name: "contingencyWrapper that does not raise again goes on",
    python: `
      def on_error(error):
          note("except", error)
          yield from bps.null()
          return "instead"

      note((yield from bpp.contingency_wrapper(bps.trigger(det, wait=True), except_plan=on_error, auto_raise=False)))
    `,
    async *plan({ note, det }) {
      const wrapped = bpp.contingencyWrapper(bps.trigger(det, { wait: true }), {
        *exceptPlan(error) {
          note("except", error);
          yield* bps.null();
          return "instead";
        },
        autoRaise: false,
      });
      note(yield* wrapped);
    },
    faults: { "det.trigger": { how: "raise" } },
  },
];

function inAScan(what: string, faults: Faults, script: readonly Step[] = []): Entry {
  return {
    name: `${what} in a scan`,
    python: "bp.scan([det, stager], m1, 0, 1, 3)",
    plan: ({ det, stager, m1 }) => bp.scan([det, stager], m1, 0, 1, 3),
    faults,
    script,
  };
}

function later(name: string, script: readonly Step[]): Entry {
  return {
    name,
    python: `
      yield from bps.open_run()
      yield from bps.abs_set(m1, 5, group="nobody's")
      yield from bps.null()
      yield from bps.abs_set(m2, 5, group="g")
      yield from bps.wait("g")
      yield from bps.sleep(0.1)
      yield from bps.null()
      yield from bps.close_run()
    `,
    *plan({ m1, m2 }) {
      yield* bps.openRun();
      yield* bps.absSet(m1, 5, { group: "nobody's" });
      yield* bps.null();
      yield* bps.absSet(m2, 5, { group: "g" });
      yield* bps.wait("g");
      yield* bps.sleep(0.1);
      yield* bps.null();
      yield* bps.closeRun();
    },
    faults: { "m1.set": { how: "pending" }, "m2.set": { how: "pending" } },
    script,
  };
}
