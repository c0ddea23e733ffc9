import * as bp from "../../../../src/plans/index.ts";
import { cycler } from "../../../../src/plans/patterns/index.ts";
import * as bps from "../../../../src/plans/stubs/index.ts";
import type { Entry } from "../entry.ts";

type Plan = readonly [name: string, python: string, plan: Entry["plan"], more?: Partial<Entry>];

/** Sines and powers may differ in the last digit. */
const DIGITS: Partial<Entry> = { digits: 12 };

const ALL: readonly Plan[] = [
  ["count", "bp.count([det, det2], 3)", ({ det, det2 }) => bp.count([det, det2], 3)],
  ["count of nothing", "bp.count([], 2)", () => bp.count([], 2)],
  [
    "count with metadata",
    'bp.count([det], md={"sample": "gold", "hints": {"fields": ["x"]}, "plan_name": "mine"})',
    ({ det }) => bp.count([det], 1, { md: { sample: "gold", hints: { fields: ["x"] }, plan_name: "mine" } }),
  ],
  ["count with a delay", "bp.count([det], 2, 0.1)", ({ det }) => bp.count([det], 2, { delay: 0.1 })],
  ["count with delays", "bp.count([det], 3, [0.1, 0.2])", ({ det }) => bp.count([det], 3, { delay: [0.1, 0.2] })],
  [
    "count without an end, with delays",
    "bp.count([det], None, [0.1, 0])",
    ({ det }) => bp.count([det], null, { delay: [0.1, 0] }),
  ],
  [
    "count with a shot of its own",
    "bp.count([det], 2, per_shot=lambda dets: bps.trigger_and_read(dets, 'shots'))",
    ({ det }) => bp.count([det], 2, { perShot: (dets) => bps.triggerAndRead(dets, "shots") }),
    { ...replacing("per_shot") },
  ],
  ["scan", "bp.scan([det], m1, -1, 1, 3)", ({ det, m1 }) => bp.scan([det], m1, -1, 1, 3)],
  [
    "scan of two motors",
    "bp.scan([det], m1, -1, 1, m2, 0, 7, 4)",
    ({ det, m1, m2 }) => bp.scan([det], m1, -1, 1, m2, 0, 7, 4),
  ],
  [
    "scan with a step of its own",
    `bp.scan([det], m1, 0, 1, 2, per_step=lambda detectors, motor, step: bps.one_1d_step([*detectors, det2], motor, step))`,
    ({ det, det2, m1 }) =>
      bp.scan([det], m1, 0, 1, 2, {
        perStep: (detectors: any, motor: any, step: any) => bps.one1dStep([...detectors, det2], motor, step),
      }),
    { ...replacing("per_step") },
  ],
  ["relScan", "bp.rel_scan([det], m1, -1, 1, 3)", ({ det, m1 }) => bp.relScan([det], m1, -1, 1, 3)],
  [
    "listScan",
    "bp.list_scan([det], m1, [1, 1, 5], m2, [0.5, 2, 2])",
    ({ det, m1, m2 }) => bp.listScan([det], m1, [1, 1, 5], m2, [0.5, 2, 2]),
  ],
  ["relListScan", "bp.rel_list_scan([det], m1, [1, 3])", ({ det, m1 }) => bp.relListScan([det], m1, [1, 3])],
  [
    "gridScan",
    "bp.grid_scan([det], m1, 0, 1, 2, m2, 0, 4, 3)",
    ({ det, m1, m2 }) => bp.gridScan([det], m1, 0, 1, 2, m2, 0, 4, 3),
  ],
  [
    "gridScan that snakes",
    "bp.grid_scan([det], m1, 0, 1, 3, m2, 0, 4, 2, snake_axes=True)",
    ({ det, m1, m2 }) => bp.gridScan([det], m1, 0, 1, 3, m2, 0, 4, 2, { snakeAxes: true }),
  ],
  [
    "gridScan that snakes by a flag of the older kind",
    "bp.grid_scan([det], m1, 0, 1, 2, m2, 0, 4, 2, True)",
    ({ det, m1, m2 }) => bp.gridScan([det], m1, 0, 1, 2, m2, 0, 4, 2, true),
  ],
  [
    "relGridScan",
    "bp.rel_grid_scan([det], m1, 0, 1, 2, m2, 0, 4, 2)",
    ({ det, m1, m2 }) => bp.relGridScan([det], m1, 0, 1, 2, m2, 0, 4, 2),
  ],
  [
    "listGridScan",
    "bp.list_grid_scan([det], m1, [4, 1], m2, [0, 5, 7], snake_axes=True)",
    ({ det, m1, m2 }) => bp.listGridScan([det], m1, [4, 1], m2, [0, 5, 7], { snakeAxes: true }),
  ],
  [
    "relListGridScan",
    "bp.rel_list_grid_scan([det], m1, [4, 1], m2, [0, 5])",
    ({ det, m1, m2 }) => bp.relListGridScan([det], m1, [4, 1], m2, [0, 5]),
  ],
  ["logScan", "bp.log_scan([det], m1, 0, 2, 3)", ({ det, m1 }) => bp.logScan([det], m1, 0, 2, 3), DIGITS],
  ["relLogScan", "bp.rel_log_scan([det], m1, 0, 2, 3)", ({ det, m1 }) => bp.relLogScan([det], m1, 0, 2, 3), DIGITS],
  [
    "scanNd",
    "bp.scan_nd([det], cycler(m1, [1, 2]) * cycler(m2, [5, 6]))",
    ({ det, m1, m2 }) => bp.scanNd([det], cycler(m1, [1, 2]).multiply(cycler(m2, [5, 6]))),
  ],
  [
    "spiral",
    "bp.spiral([det], m1, m2, 0, 1, 3, 2, 1.5, 4, dr_y=0.7, tilt=0.2)",
    ({ det, m1, m2 }) => bp.spiral([det], m1, m2, 0, 1, 3, 2, 1.5, 4, { drY: 0.7, tilt: 0.2 }),
    DIGITS,
  ],
  [
    "relSpiral",
    "bp.rel_spiral([det], m1, m2, 2, 2, 0.8, 3)",
    ({ det, m1, m2 }) => bp.relSpiral([det], m1, m2, 2, 2, 0.8, 3),
    DIGITS,
  ],
  [
    "spiralFermat",
    "bp.spiral_fermat([det], m1, m2, 0, 1, 2, 2, 0.8, 1.3, tilt=0.3)",
    ({ det, m1, m2 }) => bp.spiralFermat([det], m1, m2, 0, 1, 2, 2, 0.8, 1.3, { tilt: 0.3 }),
    DIGITS,
  ],
  [
    "relSpiralFermat",
    "bp.rel_spiral_fermat([det], m1, m2, 2, 2, 0.8, 1.5)",
    ({ det, m1, m2 }) => bp.relSpiralFermat([det], m1, m2, 2, 2, 0.8, 1.5),
    DIGITS,
  ],
  [
    "spiralSquare",
    "bp.spiral_square([det], m1, m2, 0, 1, 3, 2, 3, 4)",
    ({ det, m1, m2 }) => bp.spiralSquare([det], m1, m2, 0, 1, 3, 2, 3, 4),
    DIGITS,
  ],
  [
    "relSpiralSquare",
    "bp.rel_spiral_square([det], m1, m2, 3, 2, 3, 2)",
    ({ det, m1, m2 }) => bp.relSpiralSquare([det], m1, m2, 3, 2, 3, 2),
    DIGITS,
  ],
  [
    "adaptiveScan",
    'bp.adaptive_scan([det], "det", m1, -3, 5, 0.3, 1.5, 30, True)',
    ({ det, m1 }) => bp.adaptiveScan([det], "det", m1, -3, 5, 0.3, 1.5, 30, true),
    DIGITS,
  ],
  [
    "relAdaptiveScan",
    'bp.rel_adaptive_scan([det], "det", m1, -3, 2, 0.3, 1.5, 20, False)',
    ({ det, m1 }) => bp.relAdaptiveScan([det], "det", m1, -3, 2, 0.3, 1.5, 20, false),
    DIGITS,
  ],
  [
    "tuneCentroid",
    'bp.tune_centroid([det], "det", m1, -2, 6, 0.6, 5)',
    ({ det, m1 }) => bp.tuneCentroid([det], "det", m1, -2, 6, 0.6, 5),
    DIGITS,
  ],
  [
    "tuneCentroid that snakes",
    'bp.tune_centroid([det], "det", m1, -2, 6, 0.6, 5, snake=True)',
    ({ det, m1 }) => bp.tuneCentroid([det], "det", m1, -2, 6, 0.6, 5, 3, true),
    DIGITS,
  ],
  ["x2xScan", "bp.x2x_scan([det], m1, m2, -2, 2, 3)", ({ det, m1, m2 }) => bp.x2xScan([det], m1, m2, -2, 2, 3)],
  [
    "innerProductScan",
    "bp.inner_product_scan([det], 2, m1, 0, 1)",
    ({ det, m1 }) => bp.innerProductScan([det], 2, m1, 0, 1),
  ],
  [
    "relativeInnerProductScan",
    "bp.relative_inner_product_scan([det], 2, m1, 0, 1)",
    ({ det, m1 }) => bp.relativeInnerProductScan([det], 2, m1, 0, 1),
  ],
  ["fly", "bp.fly([flyer])", ({ flyer }) => bp.fly([flyer])],
  [
    "rampPlan",
    'bp.ramp_plan(bps.abs_set(m1, 4), signal, partial(bps.trigger_and_read, [det]), md={"a": 1})',
    ({ det, m1, signal }) =>
      bp.rampPlan(bps.absSet(m1, 4), signal, () => bps.triggerAndRead([det]), true, null, null, { md: { a: 1 } }),
  ],
];

/** Every plan, undisturbed and through a pause. */
export const PLANS: readonly Entry[] = ALL.flatMap(([name, python, plan, more]) => [
  { name, python, plan, ...more },
  { name: `${name}, through a pause`, python, plan, script: [{ at: 14, do: "pause" }], ...more },
]);

/** A function that a plan was given is in the start document as Python or JavaScript prints it. */
function replacing(keyword: string): Partial<Entry> {
  return { printed: keyword };
}
