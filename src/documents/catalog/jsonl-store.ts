import { open, stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { createInterface } from "node:readline";
import { isDeepStrictEqual } from "node:util";
import type { Document, EventDescriptor, RunStart, RunStop } from "../document.ts";
import { parse } from "../json.ts";
import { RunIndex } from "../sinks/run-index.ts";
import { ambiguous, CatalogError, notFound } from "./catalog-error.ts";
import { type Entry, JsonlDirectory } from "./jsonl-directory.ts";
import { JsonlFollower } from "./jsonl-follower.ts";
import type { Look } from "./run-follower.ts";
import {
  DEFAULT_LIMIT,
  flatten,
  type RunQuery,
  type RunSource,
  type RunStore,
  type RunSummary,
  summaryOf,
  wordsOf,
} from "./run-source.ts";

const TAIL_BYTES = 64 * 1024;
const NAME = /^\s*(?:\[\s*"(\w+)"|\{\s*"name"\s*:\s*"(\w+)")/;

/** Reads runs from a directory with one file a run, in suitcase.jsonl's form (`["start", {...}]`) or bluesky's (`{"name": ..., "doc": ...}`). */
export class JsonlStore implements RunStore {
  readonly #directory: JsonlDirectory;

  private constructor(directory: string) {
    this.#directory = new JsonlDirectory(directory, readStart);
  }

  static async open(directory: string): Promise<JsonlStore> {
    const path = isAbsolute(directory) ? directory : resolve(directory);
    const found = await stat(path).catch(() => undefined);
    if (!found?.isDirectory()) {
      throw new CatalogError(
        "unreachable",
        `${directory} is no directory; a catalog is a directory of JSONL files or mongodb://host/database`,
      );
    }
    return new JsonlStore(path);
  }

  async list(query: RunQuery): Promise<RunSummary[]> {
    const { limit = DEFAULT_LIMIT, skip = 0, before } = query;
    const found: RunSummary[] = [];
    let left = skip;
    let isBefore = before !== undefined;
    if (limit <= 0) return found;
    for await (const entry of this.#directory.newestFirst()) {
      if (isBefore) {
        isBefore = entry.start.uid !== before;
        continue;
      }
      if (!matches(entry.start, query)) continue;
      const needsStop = query.exitStatus !== undefined || left <= 0;
      const stop = needsStop ? await readStop(entry) : undefined;
      if (query.exitStatus !== undefined && stop?.exit_status !== query.exitStatus) continue;
      if (left-- > 0) continue;
      found.push(summaryOf(entry.start, stop));
      if (found.length >= limit) break;
    }
    if (isBefore) throw notFound(`"${before}"`, this.#directory.path);
    return found;
  }

  async byUid(uid: string): Promise<RunSource> {
    const entries = uid === "" ? [] : await this.#directory.beginningWith(uid);
    const entry = entries.find(({ start }) => start.uid === uid) ?? entries[0];
    if (entry === undefined) throw notFound(`"${uid}"`, this.#directory.path);
    if (entries.length > 1 && entry.start.uid !== uid)
      throw ambiguous(
        uid,
        entries.map(({ start }) => start.uid),
      );
    return openRun(entry);
  }

  async byNumber(number: number): Promise<RunSource> {
    let left = -number;
    for await (const entry of this.#directory.newestFirst()) {
      if (number < 0 ? --left === 0 : entry.start.scan_id === number) return openRun(entry);
    }
    throw notFound(number < 0 ? `${number}` : `with scan_id ${number}`, this.#directory.path);
  }

  async close(): Promise<void> {}
}

async function openRun(entry: Entry): Promise<RunSource> {
  const descriptors: EventDescriptor[] = [];
  let stop: RunStop | undefined;
  for await (const { name, doc } of read(entry.path, (name) => name === "descriptor" || name === "stop")) {
    if (name === "descriptor" && doc.run_start === entry.start.uid) descriptors.push(doc);
    else if (name === "stop" && doc.run_start === entry.start.uid) stop = doc;
  }
  return {
    start: entry.start,
    stop,
    descriptors,
    documents: () => documentsOf(entry),
    follower: () => followerOf(entry),
    async *events(uids) {
      const wanted = new Set(uids);
      for await (const document of read(entry.path, (name) => name === "event" || name === "event_page")) {
        if ((document.name === "event" || document.name === "event_page") && wanted.has(document.doc.descriptor))
          yield document;
      }
    },
  };
}

async function* documentsOf({ path, start }: Entry): AsyncGenerator<Document, void, undefined> {
  const index = new RunIndex();
  for await (const document of read(path, () => true)) {
    const run = index.runOf(document);
    if (run === undefined || run === start.uid) yield document;
  }
}

function followerOf({ path, start }: Entry): Look {
  const index = new RunIndex();
  const follower = new JsonlFollower(path, (line) => asDocument(parse(line)));
  return async function* ours() {
    for await (const document of follower.look()) {
      const run = index.runOf(document);
      if (run === undefined || run === start.uid) yield document;
    }
  };
}

/** The documents of a file whose names `wants` takes. A torn last line, which a crash leaves, is as if it weren't there. */
async function* read(path: string, wants: (name: string) => boolean): AsyncGenerator<Document, void, undefined> {
  await using file = await open(path);
  let torn: { line: number; cause: unknown } | undefined;
  let line = 0;
  for await (const text of createInterface({ input: file.createReadStream({ autoClose: false }) })) {
    line++;
    if (text.trim() === "") continue;
    if (torn !== undefined) {
      throw new CatalogError("unreadable", `${path}, line ${torn.line} is no document`, { cause: torn.cause });
    }
    const [, suitcase, bluesky] = NAME.exec(text) ?? [];
    const name = suitcase ?? bluesky;
    if (name !== undefined && !wants(name)) continue;
    try {
      yield asDocument(parse(text));
    } catch (cause) {
      torn = { line, cause };
    }
  }
}

function asDocument(line: unknown): Document {
  const [name, doc] = Array.isArray(line) ? line : [(line as Document).name, (line as Document).doc];
  if (typeof name !== "string" || typeof doc !== "object" || doc === null) throw new Error("neither of the two forms");
  return { name, doc } as Document;
}

async function readStart(path: string): Promise<RunStart | undefined> {
  for await (const { name, doc } of read(path, () => true)) return name === "start" ? doc : undefined;
  return undefined;
}

/** From the file's end, without reading what is before it. */
async function readStop({ path, start }: Entry): Promise<RunStop | undefined> {
  await using file = await open(path);
  const { size } = await file.stat();
  const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
  await file.read(tail, 0, tail.length, size - tail.length);
  for (const text of tail.toString().trimEnd().split("\n").reverse()) {
    const [, suitcase, bluesky] = NAME.exec(text) ?? [];
    if ((suitcase ?? bluesky) !== "stop") continue;
    try {
      const { name, doc } = asDocument(parse(text));
      if (name === "stop" && doc.run_start === start.uid) return doc;
    } catch {
      // Torn: the run has no stop.
    }
  }
  return undefined;
}

function matches(start: RunStart, { since, until, planName, scanId, text, md }: RunQuery): boolean {
  if (since !== undefined && start.time < since) return false;
  if (until !== undefined && start.time > until) return false;
  if (planName !== undefined && start.plan_name !== planName) return false;
  if (scanId !== undefined && start.scan_id !== scanId) return false;
  if (md !== undefined && !flatten(md).every(([path, value]) => isDeepStrictEqual(memberAt(start, path), value)))
    return false;
  if (text === undefined) return true;
  const content = texts(start).join("\n").toLowerCase();
  return wordsOf(text).every((word) => content.includes(word.toLowerCase()));
}

function memberAt(start: RunStart, path: string): unknown {
  let value: unknown = start;
  for (const key of path.split(".")) value = (value as Record<string, unknown> | null | undefined)?.[key];
  return value;
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}
