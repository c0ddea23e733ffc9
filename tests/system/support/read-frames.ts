import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Document } from "cerulean";
import { toWire } from "cerulean/documents";
import { expect } from "vitest";
import { python } from "./python.ts";

/** One file of a data key, as h5py reads it. */
export interface Frames {
  readonly shape: readonly number[];
  readonly type: string;
  /** null for a file that is not chunked: its announced chunks are only how it is best read. */
  readonly chunks: readonly number[] | null;
  readonly skips: boolean;
  /** Of the pixels of each frame. */
  readonly sums: readonly number[];
  readonly firstPixels: readonly number[];
  /** Instead of the two, where the file has a text a frame. */
  readonly texts: readonly string[];
}

/**
 * Hands a run's documents to Python and gives what is in the files that they announce, by data key. Fails when shape, type or
 * chunks of a file are not what bluesky's own reader takes from the documents.
 */
export async function framesOf(documents: readonly Document[]): Promise<Record<string, readonly Frames[]>> {
  const script = fileURLToPath(new URL("read-frames.py", import.meta.url));
  const child = spawn(await python(), [script], { stdio: ["pipe", "pipe", "pipe"] });
  const exited = once(child, "exit");
  const wire = documents.map(toWire).map(({ name, doc }) => [name, doc]);
  child.stdin.end(JSON.stringify(wire));
  const [answer, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await exited;
  if (code !== 0) throw new Error(`Python could not read the frames:\n${errors}`);
  const found = JSON.parse(answer) as Record<string, any[]>;
  for (const { announced, announcedType, announcedChunks, shape, type, chunks } of Object.values(found).flat()) {
    expect({ shape, type }).toEqual({ shape: announced, type: announcedType });
    if (chunks !== null) expect(chunks).toEqual(announcedChunks);
  }
  return found;
}
