import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** A segment is full at this size; one document may exceed it. */
export const SEGMENT_BYTES = 16 * 1024 * 1024;

const SPARES = ["spare-1", "spare-2"];
const BLOCK_BYTES = 1024 * 1024;

export function segmentName(index: number): string {
  return `${String(index).padStart(8, "0")}.journal`;
}

/** The index of a segment by its file's name; undefined for any other file. */
export function segmentIndex(name: string): number | undefined {
  const match = /^(\d{8})\.journal$/.exec(name);
  return match === null ? undefined : Number(match[1]);
}

/** Puts a spare file in the place of a new segment; false when there is none. */
export function useSpare(folder: string, segment: number): boolean {
  for (const spare of SPARES) {
    try {
      renameSync(join(folder, spare), join(folder, segmentName(segment)));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return false;
}

/** Keeps the file of a segment that is done for a later one, or removes it when there are enough. */
export function retire(folder: string, segment: number): void {
  const path = join(folder, segmentName(segment));
  const free = SPARES.find((spare) => !existsSync(join(folder, spare)));
  if (free === undefined || statSync(path).size > 2 * SEGMENT_BYTES) rmSync(path, { force: true });
  else renameSync(path, join(folder, free));
}

/**
 * Makes the first spare file. Writing over what is in the system's cache costs a third of writing to a new file, and never waits for the
 * file system to find room.
 */
export async function makeSpare(folder: string): Promise<void> {
  const unborn = join(folder, "unborn");
  try {
    await using file = await open(unborn, "w");
    const zeros = Buffer.alloc(BLOCK_BYTES);
    for (let written = 0; written < SEGMENT_BYTES; written += zeros.length) await file.write(zeros);
    await rename(unborn, join(folder, SPARES[0] as string));
  } catch {
    // Nothing but speed is lost: the journal makes its own files, and says itself when it can't.
    await rm(unborn, { force: true }).catch(() => undefined);
  }
}
