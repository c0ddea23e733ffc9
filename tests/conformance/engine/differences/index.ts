import type { RunRecord } from "../entry.ts";
import { withNumbersForGroups, withNumbersForUids } from "../normalise.ts";
import type { Difference } from "./difference.ts";
import { DOCUMENTS } from "./documents.ts";
import { ENDINGS } from "./endings.ts";
import { INTERRUPTIONS } from "./interruptions.ts";
import { PLANS } from "./plans.ts";

export const DIFFERENCES: readonly Difference[] = [...ENDINGS, ...INTERRUPTIONS, ...PLANS, ...DOCUMENTS];

/** bluesky's record with the listed differences in it, and which of them there were. */
export function withDifferences(entry: string, record: RunRecord): { expected: RunRecord; shown: string[] } {
  const expected = structuredClone(record);
  const shown: string[] = [];
  for (const { name, entries, edit } of DIFFERENCES) {
    if (entries !== undefined && !entries.includes(entry)) continue;
    const before = JSON.stringify(expected);
    edit(expected, entry);
    if (JSON.stringify(expected) !== before) shown.push(name);
  }
  expected.messages = withNumbersForGroups(expected.messages);
  return { expected: withNumbersForUids(expected), shown };
}
