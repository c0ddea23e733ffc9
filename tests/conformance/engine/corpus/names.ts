import * as bp from "../../../../src/plans/index.ts";
import * as bpp from "../../../../src/plans/preprocessors/index.ts";
import * as bps from "../../../../src/plans/stubs/index.ts";
import type { Bench } from "../bench.ts";
import type { Entry } from "../entry.ts";

type Alias = readonly [
  python: string,
  plan: (bench: Bench, num: number) => ReturnType<Entry["plan"]>,
  more?: Partial<Entry>,
];

const ALIASES: readonly Alias[] = [
  ["bp.relative_list_scan([det], m1, [1, NUM])", ({ det, m1 }, num) => bp.relativeListScan([det], m1, [1, num])],
  ["bp.relative_scan([det], m1, -1, 1, NUM)", ({ det, m1 }, num) => bp.relativeScan([det], m1, -1, 1, num)],
  [
    "bp.relative_log_scan([det], m1, 0, 1, NUM)",
    ({ det, m1 }, num) => bp.relativeLogScan([det], m1, 0, 1, num),
    { digits: 12 },
  ],
  [
    "bp.relative_adaptive_scan([det], 'm1', m1, 0, 1, 0.1, 0.NUM, 0.3, False)",
    ({ det, m1 }, num) => bp.relativeAdaptiveScan([det], "m1", m1, 0, 1, 0.1, num / 10, 0.3, false),
    { digits: 12 },
  ],
  [
    "bp.outer_product_scan([det], m1, 0, 1, NUM, m2, 0, 1, 2, False)",
    ({ det, m1, m2 }, num) => bp.outerProductScan([det], m1, 0, 1, num, m2, 0, 1, 2, false),
  ],
  [
    "bp.relative_outer_product_scan([det], m1, 0, 1, NUM, m2, 0, 1, 2, False)",
    ({ det, m1, m2 }, num) => bp.relativeOuterProductScan([det], m1, 0, 1, num, m2, 0, 1, 2, false),
  ],
  [
    "bp.relative_spiral_fermat([det], m1, m2, NUM, 3, 1, 1)",
    ({ det, m1, m2 }, num) => bp.relativeSpiralFermat([det], m1, m2, num, 3, 1, 1),
    { digits: 12 },
  ],
  [
    "bp.relative_spiral([det], m1, m2, NUM, 3, 1, 4)",
    ({ det, m1, m2 }, num) => bp.relativeSpiral([det], m1, m2, num, 3, 1, 4),
    { digits: 12 },
  ],
  ["bps.mov(m1, NUM)", ({ m1 }, num) => bps.mov(m1, num)],
  ["bps.movr(m1, NUM)", ({ m1 }, num) => bps.movr(m1, num)],
  [
    "bpp.run_wrapper(bps.move_per_step({m1: 1, m2: NUM}, {m1: 1, m2: 0}))",
    ({ m1, m2 }, num) =>
      bpp.runWrapper(
        bps.movePerStep(
          new Map([
            [m1, 1],
            [m2, num],
          ]),
          new Map([
            [m1, 1],
            [m2, 0],
          ]),
        ),
      ),
  ],
  ["bps.caching_repeater(NUM, bps.mv(m1, 1))", ({ m1 }, num) => bps.cachingRepeater(num, bps.mv(m1, 1))],
  [
    "bpp.pchain(bps.stage(stager), bps.unstage(stager), bps.mv(m1, NUM))",
    ({ m1, stager }, num) => bpp.pchain(bps.stage(stager), bps.unstage(stager), bps.mv(m1, num)),
  ],
  [
    "bpp.pchain(bps.locate(m1), bps.mv(m1, NUM), bps.locate(m1, m2))",
    ({ m1, m2 }, num) => bpp.pchain(bps.locate(m1), bps.mv(m1, num), bps.locate(m1, m2)),
  ],
  [
    "bpp.pchain(bps.abs_set(m1, NUM), bps.stop(m1))",
    ({ m1 }, num) => bpp.pchain(bps.absSet(m1, num), bps.stop(m1)),
    { faults: { "m1.set": { how: "pending" } } },
  ],
  [
    "bpp.pchain(bps.checkpoint(), bps.pause(), bps.mv(m1, NUM))",
    ({ m1 }, num) => bpp.pchain(bps.checkpoint(), bps.pause(), bps.mv(m1, num)),
  ],
  [
    "bpp.pchain(bps.deferred_pause(), bps.mv(m1, NUM), bps.checkpoint())",
    ({ m1 }, num) => bpp.pchain(bps.deferredPause(), bps.mv(m1, num), bps.checkpoint()),
  ],
  [
    "bpp.fly_during_wrapper(bp.count([det], NUM), [flyer])",
    ({ det, flyer }, num) => bpp.flyDuringWrapper(bp.count([det], num), [flyer]),
  ],
  [
    "bpp.set_run_key_wrapper(bp.count([det], NUM), 'k')",
    ({ det }, num) => bpp.setRunKeyWrapper(bp.count([det], num), "k"),
  ],
  [
    "bpp.configure_count_time_wrapper(bp.count([det], NUM), None)",
    ({ det }, num) => bpp.configureCountTimeWrapper(bp.count([det], num), null),
  ],
  [
    "bpp.pchain(bps.prepare(flyer, NUM, wait=True))",
    ({ flyer }, num) => bpp.pchain(bps.prepare(flyer, num, { wait: true })),
  ],
  [
    "return (yield from bpp.run_decorator()(bpp.stub_decorator()(bp.count))([det], NUM))",
    ({ det }, num) => bpp.runDecorator()(bpp.stubDecorator()(bp.count))([det], num),
  ],
  [
    "bpp.pchain(bps.mv(m1, NUM), bps.input_plan('go on? '))",
    ({ m1 }, num) => bpp.pchain(bps.mv(m1, num), bps.inputPlan("go on? ")),
    { script: [{ at: "input", do: "type yes", after: 0.02 }] },
  ],
];

/** The other names of plans, and stubs that are seldom used by name; each twice. */
export const NAMES: readonly Entry[] = ALIASES.flatMap(([python, plan, more]) =>
  [2, 3].map((num) => {
    const said = python.replace("NUM", String(num));
    return { name: said, python: said, plan: (bench: Bench) => plan(bench, num), ...more };
  }),
);
