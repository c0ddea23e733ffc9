import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Document } from "../../document.ts";
import { reasonOf, SinkError } from "../sink-error.ts";
import { DeadLetters } from "./dead-letters.ts";
import { type FsyncPolicy, Journal } from "./journal.ts";
import { type LeftFolder, OwnedFolder, type Owner } from "./journal-owner.ts";

/** What a writer has on the local disk: its journal, what it took over from writers who are gone, and the dead letters of all. */
export class JournalHome {
  readonly #adopted: readonly LeftFolder[];
  readonly deadLetterFolder: string;
  readonly #owned: OwnedFolder;
  readonly #journal: Journal;
  readonly #deadLetters: DeadLetters;

  /** `name` is what errors call the sink. */
  constructor(
    journalDir: string,
    fsync: FsyncPolicy,
    owner: Owner,
    report: (error: Error) => void,
    name = "MongoWriter",
  ) {
    try {
      this.#owned = new OwnedFolder(join(journalDir, "writers"), owner);
      this.#journal = new Journal(this.#owned.path, fsync, report);
      this.deadLetterFolder = join(journalDir, "dead-letters");
      this.#deadLetters = new DeadLetters(this.deadLetterFolder);
      this.#adopted = this.#owned.adopt().map(({ path, owner: first }) => ({ folder: path, owner: first }));
    } catch (cause) {
      const message = `${name} can't keep its journal in ${journalDir}: ${reasonOf(cause)}`;
      throw new SinkError("journal", message, { cause });
    }
  }

  /** What others left and is not stored yet. */
  get adopted(): readonly LeftFolder[] {
    return this.#adopted.filter(({ folder }) => existsSync(folder));
  }

  /** The writer's own part. */
  get folder(): string {
    return this.#owned.path;
  }

  get position(): { segment: number; size: number } {
    return this.#journal.position;
  }

  /** See Journal.append. */
  append(run: string, document: Document): number {
    return this.#journal.append(run, document);
  }

  rotate(): void {
    this.#journal.rotate();
  }

  /** Begins a new segment, and gives what there is for somebody who is to store it: all segments up to `carried`, and what others left. */
  carry(): { folder: string; deadLetters: string; carried: number; adopted: readonly LeftFolder[] } {
    this.#journal.rotate();
    const { folder, adopted, deadLetterFolder: deadLetters } = this;
    return { folder, deadLetters, carried: this.#journal.position.segment - 1, adopted };
  }

  /** Keeps a document that the journal can't, and gives the file. */
  bury(run: string, document: Document, reason: string): string {
    this.#deadLetters.add(run, document, reason);
    return this.#deadLetters.pathOf(run);
  }

  closeJournal(): void {
    this.#journal.close();
  }

  /** Gives it all up: it goes when everything is stored, else the next writer finds it. */
  release(options: { empty: boolean }): void {
    this.#owned.release(options);
  }
}

/** Where journals are by default: in the user's data folder. */
export function dataFolder(): string {
  return join(process.env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "cerulean", "journal");
}
