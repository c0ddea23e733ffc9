import type { Document } from "../../document.ts";

/** Where a message lies. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

interface Partition {
  readonly topic: string;
  readonly partition: number;
  /** Where the runs begin that have no stop yet. */
  readonly open: Map<string, bigint>;
  next: bigint;
  remembered: bigint | undefined;
}

/** How far the partitions have been read, and from where they would have to be read again: never from the middle of a run. */
export class ReadingPlaces {
  readonly #partitions = new Map<string, Partition>();

  /** A message has been read, and what document was in it, if any. */
  passed(place: Place, document: Document | undefined): void {
    const partition = this.#partitionOf(place);
    partition.next = place.offset + 1n;
    if (document?.name === "start") {
      const { uid } = document.doc;
      partition.open.set(uid, partition.open.get(uid) ?? place.offset);
    } else if (document?.name === "stop") partition.open.delete(document.doc.run_start);
  }

  /** Where to begin again in each partition where that has changed since it was `remembered`. */
  get news(): readonly Place[] {
    return Array.from(this.#partitions.values(), (partition) => ({
      topic: partition.topic,
      partition: partition.partition,
      offset: beginningOf(partition),
      remembered: partition.remembered,
    })).filter(({ offset, remembered }) => offset !== remembered);
  }

  remembered(places: readonly Place[]): void {
    for (const place of places) {
      const partition = this.#partitions.get(keyOf(place));
      if (partition !== undefined) partition.remembered = place.offset;
    }
  }

  /** Forgets all partitions but these; others read those now. */
  keep(assigned: readonly { readonly topic: string; readonly partitions: readonly number[] }[]): void {
    const kept = new Set(
      assigned.flatMap(({ topic, partitions }) => partitions.map((partition) => keyOf({ topic, partition }))),
    );
    for (const key of this.#partitions.keys()) if (!kept.has(key)) this.#partitions.delete(key);
  }

  #partitionOf(place: Place): Partition {
    const { topic, partition, offset } = place;
    const key = keyOf(place);
    let known = this.#partitions.get(key);
    if (known === undefined) {
      known = { topic, partition, open: new Map(), next: offset, remembered: undefined };
      this.#partitions.set(key, known);
    }
    return known;
  }
}

function keyOf({ topic, partition }: Pick<Place, "topic" | "partition">): string {
  return `${topic}/${partition}`;
}

function beginningOf({ open, next }: Partition): bigint {
  let place = next;
  for (const offset of open.values()) if (offset < place) place = offset;
  return place;
}
