import type { FlyCorrection } from "./fly-page.ts";

/** Seconds for which a counter is blind after each count: one for the columns that are named, or one for each. */
export type DeadTimeOptions =
  | { readonly deadTime: number; readonly keys: readonly string[] }
  | { readonly deadTime: Readonly<Record<string, number>>; readonly keys?: undefined };

/**
 * Corrects counts for a non-paralysable dead time: of `m` counts in a dwell, `m / (1 - m τ / dwell)` were true.
 * A saturated point has no true count: it becomes NaN and is warned about.
 */
export function deadTimeCorrection({ deadTime, keys }: DeadTimeOptions): FlyCorrection {
  warmUp();
  return (columns, { dwell, name }) => {
    const chosen = keys ?? Object.keys(deadTime);
    let saturated = 0;
    for (const key of chosen) {
      const column = columns[key];
      const tau = typeof deadTime === "number" ? deadTime : deadTime[key];
      if (column === undefined) throw new RangeError(`${name} has no column "${key}" to correct for dead time`);
      if (tau === undefined) throw new RangeError(`${name}: no dead time was given for "${key}"`);
      saturated += correctColumn(column, tau / dwell);
    }
    warnOf(name, saturated);
  };
}

/**
 * Multiplies columns by factors that the device measured row by row, given by the factors' columns: `deadTimeFactors({ ch1: "factor1" })`.
 * A factor that is not above 0, or not finite, tells of a saturated point, which becomes NaN and is warned about.
 */
export function deadTimeFactors(factors: Readonly<Record<string, string>>): FlyCorrection {
  return (columns, { name }) => {
    let saturated = 0;
    for (const [key, factorKey] of Object.entries(factors)) {
      const [column, factor] = [columns[key], columns[factorKey]];
      if (column === undefined) throw new RangeError(`${name} has no column "${key}" to correct for dead time`);
      if (factor === undefined) throw new RangeError(`${name} has no column "${factorKey}" to correct "${key}" with`);
      for (let row = 0; row < column.length; row++) {
        const by = factor[row] as number;
        const isAlive = by > 0 && by < Number.POSITIVE_INFINITY;
        if (!isAlive) saturated++;
        column[row] = isAlive ? (column[row] as number) * by : Number.NaN;
      }
    }
    warnOf(name, saturated);
  };
}

function warnOf(name: string, saturated: number): void {
  if (saturated === 0) return;
  process.emitWarning(`${name}: ${saturated} points are saturated and became NaN`, "CeruleanWarning");
}

let warm = false;

/** The first page should not pay for an interpreted loop: that costs more than all the rest of it. */
function warmUp(): void {
  if (warm) return;
  warm = true;
  const column = new Float64Array(new SharedArrayBuffer(2000 * Float64Array.BYTES_PER_ELEMENT));
  for (let round = 0; round < 20; round++) correctColumn(column, 0);
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
