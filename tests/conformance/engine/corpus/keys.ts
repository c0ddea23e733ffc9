import * as bp from "../../../../src/plans/index.ts";
import * as bpp from "../../../../src/plans/preprocessors/index.ts";
import * as bps from "../../../../src/plans/stubs/index.ts";
import { m } from "../bench.ts";
import type { Entry } from "../entry.ts";

/** Several runs: one after the other, and open at once under keys of their own. */
export const KEYS: readonly Entry[] = [
  {
    name: "three runs of one call have three numbers",
    python: "bpp.pchain(bp.count([det]), bp.scan([det], m1, 0, 1, 2), bp.count([det2]))",
    plan: ({ det, det2, m1 }) => bpp.pchain(bp.count([det]), bp.scan([det], m1, 0, 1, 2), bp.count([det2])),
  },
  {
    name: "two runs are open at once and are told apart by their keys",
    python: `
      yield Msg("open_run", run="a")
      yield Msg("open_run", run="b")
      for n in range(2):
          for key, device in (("a", det), ("b", m1)):
              yield Msg("create", None, name="primary", run=key)
              yield Msg("read", device, run=key)
              yield Msg("save", run=key)
      yield Msg("close_run", run="a")
      yield Msg("create", None, name="primary", run="b")
      yield Msg("read", m1, run="b")
      yield Msg("save", run="b")
      yield Msg("close_run", run="b")
    `,
    *plan({ det, m1 }) {
      yield m("open_run", null, [], {}, "a");
      yield m("open_run", null, [], {}, "b");
      for (let n = 0; n < 2; n++) {
        for (const [key, device] of [
          ["a", det],
          ["b", m1],
        ]) {
          yield m("create", null, [], { name: "primary" }, key);
          yield m("read", device, [], {}, key);
          yield m("save", null, [], {}, key);
        }
      }
      yield m("close_run", null, [], {}, "a");
      yield m("create", null, [], { name: "primary" }, "b");
      yield m("read", m1, [], {}, "b");
      yield m("save", null, [], {}, "b");
      yield m("close_run", null, [], {}, "b");
    },
  },
  {
    name: "setRunKeyWrapper puts a run into another",
    python: `
      def outer():
          yield from bps.trigger_and_read([det])
          yield from bpp.set_run_key_wrapper(bp.count([det2], 2), "inner")
          yield from bps.trigger_and_read([det])

      return (yield from bpp.run_wrapper(outer()))
    `,
    plan: ({ det, det2 }) =>
      bpp.runWrapper(
        (async function* outer() {
          yield* bps.triggerAndRead([det]);
          yield* bpp.setRunKeyWrapper(bp.count([det2], 2), "inner");
          yield* bps.triggerAndRead([det]);
        })(),
      ),
  },
  {
    name: "a checkpoint is refused while any run has a bundle open",
    python: `
      yield Msg("open_run", run="a")
      yield Msg("open_run", run="b")
      yield Msg("create", None, name="primary", run="b")
      try:
          yield from bps.checkpoint()
      except Exception as error:
          note(error)
      yield Msg("drop", run="b")
      yield from bps.checkpoint()
      yield Msg("close_run", run="a")
      yield Msg("close_run", run="b")
    `,
    *plan({ note }) {
      yield m("open_run", null, [], {}, "a");
      yield m("open_run", null, [], {}, "b");
      yield m("create", null, [], { name: "primary" }, "b");
      try {
        yield* bps.checkpoint();
      } catch (error) {
        note(error);
      }
      yield m("drop", null, [], {}, "b");
      yield* bps.checkpoint();
      yield m("close_run", null, [], {}, "a");
      yield m("close_run", null, [], {}, "b");
    },
  },
  {
    name: "a pause leads both open runs back",
    python: `
      yield Msg("open_run", run="a")
      yield Msg("open_run", run="b")
      for n in range(2):
          yield from bps.checkpoint()
          for key, device in (("a", det), ("b", m1)):
              yield Msg("create", None, name="primary", run=key)
              yield Msg("read", device, run=key)
              yield Msg("save", run=key)
      yield from bps.sleep(0.05)
      yield Msg("close_run", run="a")
      yield Msg("close_run", run="b")
    `,
    *plan({ det, m1 }) {
      yield m("open_run", null, [], {}, "a");
      yield m("open_run", null, [], {}, "b");
      for (let n = 0; n < 2; n++) {
        yield* bps.checkpoint();
        for (const [key, device] of [
          ["a", det],
          ["b", m1],
        ]) {
          yield m("create", null, [], { name: "primary" }, key);
          yield m("read", device, [], {}, key);
          yield m("save", null, [], {}, key);
        }
      }
      yield* bps.sleep(0.05);
      yield m("close_run", null, [], {}, "a");
      yield m("close_run", null, [], {}, "b");
    },
    script: [{ at: "sleep", do: "pause", after: 0.02 }],
  },
  {
    name: "two streams of one run are numbered each for itself",
    python: `
      yield from bps.open_run()
      for _ in range(2):
          yield from bps.trigger_and_read([det])
          yield from bps.trigger_and_read([m1], "positions")
          yield from bps.trigger_and_read([det])
      yield from bps.close_run()
    `,
    *plan({ det, m1 }) {
      yield* bps.openRun();
      for (let n = 0; n < 2; n++) {
        yield* bps.triggerAndRead([det]);
        yield* bps.triggerAndRead([m1], "positions");
        yield* bps.triggerAndRead([det]);
      }
      yield* bps.closeRun();
    },
  },
];
