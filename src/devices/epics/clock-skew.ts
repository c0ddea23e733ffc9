/** How far a server's clock may be from ours, in seconds, before it is told. */
const TOLERATED = 1;

/** Records that never processed carry EPICS' own beginning, 1990-01-01 UTC, or none at all: no clock has said that. */
const NEVER_PROCESSED_BEFORE = 631_152_000 + 86_400;

const told = new Set<string>();

/**
 * Warns once for each server whose time stamps are not of our time: those of the future in any reading, those of the past in
 * an update that has just come. Times in documents from there and from here don't compare then.
 */
export function mindClock(server: string, source: string, timestamp: number, isNews: boolean): void {
  if (timestamp < NEVER_PROCESSED_BEFORE) return;
  const behind = Date.now() / 1000 - timestamp;
  if (behind > -TOLERATED && (!isNews || behind < TOLERATED)) return;
  if (told.has(server)) return;
  told.add(server);
  const direction = behind > 0 ? "behind" : "ahead of";
  process.emitWarning(
    `the clock of ${server} is ${Math.abs(behind).toFixed(1)} s ${direction} ours, by the time stamp of ${source}`,
    "CeruleanWarning",
  );
}
