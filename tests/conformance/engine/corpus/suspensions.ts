import * as suspenders from "../../../../src/engine/suspenders/index.ts";
import * as bp from "../../../../src/plans/index.ts";
import * as bpp from "../../../../src/plans/preprocessors/index.ts";
import * as bps from "../../../../src/plans/stubs/index.ts";
import { type Bench, m } from "../bench.ts";
import type { Entry, Step } from "../entry.ts";

/** Suspensions: by request, by each class of suspender, with pauses and endings in them. */
export const SUSPENSIONS: readonly Entry[] = [
  requested("a suspension repeats what was done since the checkpoint", [
    { at: "sleep", do: "suspend beam", after: 0.02 },
    { at: "wait_for", do: "release beam", after: 0.02 },
  ]),
  requested("a suspension has its plans before and after", [
    { at: "sleep", do: "suspend beam pre post", after: 0.02 },
    { at: "wait_for", do: "release beam", after: 0.02 },
  ]),
  ...["stop", "abort no beam", "halt"].map((way) =>
    requested(`${way} in a suspension`, [
      { at: "sleep", do: "suspend beam", after: 0.02 },
      { at: "wait_for", do: way, after: 0.02 },
    ]),
  ),
  requested("a pause in a suspension waits on when it is resumed", [
    { at: "sleep", do: "suspend beam", after: 0.02 },
    { at: "wait_for", do: "pause", after: 0.02 },
    { at: "wait_for 2", do: "release beam", after: 0.02 },
  ]),
  requested("a deferred pause in a suspension comes at the next checkpoint after it", [
    { at: "sleep", do: "suspend beam", after: 0.02 },
    { at: "wait_for", do: "defer", after: 0.01 },
    { at: "wait_for", do: "release beam", after: 0.03 },
  ]),
  requested(
    "a suspension with recorded interruptions",
    [
      { at: "sleep", do: "suspend beam", after: 0.02 },
      { at: "wait_for", do: "release beam", after: 0.02 },
    ],
    { engine: { recordInterruptions: true } },
  ),
  requested("a second suspension within the first holds the plan until both are over", [
    { at: "sleep", do: "suspend beam", after: 0.02 },
    { at: "wait_for", do: "suspend vacuum", after: 0.02 },
    { at: "wait_for 2", do: "release beam", after: 0.02 },
    { at: "wait_for 2", do: "release vacuum", after: 0.04 },
  ]),
  requested("a second suspension within the first that is over before it", [
    { at: "sleep", do: "suspend beam", after: 0.02 },
    { at: "wait_for", do: "suspend vacuum", after: 0.02 },
    { at: "wait_for 2", do: "release vacuum", after: 0.02 },
    { at: "wait_for 2", do: "release beam", after: 0.05 },
  ]),
  {
    name: "a suspension stops what moves and sets it again",
    python: `
      yield from bps.open_run()
      yield from bps.mv(m1, 5)
      yield from bps.close_run()
    `,
    *plan({ m1 }) {
      yield* bps.openRun();
      yield* bps.mv(m1, 5);
      yield* bps.closeRun();
    },
    faults: { "m1.set": { how: "pending", call: 1 } },
    script: [
      { at: "wait", do: "suspend beam", after: 0.02 },
      { at: "wait_for", do: "release beam", after: 0.02 },
    ],
  },
  {
    name: "a device that knows pauses is told of a suspension",
    python: `
      yield from bps.read(pausable)
      yield from bps.sleep(0.05)
    `,
    *plan({ pausable }) {
      yield* bps.read(pausable);
      yield* bps.sleep(0.05);
    },
    script: [
      { at: "sleep", do: "suspend beam", after: 0.01 },
      { at: "wait_for", do: "release beam", after: 0.02 },
    ],
  },
  {
    name: "a device that refuses a replay makes a checkpoint of a suspension",
    python: `
      yield from bps.read(refuser)
      yield from bps.sleep(0.05)
      yield from bps.null()
    `,
    *plan({ refuser }) {
      yield* bps.read(refuser);
      yield* bps.sleep(0.05);
      yield* bps.null();
    },
    script: [
      { at: "sleep", do: "suspend beam", after: 0.01 },
      { at: "wait_for", do: "release beam", after: 0.02 },
    ],
  },
  {
    name: "a suspension after clear_checkpoint aborts",
    python: `
      yield from bps.open_run()
      yield from bps.clear_checkpoint()
      yield from bps.sleep(5)
    `,
    *plan() {
      yield* bps.openRun();
      yield* bps.clearCheckpoint();
      yield* bps.sleep(5);
    },
    script: [{ at: "sleep", do: "suspend beam", after: 0.02 }],
  },
  {
    name: "a monitor through a suspension makes one event of each update",
    python: `
      yield from bps.open_run()
      yield from bps.monitor(signal, name="beam")
      yield from bps.sleep(0.05)
      yield from bps.null()
      yield from bps.null()
      yield from bps.close_run()
    `,
    *plan({ signal }) {
      yield* bps.openRun();
      yield* bps.monitor(signal, { name: "beam" });
      yield* bps.sleep(0.05);
      yield* bps.null();
      yield* bps.null();
      yield* bps.closeRun();
    },
    script: [
      { at: "sleep", do: "suspend beam", after: 0.02 },
      { at: "wait_for", do: "release beam", after: 0.02 },
      { at: "null", do: "put signal 7" },
    ],
  },
  ...(
    [
      ["SuspendBoolHigh", "", [], 0, 1],
      ["SuspendBoolLow", "", [], 1, 0],
      ["SuspendFloor", ", 10", [10], 20.5, 5.5],
      ["SuspendFloor", ", 10, resume_thresh=15", [10, { resumeThreshold: 15 }], 20.5, 5.5],
      ["SuspendCeil", ", 10", [10], 5.5, 20.5],
      ["SuspendCeil", ", 10, resume_thresh=7", [10, { resumeThreshold: 7 }], 5.5, 20.5],
      ["SuspendWhenOutsideBand", ", 10, 30", [10, 30], 20.5, 40.5],
      ["SuspendInBand", ", 10, 30", [10, 30], 20.5, 5.5],
      ["SuspendOutBand", ", 10, 30", [10, 30], 40.5, 20.5],
      ["SuspendWhenChanged", ", allow_resume=True", [{ allowResume: true }], 20.5, 21.5],
    ] as const
  ).flatMap(([name, words, args, good, bad]) => [
    watched(name, words, args, good, bad),
    heldFromTheBeginning(name, words, args, good, bad),
  ]),
  {
    name: "a threshold for resuming is not yet crossed by a value between the two",
    python: `
      RE.install_suspender(SuspendFloor(signal, 10, resume_thresh=15))
      return bpp.run_wrapper(bps.sleep(0.05))
    `,
    plan: ({ engine, signal }) => {
      engine.installSuspender(new suspenders.SuspendFloor(signal, 10, { resumeThreshold: 15 }));
      return bpp.runWrapper(sleeping(0.05));
    },
    script: [
      { at: "sleep", do: "put signal 5.5", after: 0.02 },
      { at: "wait_for", do: "put signal 12", after: 0.02 },
      { at: "wait_for", do: "put signal 16", after: 0.04 },
    ],
  },
  {
    name: "a suspender with plans, a delay and a message of its own",
    python: `
      RE.install_suspender(SuspendBoolHigh(
          signal, sleep=0.05, pre_plan=[Msg("null", None, "pre")], post_plan=lambda: bps.mv(m1, 9), tripped_message="tell Ann"
      ))
      signal.put(0)
      return bpp.run_wrapper(bps.sleep(0.05))
    `,
    plan: ({ engine, signal, m1 }) => {
      const options = { sleep: 0.05, postPlan: () => bps.mv(m1, 9), trippedMessage: "tell Ann" };
      signal.put(0);
      engine.installSuspender(
        new suspenders.SuspendBoolHigh(signal, { ...options, prePlan: [m("null", null, ["pre"])] }),
      );
      return bpp.runWrapper(sleeping(0.05));
    },
    script: [
      { at: "sleep", do: "put signal 1", after: 0.02 },
      { at: "wait_for", do: "put signal 0", after: 0.02 },
    ],
    engine: { recordInterruptions: true },
  },
  {
    name: "suspendWrapper installs its suspender for its plan",
    python: `
      signal.put(0)
      return bpp.suspend_wrapper(bp.count([det]), SuspendBoolHigh(signal))
    `,
    plan: ({ signal, det }) => {
      signal.put(0);
      return bpp.suspendWrapper(bp.count([det]), new suspenders.SuspendBoolHigh(signal));
    },
  },
  {
    name: "suspendWrapper with two suspenders, of which one trips",
    python: `
      signal.put(0)
      signal2.put(20.5)
      suspenders = [SuspendBoolHigh(signal), SuspendFloor(signal2, 10)]
      return bpp.suspend_wrapper(bpp.run_wrapper(bps.sleep(0.05)), suspenders)
    `,
    plan: ({ signal, signal2 }) => {
      signal.put(0);
      signal2.put(20.5);
      const both = [new suspenders.SuspendBoolHigh(signal), new suspenders.SuspendFloor(signal2, 10)];
      return bpp.suspendWrapper(bpp.runWrapper(sleeping(0.05)), both);
    },
    script: [
      { at: "sleep", do: "put signal2 5.5", after: 0.02 },
      { at: "wait_for", do: "put signal2 20.5", after: 0.02 },
    ],
  },
  {
    name: "a suspender that a plan removes before it trips holds nothing",
    python: `
      suspender = SuspendBoolHigh(signal)
      signal.put(0)
      yield from bps.install_suspender(suspender)
      yield from bps.remove_suspender(suspender)
      yield from bps.sleep(0.05)
      yield from bps.null()
    `,
    *plan({ signal }) {
      const suspender = new suspenders.SuspendBoolHigh(signal);
      signal.put(0);
      yield* bps.installSuspender(suspender);
      yield* bps.removeSuspender(suspender);
      yield* bps.sleep(0.05);
      yield* bps.null();
    },
    script: [{ at: "sleep", do: "put signal 1", after: 0.02 }],
  },
  {
    name: "a suspender that is installed by a plan holds it, and is removed by it",
    python: `
      suspender = SuspendBoolHigh(signal)
      signal.put(0)
      yield from bps.open_run()
      note((yield from bps.install_suspender(suspender)))
      yield from bps.sleep(0.05)
      note((yield from bps.remove_suspender(suspender)))
      yield from bps.null()
      yield from bps.close_run()
    `,
    *plan({ note, signal }) {
      const suspender = new suspenders.SuspendBoolHigh(signal);
      signal.put(0);
      yield* bps.openRun();
      note(yield* bps.installSuspender(suspender));
      yield* bps.sleep(0.05);
      note(yield* bps.removeSuspender(suspender));
      yield* bps.null();
      yield* bps.closeRun();
    },
    script: [
      { at: "sleep", do: "put signal 1", after: 0.02 },
      { at: "wait_for", do: "put signal 0", after: 0.02 },
      { at: "null", do: "put signal 1" },
    ],
  },
];

