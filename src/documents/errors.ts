/** What is wrong with a document, for programs; the message is for people. */
export type DocumentErrorCode =
  | "schema"
  | "key"
  | "ragged"
  | "column"
  | "time"
  | "metadata"
  | "unencodable"
  | "json"
  | "mismatched-keys"
  | "missing-descriptor"
  | "mixed-streams"
  | "sequence"
  | "closed"
  | "order"
  | "count"
  | "unresolvable"
  | "unfilled"
  | "unhandled"
  | "inaccessible";

export interface DocumentErrorDetails {
  code: DocumentErrorCode;
  documentName?: string | undefined;
  stream?: string | undefined;
  key?: string | undefined;
  cause?: unknown;
}

/** Something is wrong with a document; `code` says what, `stream` and `key` where. */
export class DocumentError extends Error {
  override readonly name: string = "DocumentError";
  readonly code: DocumentErrorCode;
  readonly documentName: string | undefined;
  readonly stream: string | undefined;
  readonly key: string | undefined;

  constructor(message: string, { code, documentName, stream, key, cause }: DocumentErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.documentName = documentName;
    this.stream = stream;
    this.key = key;
  }
}

/** A document breaks its schema or one of the rules that readers rely on. */
export class InvalidDocument extends DocumentError {
  override readonly name = "InvalidDocument";
}

/** An event's keys aren't those of its descriptor, or its data and timestamps differ. */
export class MismatchedDataKeys extends DocumentError {
  override readonly name = "MismatchedDataKeys";
}

/** A document refers to another one that nobody has seen. */
export class UnresolvableReference extends DocumentError {
  override readonly name = "UnresolvableReference";
}

/** Nobody knows how to read a resource of this spec. */
export class UnknownSpec extends DocumentError {
  override readonly name = "UnknownSpec";
}

/** A file that an event refers to can't be read; `cause` says why. */
export class DataNotAccessible extends DocumentError {
  override readonly name = "DataNotAccessible";
}

/** Data that should be in an event is still in a file. */
export class UnfilledData extends DocumentError {
  override readonly name = "UnfilledData";
}
