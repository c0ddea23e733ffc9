import type { Document, DocumentName, DocumentTypes } from "../document.ts";
import type { Sink } from "../sink.ts";
import { SinkError } from "./sink-error.ts";

/** Keeps the documents themselves, not copies, in the order in which they came. */
export class MemorySink implements Sink {
  readonly documents: Document[] = [];
  #closed = false;

  write(document: Document): void {
    if (this.#closed) throw new SinkError("closed", `MemorySink is closed and can't take a ${document.name} document`);
    this.documents.push(document);
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {
    this.#closed = true;
  }

  /** The documents of one name, in order. */
  named<N extends DocumentName>(name: N): DocumentTypes[N][] {
    return this.documents.filter((document) => document.name === name).map(({ doc }) => doc as DocumentTypes[N]);
  }

  /** Forgets everything written so far. */
  clear(): void {
    this.documents.length = 0;
  }
}
