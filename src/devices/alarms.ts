import { InvalidReadingError } from "./errors.ts";
import type { Reading } from "./protocols.ts";

/** What a read does with a value that is not to be trusted; `record` adds a data key `<name>-severity` to the reading. */
export type OnInvalid = "warn" | "fail" | "record" | "ignore";

/** EPICS' alarm status "undefined": the record has never been given a value. No pvAccess status has this number. */
const UDF_STATUS = 17;

/** Invalid, undefined, disconnected or unknown. */
export function isInvalid(reading: Reading): boolean {
  const severity = reading.alarmSeverity ?? 0;
  if (severity >= 3 || severity < 0 || reading.alarmStatus === UDF_STATUS) return true;
  return reading.message?.startsWith("UDF") ?? false;
}

function explain(source: string, reading: Reading): string {
  const message = reading.message === undefined || reading.message === "" ? "" : `, ${reading.message}`;
  return `the value of ${source} is not valid (alarm severity ${reading.alarmSeverity ?? "none"}, status ${reading.alarmStatus ?? "none"}${message})`;
}

/** Applies one signal's policy. `warn` warns once for each time that the signal turns invalid, not for each read. */
export class AlarmPolicy {
  readonly #policy: OnInvalid;
  #warned = false;

  constructor(policy: OnInvalid) {
    this.#policy = policy;
  }

  get records(): boolean {
    return this.#policy === "record";
  }

  apply(source: string, reading: Reading): void {
    if (this.#policy === "ignore" || this.#policy === "record") return;
    const invalid = isInvalid(reading);
    if (invalid && this.#policy === "fail") throw new InvalidReadingError(explain(source, reading));
    if (invalid && !this.#warned) process.emitWarning(explain(source, reading), "CeruleanWarning");
    this.#warned = invalid;
  }
}
