const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** Unix seconds of a date ("2026-11-22", in local time, or with time and zone), of Unix seconds, or of a time ago ("2d"); undefined for anything else. */
export function parseTime(text: string, now = Date.now() / 1000): number | undefined {
  const ago = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text);
  if (ago !== null) return now - Number(ago[1]) * (UNITS[ago[2] as string] as number);
  if (/^\d+(\.\d+)?$/.test(text) && text.length > 8) return Number(text);
  // JavaScript takes a bare date for UTC, and one with a time for local.
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
  return /^\d{4}-/.test(text) && !Number.isNaN(date.getTime()) ? date.getTime() / 1000 : undefined;
}

/** `sample.name=Au` and the like: the value as JSON where it is that, else as text. */
export function parseMetadata(text: string): Record<string, unknown> {
  const at = text.indexOf("=");
  if (at < 1) throw new Error(`--md ${text} is no key=value`);
  const value = text.slice(at + 1);
  try {
    return { [text.slice(0, at)]: JSON.parse(value) };
  } catch {
    return { [text.slice(0, at)]: value };
  }
}

/** A run as Catalog.run takes it: scan numbers and positions from the end as numbers, all else as the beginning of a uid. */
export function parseRun(text: string): string | number {
  return /^(-\d{1,7}|\d{1,7})$/.test(text) ? Number(text) : text;
}
