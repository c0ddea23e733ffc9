import type { Document } from "../documents/document.ts";

/** What is drawn of one field when a run is over. */
export interface Picture {
  /** Takes the run's documents from its first descriptor on. */
  write(document: Document): void;
  /** Lines for a terminal; none where there is nothing to be seen. */
  draw(): string[];
}
