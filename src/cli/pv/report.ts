import { sourceOf } from "../../devices/epics/channel-source.ts";
import { conditionOf } from "../../devices/epics/conditions.ts";
import { ChannelError, type ChannelMetadata, type ChannelReading } from "../../devices/epics/index.ts";
import { stringify } from "../../documents/json.ts";
import { Output } from "../output.ts";
import { firstElements, labelOf, longText, type ValueStyle, valueText } from "./value-text.ts";

export interface ReportOptions extends ValueStyle {
  /** An object in JSON for each line; NaN and infinities as Python writes and reads them, integers of any size. */
  readonly json: boolean;
  /** The value alone. */
  readonly terse: boolean;
  /** Time stamp and alarm too. */
  readonly wide: boolean;
}

/** Where names end and values begin, as with caget. */
const NAME_WIDTH = 30;
const SEVERITIES = ["NO_ALARM", "MINOR", "MAJOR", "INVALID"];
/** EPICS' own beginning, 1990-01-01 UTC: a record that never processed has it, or none at all. */
const EPICS_BEGINNING = 631_152_000;

/** What the commands tell of PVs, for people or as lines of JSON: values on standard output, failures on standard error. */
export class Report {
  readonly #options: ReportOptions;
  readonly #output = new Output();

  constructor(options: ReportOptions) {
    this.#options = options;
  }

  /** `prefix` goes before the name, for people only. */
  reading(pv: string, reading: ChannelReading, metadata: ChannelMetadata, prefix = ""): void {
    const { json, terse, wide } = this.#options;
    const value = json ? "" : valueText(reading.value, metadata, this.#options);
    if (json) this.record(pv, this.#readingRecord(reading, metadata));
    else if (terse) this.line(value);
    else if (!wide) this.line(`${prefix}${pv.padEnd(NAME_WIDTH)} ${value}`);
    else this.line(`${pv.padEnd(NAME_WIDTH)} ${timeText(reading.timestamp)} ${value}${alarmText(reading)}`);
  }

  failure(pv: string, error: Error): void {
    if (!this.#options.json) {
      this.#output.complain(`${pv.padEnd(NAME_WIDTH)} *** ${error.message}`);
      return;
    }
    const code = error instanceof ChannelError ? error.code : "REQUEST";
    this.record(pv, { error: { code, name: error.name, message: error.message } });
  }

  /** One line of JSON about a PV. */
  record(pv: string, content: object): void {
    this.line(stringify({ pv, source: sourceText(pv), ...content }));
  }

  line(text: string): void {
    this.#output.line(text);
  }

  complain(text: string): void {
    this.#output.complain(text);
  }

  #readingRecord(reading: ChannelReading, metadata: ChannelMetadata): object {
    const { longString, elements } = this.#options;
    const { timestamp, alarmSeverity, alarmStatus, message } = reading;
    const text = longString ? longText(reading.value) : undefined;
    return {
      kind: metadata.info.kind,
      value: text ?? firstElements(reading.value, elements),
      label: labelOf(reading.value, metadata),
      timestamp,
      alarmSeverity,
      severity: severityText(alarmSeverity),
      alarmStatus,
      condition: conditionOf(alarmStatus),
      message,
    };
  }
}

function sourceText(pv: string): string | null {
  try {
    return sourceOf(pv);
  } catch {
    return null;
  }
}

/** The host's local time to the microsecond, as camonitor writes it. */
export function timeText(timestamp: number): string {
  if (timestamp <= EPICS_BEGINNING) return "<undefined>";
  const seconds = Math.floor(timestamp);
  const date = new Date(seconds * 1000);
  const two = (number: number): string => String(number).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const micros = Math.min(999_999, Math.round((timestamp - seconds) * 1e6));
  return `${day} ${time}.${String(micros).padStart(6, "0")}`;
}

export function severityText(severity: number): string {
  return SEVERITIES[severity] ?? "UNKNOWN";
}

function alarmText({ alarmSeverity, alarmStatus, message }: ChannelReading): string {
  if (alarmSeverity === 0 && alarmStatus === 0) return "";
  const condition = conditionOf(alarmStatus);
  const words = message === undefined || message === condition ? "" : ` (${message})`;
  return ` ${condition} ${severityText(alarmSeverity)}${words}`;
}
