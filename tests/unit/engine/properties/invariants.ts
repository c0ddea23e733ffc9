import { expect } from "vitest";
import type { Document } from "../../../../src/documents/document.ts";

/**
 * What the documents of a call must be, whatever happened to it; where no device went wrong, each point stands where it belongs.
 * Answers with the highest number of each stream, by run and name.
 */
export function expectWhole(documents: readonly Document[], isSound: boolean): Map<string, Record<string, number>> {
  const runs = new Map<string, RunSeen>();
  const runOfDescriptor = new Map<string, RunSeen>();
  for (const { name, doc } of documents as readonly { name: string; doc: any }[]) {
    if (name === "start") {
      expect(runs.has(doc.uid), "a run starts once").toBe(false);
      runs.set(doc.uid, new RunSeen(doc.time, isSound));
      continue;
    }
    const run = name.startsWith("event") ? runOfDescriptor.get(doc.descriptor) : runs.get(doc.run_start);
    if (run === undefined)
      throw new Error(`${name} came before its ${name.startsWith("event") ? "descriptor" : "start"}`);
    if (name === "descriptor") runOfDescriptor.set(doc.uid, run);
    run.add(name, doc);
  }
  for (const run of runs.values()) expect(run.stops, "a run that started stops once").toBe(1);
  return new Map([...runs].map(([uid, { numbers }]) => [uid, numbers]));
}

/** Streams that the world fills, and no rewind leads back. */
const ONWARD = ["beam", "interruptions"];

class RunSeen {
  stops = 0;
  readonly numbers: Record<string, number> = {};
  readonly #streams = new Map<string, string>();
  readonly #isSound: boolean;
  #time: number;

  constructor(time: number, isSound: boolean) {
    this.#time = time;
    this.#isSound = isSound;
  }

  add(name: string, doc: any): void {
    expect(this.stops, "nothing comes after the stop").toBe(0);
    switch (name) {
      case "descriptor":
        this.#later(doc.time);
        this.#streams.set(doc.uid, doc.name);
        this.numbers[doc.name] ??= 0;
        break;
      case "event":
        this.#later(doc.time);
        this.#count(this.#streams.get(doc.descriptor) as string, [doc.seq_num], doc);
        break;
      case "event_page":
        this.#count(this.#streams.get(doc.descriptor) as string, [...doc.seq_num], doc);
        break;
      case "stop":
        this.#later(doc.time);
        this.stops++;
        expect(doc.num_events, "the stop document counts the events").toEqual(this.numbers);
        break;
      default:
        throw new Error(`there is no ${name} in these plans`);
    }
  }

  #later(time: number): void {
    expect(time, "documents are stamped in their order").toBeGreaterThanOrEqual(this.#time);
    this.#time = time;
  }

  #count(stream: string, seqNums: readonly number[], doc: any): void {
    for (const seqNum of seqNums) {
      const highest = this.numbers[stream] as number;
      if (ONWARD.includes(stream)) expect(seqNum, `numbers of ${stream} go on`).toBe(highest + 1);
      else expect(seqNum, `numbers of ${stream} have no gap`).toBeLessThanOrEqual(highest + 1);
      this.numbers[stream] = Math.max(highest, seqNum);
      if (stream === "primary") this.#point(seqNum, doc);
    }
  }

  #point(seqNum: number, { data }: { data: Record<string, unknown> }): void {
    const keys = Object.keys(data).sort();
    expect(keys, "an event has all its devices").toEqual([
      expect.stringMatching(/^det/),
      expect.stringMatching(/^motor/),
    ]);
    if (this.#isSound) expect(data[keys[1] as string], "a point stands where it belongs").toBe(seqNum);
  }
}
