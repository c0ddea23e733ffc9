import { createRequire } from "node:module";
import { BSON } from "mongodb";
import { reasonOf } from "../sink-error.ts";
import { type BsonDocument, Unstorable } from "./bson.ts";

/** What MongoDB takes as one document, in bytes. */
const LARGEST_DOCUMENT = 16 * 1024 * 1024;

/** The bytes of a document; Unstorable when it can't be serialised or is larger than MongoDB takes. */
export function encode(document: BsonDocument): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = BSON.serialize(document, { ignoreUndefined: false });
  } catch (error) {
    const size = sizeOf(document);
    throw size !== undefined && size > LARGEST_DOCUMENT ? tooLarge(size) : new Unstorable(reasonOf(error));
  }
  // What doesn't fit the serialiser's memory is cut off, and the length at its front is the true one.
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (size > LARGEST_DOCUMENT) throw tooLarge(size);
  return bytes;
}

/** As MongoDB gives it back: numbers are JavaScript's. */
export function decode(bytes: Uint8Array): BsonDocument {
  return BSON.deserialize(bytes);
}

/** Each number of the type that it has, so that it can be encoded again. */
export function decodeExactly(bytes: Uint8Array): BsonDocument {
  return BSON.deserialize(bytes, { promoteValues: false });
}

interface Sequence {
  push(document: unknown, bytes: Uint8Array): number;
}

/**
 * Documents that are serialised already, as the `documents` of an insert command. The driver has this for its own bulk writes and doesn't
 * document it: its minor version is pinned for that, and every test that stores anything goes through here.
 */
export function documentSequence(documents: readonly Uint8Array[]): unknown {
  const sequence = new DocumentSequence("documents");
  for (const bytes of documents) sequence.push(undefined, bytes);
  return sequence;
}

const { DocumentSequence } = createRequire(import.meta.url)("mongodb/lib/cmap/commands.js") as {
  DocumentSequence: new (field: string) => Sequence;
};

function sizeOf(document: BsonDocument): number | undefined {
  try {
    return BSON.calculateObjectSize(document, { ignoreUndefined: false });
  } catch {
    return undefined;
  }
}

function tooLarge(bytes: number): Unstorable {
  return new Unstorable(`it has ${bytes} bytes, and MongoDB takes ${LARGEST_DOCUMENT} at most`);
}
