import type { Document } from "../../document.ts";
import { rechunkDatumPages, rechunkEventPages } from "../../rechunk.ts";
import { packMessage } from "../msgpack.ts";

/** A document, or a part of a page, as the value of a message. */
export interface Message {
  readonly document: Document;
  readonly value: Buffer;
}

/** A document that no message can carry. */
class TooLarge extends Error {}

// Each part of a page is encoded on the engine's thread, so it must not take long.
const PART_BYTES = 80_000;

/**
 * The messages that a document becomes, in bluesky-kafka's form: MessagePack of `[name, document]`. Pages are cut so that each part fits into `limit`
 * bytes; what can't be cut and is larger is TooLarge.
 */
export function* messagesOf(document: Document, limit: number): Generator<Message, void, undefined> {
  for (const part of partsOf(document, { bytes: Math.min(PART_BYTES, limit / 2) })) yield* fitting(part, limit);
}

function* fitting(document: Document, limit: number): Generator<Message, void, undefined> {
  const packed = packMessage([document.name, document.doc]);
  if (packed.byteLength <= limit) {
    yield { document, value: Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength) };
    return;
  }
  const rows = rowsOf(document);
  if (rows < 2) throw new TooLarge(`it has ${packed.byteLength} bytes, and the broker takes ${limit} at most`);
  for (const half of partsOf(document, { rows: Math.ceil(rows / 2) })) yield* fitting(half, limit);
}

function* partsOf(document: Document, size: { rows?: number; bytes?: number }): Generator<Document, void, undefined> {
  if (document.name === "event_page") {
    for (const doc of rechunkEventPages([document.doc], size)) yield { name: "event_page", doc };
  } else if (document.name === "datum_page") {
    for (const doc of rechunkDatumPages([document.doc], size)) yield { name: "datum_page", doc };
  } else yield document;
}

function rowsOf({ name, doc }: Document): number {
  if (name === "event_page") return doc.uid.length;
  return name === "datum_page" ? doc.datum_id.length : 1;
}
