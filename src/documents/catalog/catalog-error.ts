/** What the catalog can't do, for programs; the message is for people. */
export type CatalogErrorCode = "not-found" | "ambiguous" | "unreachable" | "unreadable" | "closed";

/** A run or a place that can't be opened; the message names it. */
export class CatalogError extends Error {
  override readonly name = "CatalogError";
  readonly code: CatalogErrorCode;

  constructor(code: CatalogErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

export function ambiguous(uid: string, candidates: readonly string[]): CatalogError {
  return new CatalogError(
    "ambiguous",
    `"${uid}" is the beginning of several runs: ${candidates.join(", ")}; give more of it`,
  );
}

export function notFound(what: string, place: string): CatalogError {
  return new CatalogError("not-found", `There is no run ${what} in ${place}`);
}
