import { setTimeout as sleep } from "node:timers/promises";
import type { Document } from "../document.ts";

/** Looks once for what has come since the last time; ends by itself when the run has. */
export type Look = () => AsyncIterable<Document>;

/** The documents of a run as they come, until its stop; looks again every `pollMs` and ends early, without an error, on `signal`. */
export async function* followed(
  look: Look,
  { pollMs, signal }: { pollMs: number; signal: AbortSignal | undefined },
): AsyncGenerator<Document, void, undefined> {
  for (;;) {
    for await (const document of look()) {
      if (signal?.aborted) return;
      yield document;
      if (document.name === "stop") return;
    }
    try {
      await sleep(pollMs, undefined, signal === undefined ? {} : { signal });
    } catch {
      return;
    }
  }
}
