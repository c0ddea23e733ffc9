/** Channel Access's alarm conditions by their code, as IOCs name them. */
const CONDITIONS = [
  "NO_ALARM",
  "READ",
  "WRITE",
  "HIHI",
  "HIGH",
  "LOLO",
  "LOW",
  "STATE",
  "COS",
  "COMM",
  "TIMEOUT",
  "HWLIMIT",
  "CALC",
  "SCAN",
  "LINK",
  "SOFT",
  "BAD_SUB",
  "UDF",
  "DISABLE",
  "SIMM",
  "READ_ACCESS",
  "WRITE_ACCESS",
] as const;

const PVA_STATUSES = ["none", "device", "driver", "record", "db", "conf", "undefined", "client"] as const;

/** The word for a status that only pvAccess has; the addon sends it negated. */
export function alarmStatus(negated: number): number | string {
  return PVA_STATUSES[-negated] ?? -negated;
}

export function conditionOf(status: number | string): string {
  return typeof status === "string" ? status : (CONDITIONS[status] ?? `condition ${status}`);
}
