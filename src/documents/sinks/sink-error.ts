/** What a sink could not do, for programs; the message is for people. */
export type SinkErrorCode =
  | "closed"
  | "write"
  | "journal"
  | "unreachable"
  | "refused"
  | "options"
  | "index"
  | "duplicate"
  | "unstorable"
  | "timeout"
  | "order"
  | "not-built"
  | "not-installed"
  | "worker";

/** A sink can't keep what it was given, or can't start; `code` says what, the message names the file, server or document. */
export class SinkError extends Error {
  override readonly name = "SinkError";
  readonly code: SinkErrorCode;

  constructor(code: SinkErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The short reason in an error of the system or of another library. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
