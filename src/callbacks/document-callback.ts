import type { Document } from "../documents/document.ts";
import type { Sink } from "../documents/sink.ts";

/** A subscriber that can be called like a function, and subscribed as a sink that is always ready. */
export interface DocumentCallback extends Sink {
  (document: Document): void;
}

class Callable implements Sink {
  constructor() {
    const callback = (document: Document): void => (callback as DocumentCallback).write(document);
    // biome-ignore lint/correctness/noConstructorReturn: the fields of derived classes are made on what is returned here
    return Object.setPrototypeOf(callback, new.target.prototype);
  }

  write(_document: Document): void {}
  async flush(): Promise<void> {}
  async close(): Promise<void> {}
}

/** To be derived from, with a `write` of one's own. */
export const DocumentCallback = Callable as unknown as abstract new () => DocumentCallback;
