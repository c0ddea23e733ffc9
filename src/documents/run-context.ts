import type { DocumentName, DocumentTypes } from "./document.ts";
import { DocumentError, InvalidDocument } from "./errors.ts";
import { validate } from "./validate.ts";

/** What the composers of one run share. */
export class RunContext {
  readonly runStart: string;
  readonly now: () => number;
  readonly onMismatch: ((warning: string) => void) | undefined;
  readonly #validates: boolean;
  #isClosed = false;

  constructor(
    runStart: string,
    now: () => number,
    validates: boolean,
    onMismatch: ((warning: string) => void) | undefined,
  ) {
    this.runStart = runStart;
    this.now = now;
    this.onMismatch = onMismatch;
    this.#validates = validates;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  close(): void {
    this.assertOpen("stop");
    this.#isClosed = true;
  }

  assertOpen(name: DocumentName): void {
    if (!this.#isClosed) return;
    throw new DocumentError(`run ${this.runStart} has its stop document; no ${name} may follow`, {
      code: "closed",
      documentName: name,
    });
  }

  /** The document, validated; `stream` is what an error names where the document has only the uid of its descriptor. */
  checked<N extends DocumentName>(name: N, doc: DocumentTypes[N], stream?: string): DocumentTypes[N] {
    if (!this.#validates) return doc;
    try {
      validate(name, doc);
    } catch (error) {
      if (stream === undefined || !(error instanceof InvalidDocument)) throw error;
      const { code, documentName, key, message } = error;
      throw new InvalidDocument(`stream "${stream}": ${message}`, { code, documentName, stream, key, cause: error });
    }
    return doc;
  }
}
