import type { FlyCorrection } from "./fly-page.ts";

export interface DeadTimeOptions {
  /** Seconds for which the counter is blind after each count: for all columns, or for each. */
  readonly deadTime: number | Readonly<Record<string, number>>;
  /** The columns that it acts on; by default those that `deadTime` names, or all. */
  readonly keys?: readonly string[];
}

/**
 * Corrects counts for a non-paralysable dead time: of `m` counts in a dwell, `m / (1 - m τ / dwell)` were true.
 * A saturated point has no true count: it becomes NaN and is warned about.
 */
export function deadTimeCorrection({ deadTime, keys }: DeadTimeOptions): FlyCorrection {
  return (columns, { dwell, name }) => {
    const chosen = keys ?? (typeof deadTime === "number" ? Object.keys(columns) : Object.keys(deadTime));
    let saturated = 0;
    for (const key of chosen) {
      const column = columns[key];
      const tau = typeof deadTime === "number" ? deadTime : deadTime[key];
      if (column === undefined) throw new RangeError(`${name} has no column "${key}" to correct for dead time`);
      if (tau === undefined) throw new RangeError(`${name}: no dead time was given for "${key}"`);
      saturated += correctColumn(column, tau / dwell);
    }
    if (saturated > 0) {
      process.emitWarning(`${name}: ${saturated} points are saturated and became NaN`, "CeruleanWarning");
    }
  };
}

function correctColumn(column: Float64Array, blindPerCount: number): number {
  let saturated = 0;
  for (let i = 0; i < column.length; i++) {
    const counted = column[i] as number;
    const alive = 1 - counted * blindPerCount;
    if (alive <= 0) saturated++;
    column[i] = alive > 0 ? counted / alive : Number.NaN;
  }
  return saturated;
}
