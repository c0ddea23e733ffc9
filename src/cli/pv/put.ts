import { type BulkResult, bulkGet, bulkPut, PutOutcomeUnknownError } from "../../devices/epics/index.ts";
import { describeError } from "../describe-error.ts";
import { type EnteredOptions, enteredValue } from "./entered-value.ts";
import { Report, type ReportOptions } from "./report.ts";

export interface PutOptions extends ReportOptions, EnteredOptions {
  readonly timeoutMs: number;
  /** Until the records have processed. */
  readonly wait: boolean;
}

/** What is to be written where, as it was typed. */
export type Entered = ReadonlyMap<string, readonly string[]>;

const INTERRUPTED = 130;

/**
 * Writes all PVs in one flight, having read what they were, and reads them again. Resolves to the exit code: 1 when one of them
 * could not be written or read, 2 when a value does not fit its PV, and then nothing is written.
 */
export async function put(entered: Entered, options: PutOptions): Promise<number> {
  const report = new Report(options);
  const { timeoutMs, wait, json, terse } = options;
  const pvs = [...entered.keys()];
  const before = await bulkGet(pvs, { form: "control", timeoutMs });
  const values = new Map<string, unknown>();
  let code = 0;
  for (const pv of pvs) {
    const old = present(before, pv);
    if (old instanceof Error) {
      report.failure(pv, old);
      code = 1;
      continue;
    }
    try {
      values.set(pv, enteredValue(pv, entered.get(pv) ?? [], old.metadata, options));
    } catch (error) {
      report.complain(`cerulean: ${describeError(error)}; nothing was written`);
      return 2;
    }
  }
  const written = await untilInterrupted([...values.keys()], report, () => {
    if (!json && !terse) for (const pv of values.keys()) tell(report, before, pv, "Old : ");
    return bulkPut(values, { timeoutMs, wait });
  });
  const taken: string[] = [];
  for (const [pv, outcome] of written) {
    if ("error" in outcome) {
      report.failure(pv, outcome.error);
      code = 1;
    } else {
      taken.push(pv);
    }
  }
  const after = await bulkGet(taken, { form: "control", timeoutMs });
  for (const pv of taken) if (!tell(report, after, pv, json || terse ? "" : "New : ")) code = 1;
  return code;
}

function tell(report: Report, readings: Map<string, BulkResult>, pv: string, prefix: string): boolean {
  const reading = present(readings, pv);
  if (reading instanceof Error) report.failure(pv, reading);
  else report.reading(pv, reading, reading.metadata, prefix);
  return !(reading instanceof Error);
}

type Complete = Exclude<BulkResult, { readonly error: Error }> &
  Required<Pick<Extract<BulkResult, { value: unknown }>, "metadata">>;

function present(readings: Map<string, BulkResult>, pv: string): Complete | Error {
  const reading = readings.get(pv);
  if (reading !== undefined && "error" in reading) return reading.error;
  if (reading?.metadata === undefined) return new Error("it did not tell what it is");
  return reading as Complete;
}

/** Ctrl-C while the records process ends the command at once, and says what is not known then. */
async function untilInterrupted<T>(pvs: readonly string[], report: Report, write: () => Promise<T>): Promise<T> {
  const interrupted = (): void => {
    for (const pv of pvs) report.failure(pv, new PutOutcomeUnknownError(pv, "interrupted: it may have been written"));
    process.exit(INTERRUPTED);
  };
  process.once("SIGINT", interrupted);
  try {
    return await write();
  } finally {
    process.off("SIGINT", interrupted);
  }
}
