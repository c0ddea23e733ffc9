import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A run whose process died before its stop was published. */
export interface Orphan {
  readonly uid: string;
  /** The last sign of that process, in Unix seconds. */
  readonly lastSign: number;
}

const FOLDER = "open-runs";

/** Remembers beside the journal which runs have no published stop, so that whoever takes the journal over can end those of a process that died. */
export class OpenRuns {
  readonly #folder: string;

  constructor(journalFolder: string) {
    this.#folder = join(journalFolder, FOLDER);
    mkdirSync(this.#folder);
  }

  begun(uid: string): void {
    writeFileSync(this.#fileOf(uid), "");
  }

  ended(uid: string): void {
    rmSync(this.#fileOf(uid), { force: true });
  }

  /** Takes over what the owner of another journal folder has left. */
  adopt(journalFolder: string): void {
    const left = join(journalFolder, FOLDER);
    for (const name of namesIn(left)) {
      // It may have been an orphan there already.
      const lastSign = readFileSync(join(left, name), "utf8") || String(lastChangeIn(journalFolder));
      writeFileSync(join(this.#folder, name), lastSign);
    }
  }

  /** Those that were taken over and have not ended since. */
  get orphans(): readonly Orphan[] {
    return namesIn(this.#folder)
      .map((name) => ({
        uid: decodeURIComponent(name),
        lastSign: Number(readFileSync(join(this.#folder, name), "utf8")),
      }))
      .filter(({ lastSign }) => lastSign > 0);
  }

  #fileOf(uid: string): string {
    return join(this.#folder, encodeURIComponent(uid));
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** In Unix seconds; a living owner touches its file every few seconds. */
function lastChangeIn(folder: string): number {
  const changes = readdirSync(folder).map((name) => statSync(join(folder, name)).mtimeMs);
  return Math.max(...changes, statSync(folder).mtimeMs) / 1000;
}
