import { bulkGet } from "../../devices/epics/index.ts";
import { Report, type ReportOptions } from "./report.ts";

export interface GetOptions extends ReportOptions {
  readonly timeoutMs: number;
}

/** Reads all PVs in one flight and tells them in their order. Resolves to the exit code: 1 when one of them could not be read. */
export async function get(pvs: readonly string[], options: GetOptions): Promise<number> {
  const report = new Report(options);
  const readings = await bulkGet(pvs, { form: "control", timeoutMs: options.timeoutMs });
  let code = 0;
  for (const pv of pvs) {
    const reading = readings.get(pv);
    if (reading === undefined) continue;
    if ("error" in reading) {
      report.failure(pv, reading.error);
      code = 1;
    } else if (reading.metadata !== undefined) {
      report.reading(pv, reading, reading.metadata);
    }
  }
  return code;
}
