import { statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { RunStart } from "../document.ts";

/** A file with a run in it. */
export interface Entry {
  readonly path: string;
  readonly start: RunStart;
}

interface Candidate {
  readonly path: string;
  readonly modified: number;
}

const AT_ONCE = 2_000;
/** A file's time may have been kept by a coarser clock than the run's. */
const CLOCK_SLACK_S = 2;

/** The runs in a directory with one file each, found without reading more files than it takes. Start documents never change and are kept. */
export class JsonlDirectory {
  readonly path: string;
  readonly #readStart: (path: string) => Promise<RunStart | undefined>;
  readonly #starts = new Map<string, RunStart>();

  constructor(path: string, readStart: (path: string) => Promise<RunStart | undefined>) {
    this.path = path;
    this.#readStart = readStart;
  }

  /**
   * The runs, the newest first. A file was last written after its run began, so the runs of all files that are older than the newest run at hand
   * began before it, and needn't be read to know that it is next.
   */
  async *newestFirst(): AsyncGenerator<Entry, void, undefined> {
    const candidates = await this.#candidates();
    const read: Entry[] = [];
    for (const { path, modified } of candidates) {
      while (read.length > 0 && (read.at(-1) as Entry).start.time > modified + CLOCK_SLACK_S) yield read.pop() as Entry;
      const entry = await this.#entry(path);
      if (entry !== undefined) insert(read, entry);
    }
    while (read.length > 0) yield read.pop() as Entry;
  }

  /** The runs whose uids begin so; files that are named after their runs spare reading the others. */
  async beginningWith(uid: string): Promise<Entry[]> {
    const paths = (await this.#files()).map((name) => join(this.path, name));
    const stems = paths.map((path) => path.slice(this.path.length + 1, -".jsonl".length));
    const named = paths.filter((_, at) => stems[at]?.startsWith(uid) || uid.startsWith(stems[at] ?? "?"));
    const found = await this.#matching(named, uid);
    return found.length > 0 ? found : this.#matching(paths, uid);
  }

  async #matching(paths: readonly string[], uid: string): Promise<Entry[]> {
    const found: Entry[] = [];
    for (const path of paths) {
      const entry = await this.#entry(path);
      if (entry?.start.uid.startsWith(uid)) found.push(entry);
    }
    return found;
  }

  async #files(): Promise<string[]> {
    return (await readdir(this.path)).filter((name) => name.endsWith(".jsonl"));
  }

  async #candidates(): Promise<Candidate[]> {
    const candidates: Candidate[] = [];
    for (const [at, name] of (await this.#files()).entries()) {
      if (at % AT_ONCE === AT_ONCE - 1) await turn();
      const path = join(this.path, name);
      // Synchronously it costs a tenth, and another thread isn't asked for each of many thousands.
      const found = statSync(path, { throwIfNoEntry: false });
      if (found !== undefined) candidates.push({ path, modified: found.mtimeMs / 1000 });
    }
    return candidates.sort((one, other) => other.modified - one.modified);
  }

  async #entry(path: string): Promise<Entry | undefined> {
    if (!this.#starts.has(path)) {
      const start = await this.#readStart(path);
      // A file that has no whole line yet may get one.
      if (start === undefined) return undefined;
      this.#starts.set(path, start);
    }
    const start = this.#starts.get(path);
    return start === undefined ? undefined : { path, start };
  }
}

/** Keeps the list in order of time, the newest last. */
function insert(entries: Entry[], entry: Entry): void {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle] as Entry).start.time <= entry.start.time) low = middle + 1;
    else high = middle;
  }
  entries.splice(low, 0, entry);
}
