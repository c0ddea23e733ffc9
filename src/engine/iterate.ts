import type { Document } from "../documents/document.ts";
import type { Sink } from "../documents/sink.ts";
import type { RunResult } from "./errors.ts";

/** The documents of a run, which goes on only while the consumer waits for the next. Leaving the loop early aborts it. */
export async function* iterate(
  run: (feed: Sink) => Promise<RunResult<any>>,
  abort: (reason: string) => Promise<unknown>,
): AsyncGenerator<Document, RunResult<any>> {
  const feed = new DocumentFeed();
  const finished = run(feed);
  const end = (): void => feed.end();
  const ended = finished.then(end, end);
  let isConsumed = false;
  try {
    for (let document = await feed.next(); document !== undefined; document = await feed.next()) yield document;
    isConsumed = true;
  } finally {
    if (!isConsumed) {
      await feed.close();
      await abort("the loop over the documents was left").catch(() => {});
      await ended;
    }
  }
  return await finished;
}

/** A sink that hands documents on one by one and holds the engine while its consumer is busy with one. */
class DocumentFeed implements Sink {
  #documents: Document[] = [];
  #ready: Promise<void> | undefined;
  #release: (() => void) | undefined;
  #arrived: (() => void) | undefined;
  #isOver = false;

  constructor() {
    this.#holdBack();
  }

  get ready(): Promise<void> | undefined {
    return this.#ready;
  }

  write(document: Document): void {
    if (this.#isOver) return;
    this.#documents.push(document);
    this.#holdBack();
    this.#arrived?.();
  }

  /** The next document as soon as there is one; `undefined` when there will be none any more. */
  async next(): Promise<Document | undefined> {
    if (this.#documents.length === 0 && !this.#isOver) {
      this.#letGo();
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    return this.#documents.shift();
  }

  /** No more documents will come: `next` hands out what is left. */
  end(): void {
    this.#isOver = true;
    this.#letGo();
    this.#arrived?.();
  }

  async flush(): Promise<void> {}

  /** Drops what was not consumed and never holds the engine again. */
  async close(): Promise<void> {
    this.#documents = [];
    this.end();
  }

  #holdBack(): void {
    this.#ready ??= new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  #letGo(): void {
    this.#ready = undefined;
    this.#release?.();
  }
}
