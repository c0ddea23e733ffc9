import type { Document, Sink } from "../../documents/index.ts";

/** Named moments, in milliseconds. */
export class Stopwatch {
  readonly #moments = new Map<string, number>();

  mark(moment: string): void {
    this.#moments.set(moment, performance.now());
  }

  /** NaN when one of the two moments never came. */
  between(from: string, to: string): number {
    return (this.#moments.get(to) ?? Number.NaN) - (this.#moments.get(from) ?? Number.NaN);
  }

  /** The same sink, with the moments at which it was handed an event page and had taken it. */
  handOver(sink: Sink): Sink {
    const write = (document: Document): void => {
      const isPage = document.name === "event_page";
      if (isPage) this.mark("handing over");
      sink.write(document);
      if (isPage) this.mark("handed over");
    };
    return {
      write,
      get ready() {
        return sink.ready;
      },
      flush: () => sink.flush(),
      close: () => sink.close(),
    };
  }
}
