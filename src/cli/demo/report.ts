import { plot } from "simple-ascii-chart";
import type { Peak } from "../../callbacks/index.ts";

const CHART_HEIGHT = 12;
const CHART_WIDTH = 72;
const TICKS = 5;

export function say(text = ""): void {
  process.stdout.write(`${text}\n`);
}

export function heading(text: string): void {
  say(`\n== ${text}\n`);
}

/** A curve in the terminal. */
export function chart(title: string, points: readonly (readonly [x: number, y: number])[]): string {
  const coordinates = points.length > CHART_WIDTH ? binned(points) : points.map(([x, y]): [number, number] => [x, y]);
  return plot(coordinates, {
    title,
    width: CHART_WIDTH,
    height: CHART_HEIGHT,
    customXAxisTicks: ticks(coordinates.map(([x]) => x)),
    customYAxisTicks: ticks(coordinates.map(([, y]) => y)),
    formatter: (value) => Number(value.toPrecision(3)),
  });
}

/** The mean of the points that fall into each column of the chart. */
function binned(points: readonly (readonly [x: number, y: number])[]): [x: number, y: number][] {
  const size = Math.ceil(points.length / CHART_WIDTH);
  const sorted = points.toSorted(([a], [b]) => a - b);
  return Array.from({ length: Math.ceil(sorted.length / size) }, (_, at) => {
    const bin = sorted.slice(at * size, (at + 1) * size);
    const [x, y] = bin.reduce(([sumX, sumY], point) => [sumX + point[0], sumY + point[1]], [0, 0]);
    return [x / bin.length, y / bin.length];
  });
}

function ticks(values: readonly number[]): number[] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return Array.from({ length: TICKS }, (_, at) => low + ((high - low) * at) / (TICKS - 1));
}

export function describePeak(peak: Peak, unit: string): string {
  const position = (value: number | undefined): string =>
    value === undefined ? "none" : `${value.toFixed(3)} ${unit}`;
  return [
    `peak   centre ${position(peak.cen)} (centre of mass ${position(peak.com)})`,
    `       maximum ${peak.max[1].toFixed(1)} at ${position(peak.max[0])}`,
    `       width ${position(peak.fwhm)} at half maximum`,
  ].join("\n");
}

/** Rows of a label, a duration in milliseconds and a remark. */
export function durations(rows: readonly (readonly [what: string, ms: number, remark: string])[]): string {
  const width = Math.max(...rows.map(([what]) => what.length));
  return rows
    .map(([what, ms, remark]) => `  ${what.padEnd(width)}  ${ms.toFixed(2).padStart(9)} ms  ${remark}`.trimEnd())
    .join("\n");
}
