import { readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import type { RestorePoint } from "../devices/protocols.ts";
import { parse, stringify } from "../documents/json.ts";
import { type ProcessIdentity, thisProcess } from "../documents/process-identity.ts";
import { writeAtomically } from "./atomic-file.ts";
import { FileLock } from "./file-lock.ts";

/** What a plan did to a device: each that was not undone. */
export type Change = "set" | "prepared" | "kicked off" | "configured" | "staged";

/** A device that a plan has changed, with what it was before as far as it could tell. */
export interface RecoveryEntry {
  readonly device: string;
  readonly changes: Change[];
  before: readonly RestorePoint[];
  /** The process and the plan that did it, since when in Unix seconds. */
  readonly by: ProcessIdentity & { readonly plan: string; readonly since: number };
}

const VERSION = 1;

/** The list of what was changed and not put back, on disk as it is in memory. Nobody else has the file meanwhile. */
export class RecoveryFile implements Disposable {
  readonly path: string;
  readonly entries: RecoveryEntry[];
  readonly #lock: FileLock;

  /** Throws a LockedError while an engine uses the file. */
  constructor(file: string) {
    this.path = resolve(file);
    this.#lock = new FileLock(this.path, `the recovery file ${this.path}`);
    try {
      this.entries = read(this.path);
    } catch (error) {
      this.#lock.release();
      throw error;
    }
  }

  /** Writes all entries, or removes the file when there are none. */
  save(): void {
    if (this.entries.length === 0) rmSync(this.path, { force: true });
    else writeAtomically(this.path, `${stringify({ version: VERSION, entries: this.entries })}\n`);
  }

  [Symbol.dispose](): void {
    this.#lock.release();
  }
}

export function newEntry(device: string, plan: string): RecoveryEntry {
  return { device, changes: [], before: [], by: { ...thisProcess(), plan, since: Date.now() / 1000 } };
}

function read(path: string): RecoveryEntry[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const content = parse(text) as { version?: unknown; entries?: unknown } | null;
  if (content?.version !== VERSION || !Array.isArray(content.entries)) {
    throw new TypeError(`${path} is not a recovery file of this version; move it away`);
  }
  return content.entries as RecoveryEntry[];
}
