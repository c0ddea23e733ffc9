import type { RunComposer } from "../documents/compose.ts";
import type { StreamComposer } from "../documents/compose-stream.ts";
import type { Document } from "../documents/document.ts";

const KEY = "interruption";

/** The stream that tells of pauses and suspensions. Its numbers are never led back. */
export class Interruptions {
  readonly #composer: StreamComposer;
  readonly #emit: (document: Document) => void;

  constructor(run: RunComposer, emit: (document: Document) => void) {
    this.#composer = run.composeDescriptor({
      name: "interruptions",
      dataKeys: { [KEY]: { dtype: "string", shape: [], source: "RunEngine" } },
    });
    this.#emit = emit;
    emit({ name: "descriptor", doc: this.#composer.descriptor });
  }

  record(what: string): void {
    const timestamps = { [KEY]: Date.now() / 1000 };
    this.#emit({ name: "event", doc: this.#composer.composeEvent({ data: { [KEY]: what }, timestamps }) });
  }
}
