import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { mayBeAlive, thisProcess } from "../../process-identity.ts";

/** A writer: of a part of the journal, and of runs in the database. */
export interface Owner {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** When the process was started, as the system tells it; another process may get the same pid. Empty where it can't be known. */
  readonly started: string;
}

/** A folder of the journal that its owner has left. */
export interface LeftFolder {
  readonly folder: string;
  readonly owner: Owner | undefined;
}

const OWNER_FILE = "owner.json";
const ADOPTED = "adopted-";

/** Owners on other machines can't be looked at; they are taken for gone when they haven't shown themselves for so long. */
const REMOTE_SILENCE_MS = 60_000;
const OWNER_HEARTBEAT_MS = 5_000;

export function newOwner(): Owner {
  const { host, pid, started } = thisProcess();
  return { id: randomUUID(), host, pid, started };
}

/** Whether the process of an owner on this machine is there. */
export function isAlive({ pid, started }: Pick<Owner, "pid" | "started">): boolean {
  return mayBeAlive({ host: hostname(), pid, started });
}

/** A writer's own folder of the journal; nobody else writes there while the writer lives. */
export class OwnedFolder {
  readonly path: string;
  readonly owner: Owner;
  readonly #parent: string;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(parent: string, owner: Owner) {
    this.#parent = parent;
    this.owner = owner;
    this.path = join(parent, owner.id);
    mkdirSync(parent, { recursive: true });
    // It appears under its name with the owner in it, or not at all.
    const unborn = join(parent, `.${owner.id}`);
    mkdirSync(unborn);
    writeFileSync(join(unborn, OWNER_FILE), JSON.stringify(owner));
    renameSync(unborn, this.path);
    this.#heartbeat = setInterval(() => touch(join(this.path, OWNER_FILE)), OWNER_HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /**
   * Takes over what owners who are gone have left behind, and gives the folders and their first owners, oldest first.
   * Of two writers who try at the same time one gets a folder.
   */
  adopt(): { path: string; owner: Owner | undefined }[] {
    const adopted: { path: string; owner: Owner | undefined; age: number }[] = [];
    for (const entry of readdirSync(this.#parent, { withFileTypes: true })) {
      const path = join(this.#parent, entry.name);
      if (!entry.isDirectory() || entry.name.startsWith(".") || path === this.path || !isAbandoned(path)) continue;
      const target = join(this.path, ADOPTED + entry.name);
      try {
        renameSync(path, target);
      } catch (error) {
        // Another writer was quicker, or it belongs to another user.
        if (["ENOENT", "EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) continue;
        throw error;
      }
      adopted.push(...flatten(target, this.path));
    }
    return adopted.sort((one, other) => one.age - other.age);
  }

  /** Gives the folder up: it goes when nothing is left in it, else the next writer finds it. */
  release({ empty }: { empty: boolean }): void {
    clearInterval(this.#heartbeat);
    if (empty) rmSync(this.path, { recursive: true, force: true });
    else rmSync(join(this.path, OWNER_FILE), { force: true });
  }
}

function isAbandoned(folder: string): boolean {
  const file = join(folder, OWNER_FILE);
  const owner = readOwner(folder);
  if (owner === undefined) return true;
  if (owner.host === hostname()) return !isAlive(owner);
  try {
    return Date.now() - statSync(file).mtimeMs > REMOTE_SILENCE_MS;
  } catch {
    return true;
  }
}

function readOwner(folder: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, OWNER_FILE), "utf8")) as Owner;
  } catch {
    return undefined;
  }
}

/** What the gone owner had adopted itself comes up beside its own folder. */
function flatten(folder: string, into: string): { path: string; owner: Owner | undefined; age: number }[] {
  const folders = [{ path: folder, owner: readOwner(folder), age: statSync(folder).mtimeMs }];
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(ADOPTED)) continue;
    const target = join(into, name);
    if (existsSync(target)) continue;
    renameSync(join(folder, name), target);
    folders.push(...flatten(target, into));
  }
  return folders;
}

function touch(file: string): void {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // The folder was removed under us; the next append says so.
  }
}
