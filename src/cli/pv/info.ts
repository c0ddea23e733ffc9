import {
  type BulkResult,
  bulkGet,
  type ChannelMetadata,
  type ChannelRange,
  type ChannelReading,
  getContext,
} from "../../devices/epics/index.ts";
import { Report, severityText, timeText } from "./report.ts";

export interface InfoOptions {
  readonly json: boolean;
  readonly timeoutMs: number;
}

const PLAIN = { terse: false, wide: false, numeric: false, longString: false, separator: " " };

/** Tells what the PVs are: type, server, access, metadata, and over pvAccess their structure. Resolves to the exit code: 1 when one could not be told. */
export async function info(pvs: readonly string[], { json, timeoutMs }: InfoOptions): Promise<number> {
  const report = new Report({ ...PLAIN, json });
  const [readings, structures] = await Promise.all([
    bulkGet(pvs, { form: "control", timeoutMs }),
    Promise.all(pvs.map((pv) => structureOf(pv, timeoutMs))),
  ]);
  let code = 0;
  for (const [at, pv] of pvs.entries()) {
    const reading = readings.get(pv) as BulkResult;
    const structure = structures[at] ?? null;
    if ("error" in reading || reading.metadata === undefined) {
      report.failure(pv, "error" in reading ? reading.error : new Error("it did not tell what it is"));
      code = 1;
    } else if (json) {
      const { info, ...rest } = reading.metadata;
      report.record(pv, { ...info, ...rest, structure });
    } else {
      report.line([pv, ...lines(reading, reading.metadata), ...structureLines(structure)].join("\n"));
    }
  }
  return code;
}

/** Null over Channel Access, and where it can't be had: why not, the reading says. */
async function structureOf(pv: string, timeoutMs: number): Promise<object | null> {
  try {
    await using channel = getContext().channel(pv);
    return await channel.fieldDescription({ timeoutMs });
  } catch {
    return null;
  }
}

function lines(reading: ChannelReading, { info, choices, limits, ...metadata }: ChannelMetadata): string[] {
  const isCa = info.protocol === "ca";
  const count = info.count > 0 ? ` of up to ${info.count}` : "";
  return [
    line("protocol", isCa ? "Channel Access" : "pvAccess"),
    line("server", info.host),
    line("type", info.isArray ? `array${count} ${info.kind}` : info.kind),
    line("structure", info.typeId),
    line("access", isCa ? (info.writable ? "read, write" : "read") : "told at a put only"),
    line("description", metadata.description),
    line("units", metadata.units),
    line("precision", metadata.precision),
    line("choices", choices?.map((choice, index) => `${index} ${choice}`).join(", ")),
    ...Object.entries(limits).map(([name, range]) => line(`${name} limits`, rangeText(range))),
    line("time stamp", timeText(reading.timestamp)),
    line("alarm", `${severityText(reading.alarmSeverity)}${reading.message ? ` (${reading.message})` : ""}`),
  ].flat();
}

/** None for what the server does not tell. */
function line(what: string, value: string | number | null | undefined): string[] {
  return value === null || value === undefined || value === "" ? [] : [`    ${what.padEnd(16)}${value}`];
}

function rangeText(range: ChannelRange | null): string | undefined {
  return range === null ? undefined : `${range.low ?? "none"} to ${range.high ?? "none"}`;
}

interface Structure {
  readonly id: string;
  readonly fields: Readonly<Record<string, string | Structure>>;
}

function structureLines(description: object | null): string[] {
  const { fields } = (description ?? {}) as Partial<Structure>;
  return fields === undefined ? [] : ["    fields", ...fieldLines(fields, "        ")];
}

function fieldLines(fields: Structure["fields"], indent: string): string[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    typeof field === "string"
      ? [`${indent}${field} ${name}`]
      : [`${indent}${field.id || "structure"} ${name}`, ...fieldLines(field.fields, `${indent}    `)],
  );
}
