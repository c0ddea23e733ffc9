import * as bp from "../../../../src/plans/index.ts";
import * as bpp from "../../../../src/plans/preprocessors/index.ts";
import * as bps from "../../../../src/plans/stubs/index.ts";
import type { Entry, Step } from "../entry.ts";

/** Monitors: their streams, and what interrupts them. */
export const MONITORS: readonly Entry[] = [
  monitored("a monitor makes an event of each update", [
    { at: "null", do: "put signal 1" },
    { at: "null 2", do: "put signal 2" },
  ]),
  monitored(
    "a monitor is silent through a pause and tells where things are after it",
    [
      { at: "null", do: "put signal 1" },
      { at: "sleep", do: "pause", after: 0.01 },
    ],
    [["put signal 7", "resume"]],
  ),
  {
    name: "unmonitor ends a monitor",
    python: `
      yield from bps.open_run()
      note((yield from bps.monitor(signal, name="beam")))
      yield from bps.null()
      note((yield from bps.unmonitor(signal)))
      yield from bps.null()
      yield from bps.close_run()
    `,
    *plan({ note, signal }) {
      yield* bps.openRun();
      note(yield* bps.monitor(signal, { name: "beam" }));
      yield* bps.null();
      note(yield* bps.unmonitor(signal));
      yield* bps.null();
      yield* bps.closeRun();
    },
    script: [
      { at: "null", do: "put signal 1" },
      { at: "null 2", do: "put signal 2" },
    ],
  },
  {
    name: "a second monitor of one signal is refused",
    python: `
      yield from bps.open_run()
      yield from bps.monitor(signal, name="beam")
      try:
          yield from bps.monitor(signal, name="again")
      except Exception as error:
          note(error)
      yield from bps.close_run()
    `,
    *plan({ note, signal }) {
      yield* bps.openRun();
      yield* bps.monitor(signal, { name: "beam" });
      try {
        yield* bps.monitor(signal, { name: "again" });
      } catch (error) {
        note(error);
      }
      yield* bps.closeRun();
    },
  },
  {
    name: "two signals are monitored in streams of their own",
    python: `
      yield from bps.open_run()
      yield from bps.monitor(signal, name="a")
      yield from bps.monitor(signal2, name="b")
      yield from bps.null()
      yield from bps.null()
      yield from bps.null()
      yield from bps.close_run()
    `,
    *plan({ signal, signal2 }) {
      yield* bps.openRun();
      yield* bps.monitor(signal, { name: "a" });
      yield* bps.monitor(signal2, { name: "b" });
      yield* bps.null();
      yield* bps.null();
      yield* bps.null();
      yield* bps.closeRun();
    },
    script: [
      { at: "null", do: "put signal 1" },
      { at: "null 2", do: "put signal2 2" },
    ],
  },
  {
    name: "monitorDuringWrapper monitors through a count",
    python: "bpp.monitor_during_wrapper(bp.count([det], 2), [signal])",
    plan: ({ det, signal }) => bpp.monitorDuringWrapper(bp.count([det], 2), [signal]),
    script: [{ at: "checkpoint 2", do: "put signal 3" }],
  },
  {
    name: "a monitored signal can be read in a point as well",
    python: "bpp.monitor_during_wrapper(bp.count([det, signal], 2), [signal])",
    plan: ({ det, signal }) => bpp.monitorDuringWrapper(bp.count([det, signal], 2), [signal]),
  },
  {
    name: "a monitor with a pause and recorded interruptions",
    python: "bpp.monitor_during_wrapper(bp.count([det], 2), [signal])",
    plan: ({ det, signal }) => bpp.monitorDuringWrapper(bp.count([det], 2), [signal]),
    script: [{ at: "save 2", do: "pause" }],
    engine: { recordInterruptions: true },
  },
];

function monitored(name: string, script: readonly Step[], whenPaused?: readonly (readonly string[])[]): Entry {
  return {
    name,
    python: `
      yield from bps.open_run()
      yield from bps.monitor(signal, name="beam")
      yield from bps.null()
      yield from bps.null()
      yield from bps.sleep(0.03)
      yield from bps.null()
      yield from bps.close_run()
    `,
    *plan({ signal }) {
      yield* bps.openRun();
      yield* bps.monitor(signal, { name: "beam" });
      yield* bps.null();
      yield* bps.null();
      yield* bps.sleep(0.03);
      yield* bps.null();
      yield* bps.closeRun();
    },
    script,
    ...(whenPaused && { whenPaused }),
  };
}
