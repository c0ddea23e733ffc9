import type { Document } from "../documents/document.ts";

/** Calls back with each row of those descriptors, of events and of pages alike; `of` knows the data fields and `time`. */
export function eachRow(
  { name, doc }: Document,
  descriptors: ReadonlySet<string>,
  visit: (of: (field: string) => unknown) => void,
): void {
  if (name === "event" && descriptors.has(doc.descriptor)) {
    visit((field) => doc.data[field] ?? (field === "time" ? doc.time : undefined));
  } else if (name === "event_page" && descriptors.has(doc.descriptor)) {
    for (let row = 0; row < doc.seq_num.length; row++) {
      visit((field) => doc.data[field]?.[row] ?? (field === "time" ? doc.time[row] : undefined));
    }
  }
}

/** NaN for what is no number. */
export function numberOf(value: unknown): number {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" ? value : Number.NaN;
}
