/** A channel or a value is not what the signal was declared as; `expected` and `actual` say how. */
export class DatatypeMismatchError extends TypeError {
  override readonly name = "DatatypeMismatchError";
  readonly source: string;
  readonly expected: string;
  readonly actual: string;

  constructor(source: string, expected: string, actual: string, hint?: string) {
    super(`${source} is ${actual} and cannot be read as ${expected}${hint === undefined ? "" : `; ${hint}`}`);
    this.source = source;
    this.expected = expected;
    this.actual = actual;
  }
}

/** A reading whose value is not to be trusted, on a signal that was told to fail then (`onInvalid: "fail"`). */
export class InvalidReadingError extends Error {
  override readonly name = "InvalidReadingError";
}

/** Something was asked of a signal that needs a monitor, a connection or a capability that it has not got. */
export class SignalUseError extends Error {
  override readonly name = "SignalUseError";
}

/** A signal, or a device, did not get where it was expected within its time. */
export class WaitTimeoutError extends Error {
  override readonly name = "WaitTimeoutError";
}

/**
 * What failed to connect, as a tree: `subErrors` maps the names of children to their errors, and the message shows all levels.
 * The devices that it does not name are connected and usable.
 */
export class NotConnectedError extends AggregateError {
  override readonly name = "NotConnectedError";
  readonly subErrors: ReadonlyMap<string, Error>;

  constructor(owner: string, subErrors: ReadonlyMap<string, Error>) {
    super([...subErrors.values()], `\n${owner}: NotConnectedError:\n${indented(subErrors, 1)}`);
    this.subErrors = subErrors;
  }

  /** The tree alone: the stacks of all that failed would bury it. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.message;
  }
}

function indented(errors: ReadonlyMap<string, Error>, depth: number): string {
  let text = "";
  for (const [name, error] of errors) {
    text += `${"    ".repeat(depth)}${name}: ${error.name}:`;
    text += error instanceof NotConnectedError ? `\n${indented(error.subErrors, depth + 1)}` : ` ${error.message}\n`;
  }
  return text;
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error), { cause: error });
}

/** Waits for all attempts; the errors of those that failed, by their names. */
export async function failuresAmong(
  attempts: readonly (readonly [name: string, attempt: Promise<unknown> | void])[],
): Promise<Map<string, Error>> {
  const results = await Promise.allSettled(attempts.map(([, attempt]) => attempt));
  const failures = new Map<string, Error>();
  results.forEach((result, i) => {
    if (result.status === "rejected") failures.set(attempts[i]?.[0] ?? "", asError(result.reason));
  });
  return failures;
}
