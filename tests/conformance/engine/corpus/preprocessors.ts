import * as bp from "../../../../src/plans/index.ts";
import * as bpp from "../../../../src/plans/preprocessors/index.ts";
import * as bps from "../../../../src/plans/stubs/index.ts";
import type { Entry } from "../entry.ts";

type Wrapped = readonly [name: string, python: string, plan: Entry["plan"], more?: Partial<Entry>];

const ALL: readonly Wrapped[] = [
  [
    "runWrapper",
    'bpp.run_wrapper(bps.mv(m1, 1), md={"a": 1})',
    ({ m1 }) => bpp.runWrapper(bps.mv(m1, 1), { md: { a: 1 } }),
  ],
  [
    "runDecorator",
    'bpp.run_decorator(md={"a": 1})(bps.trigger_and_read)([det])',
    ({ det }) => bpp.runDecorator({ md: { a: 1 } })(() => bps.triggerAndRead([det]))(),
  ],
  [
    "stageWrapper",
    "bpp.stage_wrapper(bp.count([det]), [stager, stager2])",
    ({ det, stager, stager2 }) => bpp.stageWrapper(bp.count([det]), [stager, stager2]),
  ],
  [
    "stageDecorator",
    "bpp.stage_decorator([stager])(bps.mv)(m1, 1)",
    ({ m1, stager }) => bpp.stageDecorator([stager])(() => bps.mv(m1, 1))(),
  ],
  [
    "lazilyStageWrapper",
    "bpp.lazily_stage_wrapper(bpp.pchain(bps.read(stager), bps.mv(m1, 1)))",
    ({ m1, stager }) => bpp.lazilyStageWrapper(bpp.pchain(bps.read(stager), bps.mv(m1, 1))),
  ],
  [
    "lazilyStageDecorator",
    "bpp.lazily_stage_decorator()(bpp.pchain)(bps.read(stager), bps.mv(m1, 1))",
    ({ m1, stager }) => bpp.lazilyStageDecorator()(() => bpp.pchain(bps.read(stager), bps.mv(m1, 1)))(),
  ],
  [
    "subsWrapper",
    'bpp.subs_wrapper(bp.count([det]), {"all": lambda name, doc: note("all", name), "event": [lambda name, doc: note(name)]})',
    ({ det, note }) =>
      bpp.subsWrapper(bp.count([det]), {
        all: ({ name }: any) => note("all", name),
        event: [({ name }: any) => note(name)],
      } as any),
  ],
  [
    "injectMdWrapper",
    'bpp.inject_md_wrapper(bp.count([det], md={"a": 1, "b": 1}), {"a": 2})',
    ({ det }) => bpp.injectMdWrapper(bp.count([det], 1, { md: { a: 1, b: 1 } }), { a: 2 }),
  ],
  [
    "stubWrapper",
    "bpp.run_wrapper(bpp.stub_wrapper(bp.count([det])))",
    ({ det }) => bpp.runWrapper(bpp.stubWrapper(bp.count([det]))),
  ],
  [
    "rewindableWrapper",
    "bpp.rewindable_wrapper(bp.count([det], 2), False)",
    ({ det }) => bpp.rewindableWrapper(bp.count([det], 2), false),
  ],
  [
    "relativeSetWrapper",
    "bpp.relative_set_wrapper(bp.scan([det], m1, 0, 1, 2))",
    ({ det, m1 }) => bpp.relativeSetWrapper(bp.scan([det], m1, 0, 1, 2)),
  ],
  [
    "resetPositionsWrapper",
    "bpp.reset_positions_wrapper(bp.scan([det], m1, 0, 1, 2))",
    ({ det, m1 }) => bpp.resetPositionsWrapper(bp.scan([det], m1, 0, 1, 2)),
  ],
  [
    "resetPositionsWrapper of a plan that fails",
    "bpp.reset_positions_wrapper(bp.scan([det], m1, 0, 1, 2))",
    ({ det, m1 }) => bpp.resetPositionsWrapper(bp.scan([det], m1, 0, 1, 2)),
    { faults: { "det.trigger": { how: "raise", call: 2 } } },
  ],
  [
    "baselineWrapper",
    "bpp.baseline_wrapper(bp.count([det]), [m1, m2])",
    ({ det, m1, m2 }) => bpp.baselineWrapper(bp.count([det]), [m1, m2]),
  ],
  [
    "supplementalData",
    "bpp.SupplementalData(baseline=[m1, m2], monitors=[signal], flyers=[flyer])(bp.count([det]))",
    ({ det, m1, m2, signal, flyer }) =>
      bpp.supplementalData({ baseline: [m1, m2], monitors: [signal], flyers: [flyer] })(bp.count([det])),
  ],
  [
    "msgMutator that drops messages",
    'bpp.msg_mutator(bp.count([det], 2), lambda msg: None if msg.command == "checkpoint" else msg)',
    ({ det }) => bpp.msgMutator(bp.count([det], 2), (msg) => (msg.command === "checkpoint" ? null : msg)),
  ],
  [
    "planMutator that puts a plan before and after a message",
    `
      def around(msg):
          if msg.command == "trigger":
              return bpp.pchain(bps.mv(m1, 1), bpp.single_gen(msg)), bps.mv(m1, 0)
          return None, None

      return (yield from bpp.plan_mutator(bp.count([det]), around))
    `,
    ({ det, m1 }) =>
      bpp.planMutator(bp.count([det]), (msg) => {
        if (msg.command !== "trigger") return null;
        const head = (async function* () {
          yield* bps.mv(m1, 1);
          return yield* msg;
        })();
        return [head, bps.mv(m1, 0)];
      }),
  ],
  [
    "finalizeWrapper that pauses for debugging",
    "bpp.finalize_wrapper(bp.count([det]), bps.null, pause_for_debug=True)",
    ({ det }) => bpp.finalizeWrapper(bp.count([det]), () => bps.null(), { pauseForDebug: true }),
    { faults: { "det.trigger": { how: "raise" } } },
  ],
];

/** Preprocessors, undisturbed and through a pause. */
export const PREPROCESSORS: readonly Entry[] = ALL.flatMap(([name, python, plan, more]) => [
  { name, python, plan, ...more },
  { name: `${name}, through a pause`, python, plan, script: [{ at: 4, do: "pause" }], ...more },
]);