function* sleeping(seconds: number, det?: Bench["det"]): Generator<any, void, never> {
  if (det !== undefined) yield* bps.triggerAndRead([det]);
  yield* bps.sleep(seconds);
}

function requested(name: string, script: readonly Step[], more: Partial<Entry> = {}): Entry {
  return {
    name,
    python: `
      yield from bps.open_run()
      yield from bps.trigger_and_read([det])
      yield from bps.checkpoint()
      yield from bps.mv(m1, 1)
      yield from bps.trigger_and_read([det])
      yield from bps.sleep(0.05)
      yield from bps.checkpoint()
      yield from bps.null()
      yield from bps.close_run()
    `,
    *plan({ det, m1 }) {
      yield* bps.openRun();
      yield* bps.triggerAndRead([det]);
      yield* bps.checkpoint();
      yield* bps.mv(m1, 1);
      yield* bps.triggerAndRead([det]);
      yield* bps.sleep(0.05);
      yield* bps.checkpoint();
      yield* bps.null();
      yield* bps.closeRun();
    },
    script,
    ...more,
  };
}

const { Suspender: _, ...CLASSES } = suspenders;

type Class = keyof typeof CLASSES;

function installed(name: Class, args: readonly unknown[], { engine, signal, det }: Bench, value: number): any {
  signal.put(value);
  engine.installSuspender(new (CLASSES[name] as any)(signal, ...args));
  return bpp.runWrapper(sleeping(0.05, det));
}

