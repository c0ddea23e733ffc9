import { plot } from "simple-ascii-chart";
import type { Peak } from "../../callbacks/index.ts";

const CHART_HEIGHT = 12;
const CHART_WIDTH = 72;

export function say(text = ""): void {
  process.stdout.write(`${text}\n`);
}

export function heading(text: string): void {
  say(`\n== ${text}\n`);
}

/** A curve in the terminal, with its peak marked. */
export function chart(title: string, points: readonly (readonly [x: number, y: number])[]): string {
  const coordinates = points.map(([x, y]): [number, number] => [x, y]);
  return plot(coordinates, {
    title,
    width: CHART_WIDTH,
    height: CHART_HEIGHT,
    formatter: (value) => Number(value.toPrecision(3)),
  });
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
