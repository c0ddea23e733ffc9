export interface Row {
  /** What was measured. */
  what: string;
  /** Who did it. */
  who: string;
  /** Durations in microseconds. */
  us: readonly number[];
  /** Medians of the rounds, where the contender tells them: CPU time for each operation in microseconds, threads, resident memory. */
  cpuUs?: number | undefined;
  threads?: number | undefined;
  residentMb?: number | undefined;
  /** How many of the operations never came to an end. */
  lost?: number;
  /** What the contender itself told of them: a count, or less where many were merged at once. */
  told?: number;
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

const COSTS = ["CPU us", "threads", "MB"];

/** Rows grouped by what was measured; the ratio is the row's median over ours, so that above 1 means slower than we are. */
export function formatTable(rows: readonly Row[], ours: string): string {
  const hasCosts = rows.some(({ cpuUs }) => cpuUs !== undefined);
  const lines = [["", "who", "n", "p50 us", "p95 us", "p99 us", "x ours", ...(hasCosts ? COSTS : [])]];
  let previous = "";
  for (const row of rows) {
    const base = rows.find((other) => other.what === row.what && other.who === ours);
    const median = quantile(row.us, 0.5);
    const ratio = base === undefined ? "" : (median / quantile(base.us, 0.5)).toFixed(2);
    const figures = [median, quantile(row.us, 0.95), quantile(row.us, 0.99)].map(microseconds);
    const costs = hasCosts ? [shown(row.cpuUs, 1), shown(row.threads, 0), shown(row.residentMb, 0)] : [];
    const told = row.told === undefined ? "" : `, told of ${row.told}`;
    const who = row.lost ? `${row.who}, ${row.lost} lost${told}` : row.who;
    lines.push([row.what === previous ? "" : row.what, who, String(row.us.length), ...figures, ratio, ...costs]);
    previous = row.what;
  }
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
    )
    .join("\n");
}

function microseconds(us: number): string {
  return us < 10 ? us.toFixed(3) : us.toFixed(1);
}

function shown(value: number | undefined, digits: number): string {
  return value === undefined ? "" : value.toFixed(digits);
}
