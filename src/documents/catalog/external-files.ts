import type { Document } from "../document.ts";
import { Filler, type FillerOptions } from "../filler.ts";
import { StreamFiller, type StreamFillerOptions } from "../stream-filler.ts";
import { openHdf5 } from "./hdf5.ts";
import { openTiffSeries } from "./tiff.ts";

/**
 * Who reads the files that a run refers to: `handlers` by spec and `streamHandlers` by mimetype, and where their roots are on this machine.
 * HDF5 files and folders of TIFF files of stream resources are read without being named here.
 */
export type ExternalFiles = Partial<FillerOptions & StreamFillerOptions>;

const OURS: StreamFillerOptions["streamHandlers"] = {
  "application/x-hdf5": openHdf5,
  "multipart/related;type=image/tiff": openTiffSeries,
};

/** Reads what stream resources hold. */
export function streamFiller(files: ExternalFiles): StreamFiller {
  return new StreamFiller({ ...files, streamHandlers: { ...OURS, ...files.streamHandlers } });
}

/** The documents with the data of their files in the events. Files are open only while this goes on. */
export async function* filledDocuments(
  documents: AsyncIterable<Document>,
  files: ExternalFiles,
): AsyncGenerator<Document, void, undefined> {
  const filler = new Filler({ ...files, handlers: files.handlers ?? {} });
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
