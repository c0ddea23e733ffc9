import type { PlanLike } from "../../../../src/engine/msg.ts";
import { SuspendBoolHigh } from "../../../../src/engine/suspenders/index.ts";
import * as bp from "../../../../src/plans/index.ts";
import * as bpp from "../../../../src/plans/preprocessors/index.ts";
import * as bps from "../../../../src/plans/stubs/index.ts";
import type { Bench } from "../bench.ts";
import type { Entry } from "../entry.ts";

type Decorated = readonly [
  name: string,
  python: string,
  decorator: (bench: Bench) => (plan: any) => (...args: any[]) => PlanLike<any>,
];

const ALL: readonly Decorated[] = [
  ["baselineDecorator", "bpp.baseline_decorator([m2])", ({ m2 }) => bpp.baselineDecorator([m2])],
  [
    "contingencyDecorator",
    "bpp.contingency_decorator(except_plan=lambda error: bps.null(), final_plan=bps.null)",
    () => bpp.contingencyDecorator({ exceptPlan: () => bps.null(), finalPlan: () => bps.null() }),
  ],
  [
    "configureCountTimeDecorator without a time",
    "bpp.configure_count_time_decorator(None)",
    () => bpp.configureCountTimeDecorator(null),
  ],
  [
    "configureCountTimeDecorator of what has no count time",
    "bpp.configure_count_time_decorator(0.5)",
    () => bpp.configureCountTimeDecorator(0.5),
  ],
  [
    "finalizeDecorator",
    "bpp.finalize_decorator(lambda: bps.mv(m2, 0))",
    ({ m2 }) => bpp.finalizeDecorator(() => bps.mv(m2, 0)),
  ],
  ["flyDuringDecorator", "bpp.fly_during_decorator([flyer])", ({ flyer }) => bpp.flyDuringDecorator([flyer])],
  ["injectMdDecorator", 'bpp.inject_md_decorator({"sample": "gold"})', () => bpp.injectMdDecorator({ sample: "gold" })],
  [
    "monitorDuringDecorator",
    "bpp.monitor_during_decorator([signal])",
    ({ signal }) => bpp.monitorDuringDecorator([signal]),
  ],
  ["relativeSetDecorator", "bpp.relative_set_decorator()", () => bpp.relativeSetDecorator()],
  ["resetPositionsDecorator", "bpp.reset_positions_decorator([m1])", ({ m1 }) => bpp.resetPositionsDecorator([m1])],
  ["setRunKeyDecorator", 'bpp.set_run_key_decorator("a")', () => bpp.setRunKeyDecorator("a")],
  [
    "subsDecorator",
    'bpp.subs_decorator({"stop": lambda name, doc: note(name)})',
    ({ note }) => bpp.subsDecorator({ stop: ({ name }: any) => note(name) } as any),
  ],
  [
    "suspendDecorator",
    "bpp.suspend_decorator(SuspendBoolHigh(signal2))",
    ({ signal2 }) => {
      signal2.put(0);
      return bpp.suspendDecorator(new SuspendBoolHigh(signal2));
    },
  ],
];

/** Each decorator around a count and around a scan. */
export const DECORATORS: readonly Entry[] = ALL.flatMap(([name, python, decorator]) => [
  {
    name: `${name} of a count`,
    python: `
      signal2.put(0)
      return (yield from ${python}(bp.count)([det]))
    `,
    plan: (bench) => decorator(bench)(bp.count)([bench.det]),
  },
  {
    name: `${name} of a scan`,
    python: `
      signal2.put(0)
      return (yield from ${python}(bp.scan)([det], m1, 0, 1, 2))
    `,
    plan: (bench) => decorator(bench)(bp.scan)([bench.det], bench.m1, 0, 1, 2),
  },
]);
