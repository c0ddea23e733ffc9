import * as bp from "../../../../src/plans/index.ts";
import type { Entry } from "../entry.ts";

/** Of a scan of two points; the last waits for what was unstaged. */
const SCAN_MESSAGES = 28;

/** A pause just before each message of a scan is handled, answered in each way. */
export const PAUSES: readonly Entry[] = [
  ...each((at) => paused(at, "resumed", [["resume"]])),
  ...each((at) => paused(at, "aborted", [["abort no beam"]]), 5),
  ...each((at) => paused(at, "stopped", [["stop"]]), 7),
  ...each((at) => paused(at, "halted", [["halt"]]), 7),
];

function each(entry: (at: number) => Entry, every = 1): Entry[] {
  return Array.from({ length: Math.ceil(SCAN_MESSAGES / every) }, (_, n) => entry(n * every));
}

function paused(at: number, answer: string, whenPaused: string[][]): Entry {
  return {
    name: `a scan that is paused at message ${at} and ${answer}`,
    python: "bp.scan([det, stager], m1, 0, 1, 2)",
    plan: ({ det, stager, m1 }) => bp.scan([det, stager], m1, 0, 1, 2),
    script: [{ at, do: "pause" }],
    whenPaused,
  };
}
