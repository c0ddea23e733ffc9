import * as bp from "../../../../src/plans/index.ts";
import * as bpp from "../../../../src/plans/preprocessors/index.ts";
import * as bps from "../../../../src/plans/stubs/index.ts";
import type { Entry } from "../entry.ts";

/** Flyers: events and pages that are collected. */
export const FLYERS: readonly Entry[] = [
  {
    name: "a flyer of events fills the streams that it names",
    python: `
      yield from bps.open_run()
      yield from bps.kickoff(flyer, wait=True)
      yield from bps.complete(flyer, wait=True)
      note((yield from bps.collect(flyer)))
      yield from bps.close_run()
    `,
    *plan({ note, flyer }) {
      yield* bps.openRun();
      yield* bps.kickoff(flyer, { wait: true });
      yield* bps.complete(flyer, { wait: true });
      note(yield* bps.collect(flyer));
      yield* bps.closeRun();
    },
  },
  {
    name: "collect without its payload, twice",
    python: `
      yield from bps.open_run()
      yield from bps.kickoff(flyer, wait=True)
      note((yield from bps.collect(flyer, return_payload=False)))
      note((yield from bps.collect(flyer, return_payload=False)))
      yield from bps.close_run()
    `,
    *plan({ note, flyer }) {
      yield* bps.openRun();
      yield* bps.kickoff(flyer, { wait: true });
      note(yield* bps.collect(flyer, { returnPayload: false }));
      note(yield* bps.collect(flyer, { returnPayload: false }));
      yield* bps.closeRun();
    },
  },
  {
    name: "collect as a stream of single events is refused",
    python: `
      yield from bps.open_run()
      yield from bps.kickoff(flyer, wait=True)
      try:
          yield from bps.collect(flyer, stream=True)
      except Exception as error:
          note(error)
      yield from bps.close_run()
    `,
    *plan({ note, flyer }) {
      yield* bps.openRun();
      yield* bps.kickoff(flyer, { wait: true });
      try {
        yield* bps.collect(flyer, { stream: true });
      } catch (error) {
        note(error);
      }
      yield* bps.closeRun();
    },
  },
  {
    name: "a flyer of pages fills the stream that was declared for it",
    python: `
      yield from bps.open_run()
      yield from bps.declare_stream(pager, name="fly", collect=True)
      yield from bps.kickoff(pager, wait=True)
      yield from bps.complete(pager, wait=True)
      note((yield from bps.collect(pager, name="fly")))
      note((yield from bps.collect(pager)))
      yield from bps.close_run()
    `,
    *plan({ note, pager }) {
      yield* bps.openRun();
      yield* bps.declareStream(pager, { name: "fly", collect: true });
      yield* bps.kickoff(pager, { wait: true });
      yield* bps.complete(pager, { wait: true });
      note(yield* bps.collect(pager, { name: "fly" }));
      note(yield* bps.collect(pager));
      yield* bps.closeRun();
    },
  },
  ...[
    { what: "with a name that was not declared", python: 'pager, name="fly"', args: { name: "fly" } },
    { what: "of flat keys that were not declared", python: "pager", args: {} },
  ].map(
    ({ what, python, args }): Entry => ({
      name: `collect ${what} is refused`,
      python: `
        yield from bps.open_run()
        yield from bps.kickoff(pager, wait=True)
        try:
            yield from bps.collect(${python})
        except Exception as error:
            note(error)
        yield from bps.close_run()
      `,
      *plan({ note, pager }) {
        yield* bps.openRun();
        yield* bps.kickoff(pager, { wait: true });
        try {
          yield* bps.collect(pager, args);
        } catch (error) {
          note(error);
        }
        yield* bps.closeRun();
      },
    }),
  ),
  {
    name: "a flyer with one key in two streams is refused",
    python: `
      yield from bps.open_run()
      yield from bps.kickoff(twins, wait=True)
      try:
          yield from bps.collect(twins)
      except Exception as error:
          note(error)
      yield from bps.close_run()
    `,
    *plan({ note, twins }) {
      yield* bps.openRun();
      yield* bps.kickoff(twins, { wait: true });
      try {
        yield* bps.collect(twins);
      } catch (error) {
        note(error);
      }
      yield* bps.closeRun();
    },
  },
  {
    name: "several flyers that write no files can't be collected together",
    python: `
      yield from bps.open_run()
      try:
          yield from bps.collect(flyer, pager)
      except Exception as error:
          note(error)
      yield from bps.close_run()
    `,
    *plan({ note, flyer, pager }) {
      yield* bps.openRun();
      try {
        yield* bps.collect(flyer, pager);
      } catch (error) {
        note(error);
      }
      yield* bps.closeRun();
    },
  },
  {
    name: "what was not collected is collected at the end",
    python: `
      yield from bps.open_run()
      yield from bps.kickoff(flyer, wait=True)
    `,
    *plan({ flyer }) {
      yield* bps.openRun();
      yield* bps.kickoff(flyer, { wait: true });
    },
  },
  {
    name: "what was not collected is collected after an abort",
    python: `
      yield from bps.open_run()
      yield from bps.kickoff(flyer, wait=True)
      yield from bps.sleep(5)
    `,
    *plan({ flyer }) {
      yield* bps.openRun();
      yield* bps.kickoff(flyer, { wait: true });
      yield* bps.sleep(5);
    },
    script: [{ at: "sleep", do: "abort no beam", after: 0.02 }],
  },
  {
    name: "collectWhileCompleting collects until the flyers are done",
    python: `
      yield from bps.open_run()
      yield from bps.declare_stream(writer1, name="fly", collect=True)
      yield from bps.kickoff_all(flyer)
      yield from bps.collect_while_completing([flyer], [writer1], flush_period=0.05, stream_name="fly")
      yield from bps.collect(flyer)
      yield from bps.close_run()
    `,
    *plan({ flyer, writer1 }) {
      yield* bps.openRun();
      yield* bps.declareStream(writer1, { name: "fly", collect: true });
      yield* bps.kickoffAll(flyer);
      yield* bps.collectWhileCompleting([flyer], [writer1], { flushPeriod: 0.05, streamName: "fly" });
      yield* bps.collect(flyer);
      yield* bps.closeRun();
    },
    faults: { "flyer.complete": { how: "pending" } },
    script: [
      { at: "wait 2", do: "write writer1 2" },
      { at: "collect", do: "write writer1 3" },
      { at: "wait 3", do: "settle flyer.complete", after: 0.02 },
    ],
  },
  {
    name: "a flyer that fails ends collectWhileCompleting",
    python: `
      yield from bps.open_run()
      yield from bps.declare_stream(writer1, name="fly", collect=True)
      yield from bps.kickoff_all(flyer)
      yield from bps.collect_while_completing([flyer], [writer1], flush_period=0.05, stream_name="fly")
      yield from bps.close_run()
    `,
    *plan({ flyer, writer1 }) {
      yield* bps.openRun();
      yield* bps.declareStream(writer1, { name: "fly", collect: true });
      yield* bps.kickoffAll(flyer);
      yield* bps.collectWhileCompleting([flyer], [writer1], { flushPeriod: 0.05, streamName: "fly" });
      yield* bps.closeRun();
    },
    faults: { "flyer.complete": { how: "pending" } },
    script: [{ at: "wait 2", do: "fail flyer.complete", after: 0.02 }],
  },
  {
    name: "fly kicks off, completes and collects",
    python: "bp.fly([flyer])",
    plan: ({ flyer }) => bp.fly([flyer]),
  },
  {
    name: "fly whose flyer fails to complete",
    python: "bp.fly([flyer])",
    plan: ({ flyer }) => bp.fly([flyer]),
    faults: { "flyer.complete": { how: "status" } },
  },
  {
    name: "fly whose flyer fails to start",
    python: "bp.fly([flyer])",
    plan: ({ flyer }) => bp.fly([flyer]),
    faults: { "flyer.kickoff": { how: "raise" } },
  },
  {
    name: "flyDuringWrapper flies through a count",
    python: "bpp.fly_during_wrapper(bp.count([det], 2), [flyer])",
    plan: ({ det, flyer }) => bpp.flyDuringWrapper(bp.count([det], 2), [flyer]),
  },
  {
    name: "a pause between kickoff and collect",
    python: `
      yield from bps.open_run()
      yield from bps.checkpoint()
      yield from bps.kickoff(flyer, wait=True)
      yield from bps.complete(flyer, wait=True)
      yield from bps.null()
      yield from bps.collect(flyer)
      yield from bps.close_run()
    `,
    *plan({ flyer }) {
      yield* bps.openRun();
      yield* bps.checkpoint();
      yield* bps.kickoff(flyer, { wait: true });
      yield* bps.complete(flyer, { wait: true });
      yield* bps.null();
      yield* bps.collect(flyer);
      yield* bps.closeRun();
    },
    script: [{ at: "null", do: "pause" }],
  },
];
