import type { RunRecord } from "../entry.ts";

/** What we do otherwise than bluesky, on purpose. `docs/differences-from-bluesky.md` says why, under the same name. */
export interface Difference {
  readonly name: string;
  /** The entries that show it, each of them; without, it shows wherever it has something to change, and somewhere it must. */
  readonly entries?: readonly string[];
  /** Makes of what bluesky did what we do. */
  readonly edit: (bluesky: RunRecord, entry: string) => void;
}

export const documents = (record: RunRecord, named: string): any[] =>
  record.documents.filter(([name]) => name === named).map(([, doc]) => doc);

export const messages = (record: RunRecord, named: string): any[] =>
  (record.messages as any[]).filter(([command]) => command === named);

/** The reason of the stop documents, of the messages that close runs, and of the outcome of an interrupted one. */
export function setReason(record: RunRecord, from: string | RegExp, to: string): void {
  const isFrom = (reason: string) => (typeof from === "string" ? reason === from : from.test(reason));
  for (const doc of documents(record, "stop")) if (isFrom(doc.reason)) doc.reason = to;
  for (const [, , , kwargs] of messages(record, "close_run")) {
    if (typeof kwargs.reason === "string" && isFrom(kwargs.reason)) kwargs.reason = to;
  }
  if (record.outcome.interrupted && isFrom(record.outcome.reason)) record.outcome.reason = to;
}
