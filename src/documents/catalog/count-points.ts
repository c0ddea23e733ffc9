import type { Document, EventDescriptor, RunStop } from "../document.ts";

/** What a recount of a run found. */
export interface RunCounts {
  /** Whether the run has a stop document whose counts are those of the store. */
  readonly ok: boolean;
  readonly streams: Readonly<Record<string, { readonly stored: number; readonly announced: number }>>;
}

/** Counts the points of each stream beside what the stop document announces; one that was taken again has the same number and counts once. */
export async function countPoints(
  documents: AsyncIterable<Document>,
  stop: RunStop | undefined,
  descriptors: readonly EventDescriptor[],
): Promise<RunCounts> {
  const streamOf = new Map(descriptors.map(({ uid, name }) => [uid, name ?? "primary"]));
  const points = new Map<string, Set<number>>();
  const inFiles = new Map<string, number>();
  const of = (descriptor: string): Set<number> => {
    const stream = streamOf.get(descriptor) ?? `of unknown descriptor ${descriptor}`;
    const known = points.get(stream) ?? new Set();
    points.set(stream, known);
    return known;
  };
  for await (const { name, doc } of documents) {
    if (name === "event") of(doc.descriptor).add(doc.seq_num);
    else if (name === "event_page") for (const seqNum of Array.from(doc.seq_num)) of(doc.descriptor).add(seqNum);
    else if (name === "stream_datum") {
      const stream = streamOf.get(doc.descriptor) ?? doc.descriptor;
      inFiles.set(stream, Math.max(inFiles.get(stream) ?? 0, doc.seq_nums.stop - 1));
    }
  }
  const announced = stop?.num_events ?? {};
  const streams: Record<string, { stored: number; announced: number }> = {};
  for (const name of new Set([...points.keys(), ...inFiles.keys(), ...Object.keys(announced)])) {
    const events = points.get(name)?.size ?? 0;
    // A stream whose data is all in files has no events; its files say how far it got.
    streams[name] = { stored: events > 0 ? events : (inFiles.get(name) ?? 0), announced: Number(announced[name] ?? 0) };
  }
  const equal = Object.values(streams).every((stream) => stream.stored === stream.announced);
  return { ok: stop !== undefined && equal, streams };
}
