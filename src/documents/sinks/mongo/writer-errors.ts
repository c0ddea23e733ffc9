import { SinkError } from "../sink-error.ts";

/** MongoDB doesn't answer, or takes nothing. */
export function unreachable(shownUri: string, reason: string): SinkError {
  return new SinkError(
    "unreachable",
    `MongoDB is away: ${shownUri} doesn't take documents (${reason}). Start it, correct the URI, ` +
      `or pass allowUnavailable to collect into the journal meanwhile`,
  );
}

/** MongoDB answers, and not to this user. */
export function refused(shownUri: string, reason: string): SinkError {
  return new SinkError(
    "refused",
    `MongoDB refuses the user of ${shownUri}: ${reason}. Correct the user, the password or authSource in the URI, ` +
      `or give the user the role readWrite on the database`,
  );
}

/** The writer's worker is no more, and documents are where only the next writer brings them into the database. */
export function abandoned(lost: SinkError, documents: string, folder: string | undefined): SinkError {
  const message = `${lost.message}; ${documents} are in the journal ${folder}, and the next writer stores them`;
  return new SinkError("worker", message, { cause: lost });
}

/** MongoDB didn't acknowledge in time what a flush waits for. */
export function unacknowledged(shownUri: string, what: string, folder: string | undefined): SinkError {
  const message = `MongoDB (${shownUri}) has not acknowledged ${what}; all of it is in the journal ${folder}`;
  return new SinkError("timeout", message);
}
