import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileLock, LockedError } from "../../../src/engine/file-lock.ts";
import { PersistentMetadata } from "../../../src/engine/persistent-metadata.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cerulean-lock-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A claim as a process on another machine would have left it. */
function claimedElsewhere(path: string): string {
  const file = `${path}.lock.11111111-2222-3333-4444-555555555555`;
  writeFileSync(file, JSON.stringify({ user: "ann", host: `not-${hostname()}`, pid: 1, started: "1", since: 1 }));
  return file;
}

describe.each([
  ["a lock", (path: string) => new FileLock(path, "the beamline")],
  ["persistent metadata", (path: string) => new PersistentMetadata(path)],
  ["a recovery file", (path: string) => new RunEngine({ recoveryFile: path })],
])("%s that a process on another machine has", (_, open) => {
  it("is refused with its owner and the command that removes it, and can be had after that", () => {
    const path = join(folder, "thing");
    const file = claimedElsewhere(path);
    let error: unknown;
    try {
      open(path);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(LockedError);
    const { message, owner } = error as LockedError;
    expect(owner).toMatchObject({ user: "ann", host: `not-${hostname()}` });
    expect(message).toMatch(/in use by process 1 of ann on not-.* since 1970/);
    expect(message).toContain(`if nothing runs there any more, remove its lock: rm '${file}'`);
    const [, told = ""] = /rm '(.*)'/.exec(message) ?? [];
    rmSync(told);
    open(path);
  });
});

it("a lock of a process of this machine that is gone is taken without a word, and leaves nothing", () => {
  const path = join(folder, "thing");
  writeFileSync(
    `${path}.lock.left`,
    JSON.stringify({ user: "ann", host: hostname(), pid: 2 ** 22 + 1, started: "1", since: 1 }),
  );
  using lock = new FileLock(path);
  expect(readdirSync(dirname(lock.path)).filter((name) => name.startsWith(basename(path)))).toHaveLength(1);
});
