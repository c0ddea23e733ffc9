import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { mayBeAlive, type ProcessIdentity, thisProcess } from "../documents/process-identity.ts";

/** Somebody else has what was to be locked; `owner` tells who. */
export class LockedError extends Error {
  override readonly name = "LockedError";
  readonly owner: ProcessIdentity;

  constructor(message: string, owner: ProcessIdentity) {
    super(message);
    this.owner = owner;
  }
}

interface Claim extends ProcessIdentity {
  readonly since: number;
}

/** Two that come at the same moment both withdraw and try again; who has been there longer than this stays. */
const SAME_MOMENT_S = 1;
const ATTEMPTS = 8;
const LONGEST_PAUSE_MS = 60;

const held = new Set<FileLock>();

/**
 * Keeps others from using the same thing, named by a path, until it is released or its process is gone, however that ended.
 * The constructor throws a LockedError that names the user, host and process that have it. Beside the path lies one file for each claim.
 */
export class FileLock implements Disposable {
  /** What is locked, as an absolute path. */
  readonly path: string;
  readonly #file: string;

  /** `what` is for the error message: "the beamline". */
  constructor(path: string, what = path) {
    this.path = resolve(path);
    this.#file = `${this.path}.lock.${randomUUID()}`;
    mkdirSync(dirname(this.path), { recursive: true });
    for (let attempt = 1; ; attempt++) {
      const other = this.#claim();
      if (other === undefined) break;
      const [file, claim] = other;
      if (attempt === ATTEMPTS || Date.now() / 1000 - claim.since > SAME_MOMENT_S) throw refusal(what, file, claim);
      sleep(Math.random() * LONGEST_PAUSE_MS);
    }
    if (held.size === 0) process.on("exit", releaseAll);
    held.add(this);
  }

  release(): void {
    rmSync(this.#file, { force: true });
    if (held.delete(this) && held.size === 0) process.off("exit", releaseAll);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  // A claim is written before the others are looked at, so that of two at least one sees the other. Its name is never used again,
  // so that the claim of a process that is gone can be removed by anyone at any time.
  #claim(): [file: string, claim: Claim] | undefined {
    const unborn = join(dirname(this.#file), `.${basename(this.#file)}`);
    writeFileSync(unborn, JSON.stringify({ ...thisProcess(), since: Date.now() / 1000 }));
    renameSync(unborn, this.#file);
    const other = this.#others()[0];
    if (other !== undefined) rmSync(this.#file, { force: true });
    return other;
  }

  #others(): [file: string, claim: Claim][] {
    const folder = dirname(this.path);
    const prefix = `${basename(this.path)}.lock.`;
    return readdirSync(folder)
      .filter((name) => name.startsWith(prefix) && join(folder, name) !== this.#file)
      .flatMap((name) => {
        const file = join(folder, name);
        const claim = read(file);
        if (claim !== undefined && mayBeAlive(claim)) return [[file, claim] satisfies [string, Claim]];
        rmSync(file, { force: true });
        return [];
      });
  }
}

function read(file: string): Claim | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Claim;
  } catch {
    return undefined;
  }
}

function refusal(what: string, file: string, claim: Claim): LockedError {
  const { user, host, pid, since } = claim;
  const isHere = host === thisProcess().host;
  const hint = isHere
    ? "end it first"
    : `that machine can't be asked from here: if nothing runs there any more, remove its lock: rm '${file}'`;
  const when = new Date(since * 1000).toISOString();
  return new LockedError(`${what} is in use by process ${pid} of ${user} on ${host} since ${when}; ${hint}`, claim);
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function releaseAll(): void {
  for (const lock of held) lock.release();
}
