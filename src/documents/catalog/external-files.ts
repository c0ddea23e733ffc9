import type { Document } from "../document.ts";
import { Filler, type FillerOptions } from "../filler.ts";

/** Who reads the files that a run refers to: handlers by spec, and where their roots are on this machine. */
export type ExternalFiles = FillerOptions;

/** The documents with the data of their files in the events. Files are open only while this goes on. */
export async function* filledDocuments(
  documents: AsyncIterable<Document>,
  files: ExternalFiles,
): AsyncGenerator<Document, void, undefined> {
  const filler = new Filler(files);
  try {
    for await (const document of documents) {
      filler.handle(document);
      if (document.name === "event") yield { name: "event", doc: await filler.fillEvent(document.doc) };
      else if (document.name === "event_page")
        yield { name: "event_page", doc: await filler.fillEventPage(document.doc) };
      else yield document;
    }
  } finally {
    await filler.close();
  }
}