/** Trips in a sleep, and lets go. */
function watched(name: Class, words: string, args: readonly unknown[], good: number, bad: number): Entry {
  return {
    name: `${name}${words} trips in a sleep and lets go`,
    python: `
      signal.put(${good})
      RE.install_suspender(${name}(signal${words}))
      return bpp.run_wrapper(bpp.pchain(bps.trigger_and_read([det]), bps.sleep(0.05)))
    `,
    plan: (bench) => installed(name, args, bench, good),
    script: [
      { at: "sleep", do: `put signal ${bad}`, after: 0.02 },
      { at: "wait_for", do: `put signal ${good}`, after: 0.02 },
    ],
    engine: { recordInterruptions: true },
  };
}

function heldFromTheBeginning(name: Class, words: string, args: readonly unknown[], good: number, bad: number): Entry {
  const expected = name === "SuspendWhenChanged";
  return {
    name: `${name}${words} that has tripped before the plan begins`,
    python: `
      signal.put(${bad})
      RE.install_suspender(${name}(signal${words}${expected ? `, expected_value=${good}` : ""}))
      return bpp.run_wrapper(bpp.pchain(bps.trigger_and_read([det]), bps.sleep(0.05)))
    `,
    plan: (bench) => installed(name, expected ? [{ allowResume: true, expectedValue: good }] : args, bench, bad),
    script: [{ at: "wait_for", do: `put signal ${good}`, after: 0.02 }],
  };
}
