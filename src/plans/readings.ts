/** The number in a field of readings. Throws, with the fields that there are, when it is missing or no number. */
export function numberFrom(plan: string, what: string, readings: Record<string, any>, field: string): number {
  const value: unknown = readings[field]?.value;
  if (typeof value === "number" && !Number.isNaN(value)) return value;
  const fields = Object.keys(readings).join(", ") || "none";
  throw new TypeError(
    value === undefined
      ? `${plan}: ${what} ${JSON.stringify(field)} is not among the fields read: ${fields}`
      : `${plan}: ${what} ${JSON.stringify(field)} is no number but ${String(value)}`,
  );
}
