import * as bp from "../../../../src/plans/index.ts";
import type { Entry, Step } from "../entry.ts";

/** What is typed at each question. */
function typed(...lines: readonly string[]): Step[] {
  return lines.map((line, i) => ({ at: `input ${i + 1}`, do: `type ${line}`, after: 0.02 }));
}

function tweak(name: string, script: readonly Step[], more: Partial<Entry> = {}): Entry {
  return {
    name,
    python: 'bp.tweak(det, "det", m2, 0.25)',
    plan: ({ det, m2 }) => bp.tweak(det, "det", m2, 0.25),
    script,
    ...more,
  };
}

/** The plan that asks its user. */
export const TWEAK: readonly Entry[] = [
  tweak("tweak that is ended at once", typed("q")),
  tweak("tweak with the same step twice and another one", typed("", "-2", "enough")),
  tweak("tweak through a pause before it moves", [{ at: "set", do: "pause" }, ...typed("0.5", "0.5", "enough")]),
  tweak("tweak whose move fails", typed("3"), { faults: { "m2.set": { how: "status" } } }),
  tweak("abort no beam while tweak asks", [{ at: "input 1", do: "abort no beam", after: 0.02 }]),
];
