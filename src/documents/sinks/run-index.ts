import type { Document } from "../document.ts";

/** Knows which run each document belongs to, from the references between documents. */
export class RunIndex {
  readonly #runs = new Map<string, string[]>();
  readonly #owners = new Map<string, string>();

  /** The uid of the document's run; undefined when it refers to nothing that was seen, as old resources do. A stop forgets its run. */
  runOf({ name, doc }: Document): string | undefined {
    switch (name) {
      case "start":
        this.#runs.set(doc.uid, []);
        return doc.uid;
      case "stop":
        this.#forget(doc.run_start);
        return doc.run_start;
      case "descriptor":
        return this.#learn(doc.uid, doc.run_start);
      case "resource":
      case "stream_resource":
        return doc.run_start === undefined ? undefined : this.#learn(doc.uid, doc.run_start);
      case "event":
      case "event_page":
        return this.#owners.get(doc.descriptor);
      case "datum":
      case "datum_page":
      case "bulk_datum":
        return this.#owners.get(doc.resource);
      case "stream_datum":
        return this.#owners.get(doc.stream_resource) ?? this.#owners.get(doc.descriptor);
      case "bulk_events": {
        const [descriptor] = Object.keys(doc);
        return descriptor === undefined ? undefined : this.#owners.get(descriptor);
      }
    }
  }

  #learn(uid: string, run: string): string {
    this.#owners.set(uid, run);
    const known = this.#runs.get(run);
    if (known === undefined) this.#runs.set(run, [uid]);
    else known.push(uid);
    return run;
  }

  #forget(run: string): void {
    for (const uid of this.#runs.get(run) ?? []) this.#owners.delete(uid);
    this.#runs.delete(run);
  }

  /** The runs that have been opened and not closed. */
  get open(): readonly string[] {
    return [...this.#runs.keys()];
  }
}
