import { stringify } from "../json.ts";

/**
 * Lines of comma-separated values, the names of the columns first, as RFC 4180 has them: fields with commas, quotes or line ends in quotes.
 * Numbers have all their digits, NaN and infinities are written as Python reads them, arrays as JSON, and a missing value as nothing.
 */
export function* csvLines(columns: Readonly<Record<string, ArrayLike<unknown>>>): Generator<string, void, undefined> {
  const names = Object.keys(columns);
  yield `${names.map(quoted).join(",")}\n`;
  const values = Object.values(columns);
  const rows = values[0]?.length ?? 0;
  for (let row = 0; row < rows; row++) yield `${values.map((column) => cell(column[row])).join(",")}\n`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  return quoted(typeof value === "string" ? value : stringify(value));
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
