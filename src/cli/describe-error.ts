const DEPTH = 5;

/** The message of an error and of what caused it, without repetitions; with CERULEAN_DEBUG set, its stack. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (process.env.CERULEAN_DEBUG) return error.stack ?? error.message;
  const messages: string[] = [];
  let cause: unknown = error;
  for (let depth = 0; cause instanceof Error && depth < DEPTH; depth++, cause = cause.cause) {
    const { message } = cause;
    if (!messages.some((known) => known.includes(message))) messages.push(message);
  }
  return messages.join("\n  because: ");
}
