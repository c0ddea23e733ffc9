export interface Row {
  /** What was measured. */
  what: string;
  /** Who did it. */
  who: string;
  /** Durations in microseconds. */
  us: readonly number[];
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

/** Rows grouped by what was measured; the ratio is the row's median over ours, so that above 1 means slower than we are. */
export function formatTable(rows: readonly Row[], ours: string): string {
  const lines = [["", "who", "n", "p50 us", "p95 us", "p99 us", "x ours"]];
  let previous = "";
  for (const row of rows) {
    const base = rows.find((other) => other.what === row.what && other.who === ours);
    const median = quantile(row.us, 0.5);
    const ratio = base === undefined ? "" : (median / quantile(base.us, 0.5)).toFixed(2);
    const figures = [median, quantile(row.us, 0.95), quantile(row.us, 0.99)].map((us) => us.toFixed(1));
    lines.push([row.what === previous ? "" : row.what, row.who, String(row.us.length), ...figures, ratio]);
    previous = row.what;
  }
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
    )
    .join("\n");
}
