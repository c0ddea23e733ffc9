import * as bp from "../../../../src/plans/index.ts";
import * as bps from "../../../../src/plans/stubs/index.ts";
import type { Entry } from "../entry.ts";

/** Deferred pauses, pauses that the plan asks for, devices that are told of them, and what is repeated afterwards. */
export const REWINDS: readonly Entry[] = [
  {
    name: "a deferred pause takes effect at the next checkpoint",
    python: "bp.count([det], 3)",
    plan: ({ det }) => bp.count([det], 3),
    script: [{ at: "save", do: "defer" }],
  },
  {
    name: "a deferred pause that finds no checkpoint comes to nothing",
    python: "bps.repeat(lambda: bps.mv(m1, 1), 1)",
    plan: ({ m1 }) => bps.repeat(() => bps.mv(m1, 1), 1),
    script: [{ at: "set", do: "defer" }],
  },
  {
    name: "a plan that pauses itself goes on after it",
    python: `
      yield from bps.open_run()
      yield from bps.checkpoint()
      yield from bps.null()
      note((yield from bps.pause()))
      yield from bps.close_run()
    `,
    *plan({ note }) {
      yield* bps.openRun();
      yield* bps.checkpoint();
      yield* bps.null();
      note(yield* bps.pause());
      yield* bps.closeRun();
    },
  },
  {
    name: "a plan that asks for a deferred pause",
    python: `
      yield from bps.open_run()
      yield from bps.deferred_pause()
      yield from bps.null()
      yield from bps.checkpoint()
      yield from bps.null()
      yield from bps.close_run()
    `,
    *plan() {
      yield* bps.openRun();
      yield* bps.deferredPause();
      yield* bps.null();
      yield* bps.checkpoint();
      yield* bps.null();
      yield* bps.closeRun();
    },
  },
  {
    name: "two pauses in one stretch repeat it twice",
    python: `
      yield from bps.checkpoint()
      yield from bps.mv(m1, 1)
      yield from bps.sleep(0.05)
      yield from bps.null()
    `,
    *plan({ m1 }) {
      yield* bps.checkpoint();
      yield* bps.mv(m1, 1);
      yield* bps.sleep(0.05);
      yield* bps.null();
    },
    script: [
      { at: "sleep", do: "pause", after: 0.01 },
      { at: "sleep 2", do: "pause", after: 0.01 },
    ],
  },
  {
    name: "a pause while a message is repeated",
    python: `
      yield from bps.checkpoint()
      yield from bps.null()
      yield from bps.mv(m1, 1)
      yield from bps.null()
      yield from bps.null()
    `,
    *plan({ m1 }) {
      yield* bps.checkpoint();
      yield* bps.null();
      yield* bps.mv(m1, 1);
      yield* bps.null();
      yield* bps.null();
    },
    script: [
      { at: "null 2", do: "pause" },
      { at: "set 2", do: "pause" },
    ],
  },
  {
    name: "a move that a pause stops is set again",
    python: "bps.mv(m1, 5)",
    plan: ({ m1 }) => bps.mv(m1, 5),
    faults: { "m1.set": { how: "pending", call: 1 } },
    script: [{ at: "wait", do: "pause", after: 0.02 }],
  },
  {
    name: "what is repeated of sleep and wait after a pause",
    python: `
      yield from bps.mv(m1, 1)
      yield from bps.sleep(0.2)
      yield from bps.null()
    `,
    *plan({ m1 }) {
      yield* bps.mv(m1, 1);
      yield* bps.sleep(0.2);
      yield* bps.null();
    },
    script: [{ at: "null", do: "pause" }],
  },
  {
    name: "what is repeated of unsubscribe after a pause",
    python: `
      token = yield from bps.subscribe("all", lambda name, doc: None)
      yield from bps.null()
      yield from bps.unsubscribe(token)
      yield from bps.null()
      yield from bps.sleep(0.03)
    `,
    *plan() {
      const token = yield* bps.subscribe("all", () => {});
      yield* bps.null();
      yield* bps.unsubscribe(token);
      yield* bps.null();
      yield* bps.sleep(0.03);
    },
    script: [{ at: "sleep", do: "pause", after: 0.01 }],
  },
  {
    name: "what has been repeated by a monitor is not",
    python: `
      yield from bps.open_run()
      yield from bps.null()
      yield from bps.monitor(signal, name="beam")
      yield from bps.null()
      yield from bps.unmonitor(signal)
      yield from bps.null()
      yield from bps.sleep(0.05)
      yield from bps.close_run()
    `,
    *plan({ signal }) {
      yield* bps.openRun();
      yield* bps.null();
      yield* bps.monitor(signal, { name: "beam" });
      yield* bps.null();
      yield* bps.unmonitor(signal);
      yield* bps.null();
      yield* bps.sleep(0.05);
      yield* bps.closeRun();
    },
    script: [{ at: "sleep", do: "pause", after: 0.01 }],
  },
  {
    name: "a device that knows pauses is told of them",
    python: `
      yield from bps.read(pausable)
      yield from bps.sleep(0.05)
    `,
    *plan({ pausable }) {
      yield* bps.read(pausable);
      yield* bps.sleep(0.05);
    },
    script: [{ at: "sleep", do: "pause", after: 0.01 }],
  },
  {
    name: "a device that refuses a replay makes a checkpoint of the place",
    python: `
      yield from bps.open_run()
      yield from bps.create("primary")
      yield from bps.read(refuser)
      yield from bps.null()
      yield from bps.save()
      yield from bps.close_run()
    `,
    *plan({ refuser }) {
      yield* bps.openRun();
      yield* bps.create("primary");
      yield* bps.read(refuser);
      yield* bps.null();
      yield* bps.save();
      yield* bps.closeRun();
    },
    script: [{ at: "null", do: "pause" }],
  },
  {
    name: "a device that can't be paused fails the run",
    python: `
      yield from bps.open_run()
      yield from bps.read(pausable)
      yield from bps.sleep(5)
      yield from bps.close_run()
    `,
    *plan({ pausable }) {
      yield* bps.openRun();
      yield* bps.read(pausable);
      yield* bps.sleep(5);
      yield* bps.closeRun();
    },
    faults: { "pausable.pause": { how: "raise" } },
    script: [{ at: "sleep", do: "pause", after: 0.02 }],
  },
  {
    name: "events before the pause are numbered again when they are taken again",
    python: `
      yield from bps.open_run()
      for _ in range(2):
          yield from bps.checkpoint()
          for _ in range(2):
              yield from bps.trigger_and_read([det])
      yield from bps.null()
      yield from bps.close_run()
    `,
    *plan({ det }) {
      yield* bps.openRun();
      for (let n = 0; n < 2; n++) {
        yield* bps.checkpoint();
        for (let i = 0; i < 2; i++) yield* bps.triggerAndRead([det]);
      }
      yield* bps.null();
      yield* bps.closeRun();
    },
    script: [{ at: "null", do: "pause" }],
  },
  {
    name: "a pause after a run was closed",
    python: `
      uid = yield from bps.open_run()
      yield from bps.create("primary")
      yield from bps.read(det)
      yield from bps.save()
      yield from bps.close_run()
      yield from bps.null()
      return uid
    `,
    *plan({ det }) {
      const uid = yield* bps.openRun();
      yield* bps.create("primary");
      yield* bps.read(det);
      yield* bps.save();
      yield* bps.closeRun();
      yield* bps.null();
      return uid;
    },
    script: [{ at: "close_run", do: "pause" }],
  },
  {
    name: "interruptions are recorded where they are asked for",
    python: "bp.count([det], 2)",
    plan: ({ det }) => bp.count([det], 2),
    script: [{ at: "save 2", do: "pause" }],
    engine: { recordInterruptions: true },
  },
];
