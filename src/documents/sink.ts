import type { Document } from "./document.ts";

/**
 * A subscriber that loses nothing. `write` is synchronous: when it returns, the document is the sink's to keep.
 * While `ready` is a promise the engine awaits it before its next message; at the end of a run nobody waits, `flush` is the caller's.
 */
export interface Sink {
  write(document: Document): void;
  readonly ready?: Promise<void> | undefined;
  /** Resolves when everything written before the call is where the sink promises to put it. */
  flush(): Promise<void>;
  /** Flushes and refuses further documents. */
  close(): Promise<void>;
}

export function isSink(value: unknown): value is Sink {
  const sink = value as Partial<Sink> | null;
  return (
    typeof sink === "object" && sink !== null && typeof sink.write === "function" && typeof sink.flush === "function"
  );
}
