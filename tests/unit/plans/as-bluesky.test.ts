import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Msg, PlanLike } from "../../../src/engine/msg.ts";
import * as bp from "../../../src/plans/index.ts";
import { cycler } from "../../../src/plans/patterns/index.ts";
import * as bpp from "../../../src/plans/preprocessors/index.ts";
import * as bps from "../../../src/plans/stubs/index.ts";
import { Bench, type Trace } from "./support/bench.ts";

type Recorded = [command: string, obj: string | null, args: unknown[], kwargs: Record<string, unknown>, run: unknown];

interface Recording {
  messages: Recorded[];
  result: unknown;
  error: string | null;
}

/** What bluesky 1.15.1 sent for the same plans on the same devices; golden/record.py made it. */
const golden: Record<string, Recording> = JSON.parse(
  readFileSync(new URL("./golden/messages.json", import.meta.url), "utf8"),
);

/** Stands where Python had any iterable of suspenders. */
const suspender = "suspender" as unknown as object;

const PLANS: Record<string, (b: Bench) => PlanLike<unknown>> = {
  count: (b) => bp.count([b.det], 3),
  "count with md": (b) => bp.count([b.det], 1, { md: { sample: "gold", hints: { fields: ["x"] } } }),
  scan: (b) => bp.scan([b.det], b.m1, -1, 1, 3),
  "scan of two": (b) => bp.scan([b.det], b.m1, -1, 1, b.m2, 0, 7, 4),
  relScan: (b) => bp.relScan([b.det], b.m1, -1, 1, 3),
  listScan: (b) => bp.listScan([b.det], b.m1, [1, 1, 5], b.m2, [0.5, 2, 2]),
  relListScan: (b) => bp.relListScan([b.det], b.m1, [1, 3]),
  gridScan: (b) => bp.gridScan([b.det], b.m1, 0, 1, 2, b.m2, 0, 4, 3),
  "gridScan snaked": (b) => bp.gridScan([b.det], b.m1, 0, 1, 3, b.m2, 0, 4, 3, { snakeAxes: true }),
  "gridScan snaked by list": (b) => bp.gridScan([b.det], b.m1, 0, 1, 3, b.m2, 0, 4, 2, { snakeAxes: [b.m2] }),
  "gridScan with flags": (b) => bp.gridScan([b.det], b.m1, 0, 1, 2, b.m2, 0, 4, 2, true),
  relGridScan: (b) => bp.relGridScan([b.det], b.m1, 0, 1, 2, b.m2, 0, 4, 2),
  listGridScan: (b) => bp.listGridScan([b.det], b.m1, [4, 1], b.m2, [0, 5, 7], { snakeAxes: true }),
  relListGridScan: (b) => bp.relListGridScan([b.det], b.m1, [4, 1], b.m2, [0, 5]),
  logScan: (b) => bp.logScan([b.det], b.m1, 0, 2, 3),
  relLogScan: (b) => bp.relLogScan([b.det], b.m1, 0, 2, 3),
  spiral: (b) => bp.spiral([b.det], b.m1, b.m2, 0, 1, 3, 2, 0.5, 4, { drY: 0.7, tilt: 0.2 }),
  relSpiral: (b) => bp.relSpiral([b.det], b.m1, b.m2, 2, 2, 0.8, 3),
  spiralFermat: (b) => bp.spiralFermat([b.det], b.m1, b.m2, 0, 1, 3, 2, 0.8, 1.3, { tilt: 0.3 }),
  relSpiralFermat: (b) => bp.relSpiralFermat([b.det], b.m1, b.m2, 2, 2, 0.8, 1.5),
  spiralSquare: (b) => bp.spiralSquare([b.det], b.m1, b.m2, 0, 1, 3, 2, 3, 4),
  relSpiralSquare: (b) => bp.relSpiralSquare([b.det], b.m1, b.m2, 3, 2, 3, 2),
  adaptiveScan: (b) => bp.adaptiveScan([b.det], "det", b.m1, -3, 5, 0.1, 1.5, 30, true),
  relAdaptiveScan: (b) => bp.relAdaptiveScan([b.det], "det", b.m1, -3, 2, 0.05, 1.5, 20, false),
  tuneCentroid: (b) => bp.tuneCentroid([b.det], "det", b.m1, -2, 6, 0.6, 5),
  "tuneCentroid snaked": (b) => bp.tuneCentroid([b.det], "det", b.m1, -2, 6, 0.6, 5, 3, true),
  x2xScan: (b) => bp.x2xScan([b.det], b.m1, b.m2, -2, 2, 3),
  innerProductScan: (b) => bp.innerProductScan([b.det], 2, b.m1, 0, 1),
  relativeInnerProductScan: (b) => bp.relativeInnerProductScan([b.det], 2, b.m1, 0, 1),
  scanNd: (b) => bp.scanNd([b.det], cycler(b.m1, [1, 2]).multiply(cycler(b.m2, [5, 6]))),
  fly: (b) => bp.fly([b.flyer]),
  rampPlan: (b) =>
    bp.rampPlan(bps.absSet(b.m1, 4), b.signal, () => bps.triggerAndRead([b.det]), true, null, null, {
      md: { a: 1 },
    }),
  mv: (b) => bps.mv(b.m1, 1, b.m2, 2),
  mvr: (b) => bps.mvr(b.m1, 1, b.m2, 2),
  "absSet waited": (b) => bps.absSet(b.m1, 1, { wait: true }),
  relSet: (b) => bps.relSet(b.m1, 1),
  "rd of a motor": (b) => bps.rd(b.m1),
  "rd of a detector": (b) => bps.rd(b.det),
  triggerAndRead: (b) => bps.triggerAndRead([b.det, b.m1], "extra"),
  "triggerAndRead of nothing": () => bps.triggerAndRead([]),
  stageAll: (b) => bps.stageAll(b.det, b.m1),
  collectWhileCompleting: (b) => bps.collectWhileCompleting([b.flyer], [b.det], { flushPeriod: 0.5, streamName: "s" }),
  kickoffAll: (b) => bps.kickoffAll(b.flyer),
  repeat: (b) => bps.repeat(() => bps.oneShot([b.det]), 2),
  oneNdStep: (b) =>
    bps.oneNdStep(
      [b.det],
      new Map([
        [b.m1, 1],
        [b.m2, 2],
      ]),
      new Map([[b.m2, 2]]),
    ),
  runWrapper: () => bpp.runWrapper(plain(), { md: { a: 1 } }),
  finalizeWrapper: (b) => bpp.finalizeWrapper(bps.mv(b.m1, 1), () => bps.null()),
  stageWrapper: (b) => bpp.stageWrapper(plain(), [b.det, b.m1]),
  lazilyStageWrapper: (b) => bpp.lazilyStageWrapper(bps.mv(b.m1, 1, b.m2, 2)),
  rewindableWrapper: () => bpp.rewindableWrapper(plain(), false),
  suspendWrapper: () => bpp.suspendWrapper(plain(), [suspender]),
  injectMdWrapper: () => bpp.injectMdWrapper(bpp.runWrapper(plain(), { md: { a: 1, b: 1 } }), { a: 2 }),
  stubWrapper: (b) => bpp.stubWrapper(bp.count([b.det])),
  setRunKeyWrapper: () => bpp.setRunKeyWrapper(bpp.runWrapper(plain()), "key"),
  monitorDuringWrapper: (b) => bpp.monitorDuringWrapper(bp.count([b.det]), [b.signal]),
  flyDuringWrapper: (b) => bpp.flyDuringWrapper(bp.count([b.det]), [b.flyer]),
  supplementalData: (b) =>
    bpp.supplementalData({ baseline: [b.m1, b.m2], monitors: [b.signal], flyers: [b.flyer] })(bp.count([b.det])),
  relativeSetWrapper: (b) => bpp.relativeSetWrapper(bps.mv(b.m1, 1, b.m2, 2), [b.m1]),
  resetPositionsWrapper: (b) => bpp.resetPositionsWrapper(bps.mv(b.m1, 1, b.m2, 2)),
};

