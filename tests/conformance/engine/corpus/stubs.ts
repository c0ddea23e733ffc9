import * as bps from "../../../../src/plans/stubs/index.ts";
import type { Entry } from "../entry.ts";

type Stub = readonly [name: string, python: string, plan: Entry["plan"], more?: Partial<Entry>];

const ALL: readonly Stub[] = [
  ["mv", "bps.mv(m1, 1, m2, 2)", ({ m1, m2 }) => bps.mv(m1, 1, m2, 2)],
  ["mvr", "bps.mvr(m1, 1, m2, 2)", ({ m1, m2 }) => bps.mvr(m1, 1, m2, 2)],
  ["absSet that waits", "bps.abs_set(m1, 1, wait=True)", ({ m1 }) => bps.absSet(m1, 1, { wait: true })],
  ["relSet", "bps.rel_set(m1, 1)", ({ m1 }) => bps.relSet(m1, 1)],
  ["rd of a motor", "bps.rd(m1)", ({ m1 }) => bps.rd(m1)],
  ["rd of a detector", "bps.rd(det)", ({ det }) => bps.rd(det)],
  [
    "triggerAndRead into a stream of its own",
    "bpp.run_wrapper(bps.trigger_and_read([det, m1], 'extra'))",
    ({ det, m1 }) => inARun(() => bps.triggerAndRead([det, m1], "extra")),
  ],
  [
    "triggerAndRead whose reading fails",
    "bpp.run_wrapper(bps.trigger_and_read([m1, det]))",
    ({ det, m1 }) => inARun(() => bps.triggerAndRead([m1, det])),
    { faults: { "det.read": { how: "raise" } } },
  ],
  [
    "repeat",
    "bpp.run_wrapper(bps.repeat(partial(bps.one_shot, [det]), 3))",
    ({ det }) => inARun(() => bps.repeat(() => bps.oneShot([det]), 3)),
  ],
  [
    "oneNdStep",
    "bpp.run_wrapper(bps.one_nd_step([det], {m1: 1, m2: 2}, {m1: None, m2: 2}))",
    ({ det, m1, m2 }) =>
      inARun(() =>
        bps.oneNdStep(
          [det],
          new Map([
            [m1, 1],
            [m2, 2],
          ]),
          new Map([[m2, 2]]),
        ),
      ),
  ],
  [
    "stageAll and unstageAll",
    "bpp.pchain(bps.stage_all(stager2, stager), bps.unstage_all(stager2, stager))",
    async function* ({ stager, stager2 }) {
      yield* bps.stageAll(stager2, stager);
      yield* bps.unstageAll(stager2, stager);
      return [undefined, undefined];
    },
  ],
  [
    "stage that waits",
    "bps.stage(stager2, wait=True)",
    ({ stager2 }) => bps.stage(stager2, { wait: true }),
    {
      faults: { "stager2.stage": { how: "pending" } },
      script: [{ at: "wait", do: "settle stager2.stage", after: 0.02 }],
    },
  ],
  [
    "a stage that fails",
    "bps.stage(stager2, wait=True)",
    ({ stager2 }) => bps.stage(stager2, { wait: true }),
    {
      faults: { "stager2.stage": { how: "pending" } },
      script: [{ at: "wait", do: "fail stager2.stage", after: 0.02 }],
    },
  ],
  [
    "kickoffAll and completeAll",
    "bpp.run_wrapper(bpp.pchain(bps.kickoff_all(flyer, writer1), bps.complete_all(flyer, writer1, wait=True), bps.collect(flyer, return_payload=False)))",
    ({ flyer, writer1 }) =>
      inARun(async function* () {
        yield* bps.kickoffAll(flyer, writer1);
        yield* bps.completeAll(flyer, writer1, { wait: true });
        yield* bps.collect(flyer, { returnPayload: false });
      }),
  ],
  ["broadcastMsg", 'bps.broadcast_msg("read", [det, m1])', ({ det, m1 }) => bps.broadcastMsg("read", [det, m1])],
  ["repeater", "bps.repeater(2, bps.mv, m1, 3)", ({ m1 }) => bps.repeater(2, () => bps.mv(m1, 3))],
];

async function* inARun(plan: () => any): AsyncGenerator<any, string, never> {
  const uid = yield* bps.openRun();
  try {
    yield* plan();
  } catch (error) {
    yield* bps.closeRun("fail", (error as Error).message);
    throw error;
  }
  yield* bps.closeRun();
  return uid;
}

/** Stubs of several messages, undisturbed and through a pause. */
export const STUBS: readonly Entry[] = ALL.flatMap(([name, python, plan, more = {}]) => [
  { name, python, plan, ...more },
  { name: `${name}, through a pause`, python, plan, ...more, script: [...(more.script ?? []), { at: 3, do: "pause" }] },
]);
