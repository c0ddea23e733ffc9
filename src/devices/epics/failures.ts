import { ChannelTimeoutError, NotConnectedError, PutOutcomeUnknownError } from "./errors.ts";

/** What an operation was about when its time ran out. */
export type Phase = "connect" | "read" | "put" | "call";

/** The error of an operation whose time ran out, by how far it had come. */
export function failureOf(source: string, what: Phase, sent: boolean, timeoutMs: number): Error {
  const within = `within ${Math.round(timeoutMs)} ms`;
  if (!sent) {
    return new NotConnectedError(
      source,
      `${source} was not found ${within}; check its name, its IOC and the address list`,
    );
  }
  if (what === "put") {
    return new PutOutcomeUnknownError(source, `${source} did not confirm the put ${within}; it may have been written`);
  }
  if (what === "call") {
    return new PutOutcomeUnknownError(
      source,
      `${source} did not answer the call ${within}; it may have been carried out`,
    );
  }
  return new ChannelTimeoutError(source, `${source} did not answer ${within}`);
}