function* plain(): bps.Many {
  yield* bps.null();
}

/** Numbers to 12 digits, as sines and powers may differ in the last; absent as null, which JSON has no other way to say. */
function comparable(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return Number(value.toPrecision(12));
  if (typeof value === "function") return "function";
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object") return value;
  if (typeof (value as { describe?: unknown }).describe === "function") return (value as { name: string }).name;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, comparable(each)]));
}

const KEYWORDS: Record<string, string> = {
  errorOnTimeout: "error_on_timeout",
  timeoutMs: "timeout",
  exitStatus: "exit_status",
  returnPayload: "return_payload",
};

/** Keywords that Python gives as null and we leave out. */
function isDefault(command: string, value: unknown): boolean {
  return value === null && command !== "open_run";
}

function keywords(command: string, kwargs: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(kwargs).map(([key, value]) => [KEYWORDS[key] ?? key, comparable(value)] as const);
  return Object.fromEntries(
    entries
      .map(([key, value]) => [key, key === "timeout" && typeof value === "number" ? "given" : value] as const)
      .filter(([_key, value]) => !isDefault(command, value)),
  );
}

function ours(messages: readonly Msg[]): unknown[] {
  const groups = new Map<unknown, string>();
  return messages.map(({ command, obj, args, kwargs, run }) => {
    const named: Record<string, unknown> = keywords(command, kwargs);
    if (named.group !== undefined && named.group !== null) {
      if (!groups.has(named.group)) groups.set(named.group, `g${groups.size}`);
      named.group = groups.get(named.group);
    }
    return { command, obj: comparable(obj), args: comparable(args), kwargs: named, run: comparable(run) };
  });
}

/** The recorded messages in our spelling. */
function theirs(messages: readonly Recorded[]): unknown[] {
  return messages.map(([command, obj, args, kwargs, run]) => ({
    command,
    obj,
    args: comparable(args),
    kwargs: keywords(command, kwargs),
    run,
  }));
}

/**
 * What is not compared: `squeeze`, which bluesky's own locate messages leave out, and the groups of lazilyStageWrapper,
 * where a device that takes time to stage has a group to be waited for, which bluesky forgets.
 */
function compared(plan: string, messages: unknown[]): unknown[] {
  return messages.map((msg) => {
    const { kwargs } = msg as { kwargs: Record<string, unknown> };
    const { squeeze: _, group, ...rest } = kwargs;
    const kept = group === undefined || plan === "lazilyStageWrapper" ? rest : { ...rest, group };
    return { ...(msg as object), kwargs: kept };
  });
}

class Fail extends Error {}

describe("what bluesky sends", () => {
  for (const [name, recording] of Object.entries(golden)) {
    it(`is sent for ${name}`, async () => {
      const [plan = "", at] = name.split(", failing at ");
      const make = PLANS[plan];
      if (make === undefined) throw new Error(`no plan of ours for ${plan}`);
      const bench = new Bench();
      const trace: Trace<unknown> = await bench.run(make(bench), (_, index) => {
        if (at !== undefined && index === Number(at)) throw new Fail("beam lost");
        return undefined;
      });
      expect(compared(plan, ours(trace.messages))).toEqual(compared(plan, theirs(recording.messages)));
      expect((trace.error as Error | undefined)?.message ?? null).toBe(recording.error);
      if (recording.result !== null) expect(comparable(trace.result)).toEqual(comparable(recording.result));
    });
  }
});
