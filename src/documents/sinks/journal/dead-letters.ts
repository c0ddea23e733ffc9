import { closeSync, fdatasyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "../../document.ts";
import { stringify } from "../../json.ts";

/** Keeps the documents that a store doesn't take, each with the reason, in one JSONL file a run. */
export class DeadLetters {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Where the documents of a run go. */
  pathOf(run: string): string {
    return join(this.folder, `${run === "" ? "no-run" : run}.jsonl`);
  }

  /** When it returns the document is on the disk. `doc` is the one row of a page that could not be stored. */
  add(run: string, { name, doc }: { name: Document["name"]; doc: unknown }, reason: string): void {
    mkdirSync(this.folder, { recursive: true });
    const fd = openSync(this.pathOf(run), "a");
    try {
      writeSync(fd, `{"reason":${JSON.stringify(reason)},"name":${JSON.stringify(name)},"doc":${textOf(doc)}}\n`);
      fdatasyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }

  /** How many different documents of a run are kept here. */
  count(run: string): number {
    try {
      const lines = readFileSync(this.pathOf(run), "utf8").split("\n");
      // The journal may have been replayed in between, and the same document refused again.
      return new Set(lines.filter((line) => line !== "")).size;
    } catch {
      return 0;
    }
  }
}

function textOf(doc: unknown): string {
  try {
    return stringify(doc);
  } catch (error) {
    return JSON.stringify(`not writable as JSON: ${error instanceof Error ? error.message : error}`);
  }
}
