import { plot } from "simple-ascii-chart";
import type { EventDescriptor, RunStart } from "../documents/document.ts";
import type { Curve, Peak, Point } from "./peak.ts";
import { PeakStats } from "./peak-stats.ts";
import type { Picture } from "./picture.ts";

const CHART = { width: 72, height: 12 };

/** One field against one other, or against the seconds since the run's start. */
export class CurvePicture implements Picture {
  readonly stats: PeakStats;

  constructor(start: RunStart, descriptor: EventDescriptor, x: string, y: string) {
    this.stats = new PeakStats(x, y, { streamName: descriptor.name ?? "primary" });
    this.stats.write({ name: "start", doc: start });
  }

  write(document: Parameters<Picture["write"]>[0]): void {
    this.stats.write(document);
  }

  /** Nothing of fewer than two points. A scanned axis has its peak told too; time has none worth telling. */
  draw(): string[] {
    const { x, y, points, peak } = this.stats;
    if (points.length < 2) return [];
    const title = `${y} vs ${x === "time" ? "seconds since the start" : x}`;
    const sorted = thinned([...points].sort(([a], [b]) => a - b));
    const curve = plot(
      sorted.map(([at, value]): [number, number] => [at, value]),
      { ...CHART, title, formatter: (value) => Number(value.toPrecision(3)) },
    );
    return peak === undefined || x === "time" ? [curve] : [curve, summary(x, peak)];
  }
}

/** The lowest and the highest point of each column of characters, so that no peak is lost in a picture of many points. */
function thinned(points: Curve): Curve {
  if (points.length <= 2 * CHART.width) return points;
  const [first, last] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 0];
  const columns = new Map<number, { low: Point; high: Point }>();
  for (const point of points) {
    const at = Math.floor(((point[0] - first) / (last - first || 1)) * CHART.width);
    const column = columns.get(at);
    if (column === undefined) columns.set(at, { low: point, high: point });
    else if (point[1] < column.low[1]) column.low = point;
    else if (point[1] > column.high[1]) column.high = point;
  }
  return [...columns.values()].flatMap(({ low, high }) =>
    low === high ? [low] : low[0] < high[0] ? [low, high] : [high, low],
  );
}

function summary(x: string, { com, cen, max, fwhm }: Peak): string {
  const show = (value: number | undefined): string =>
    value === undefined ? "none" : String(Number(value.toPrecision(6)));
  return `${x}: centre ${show(cen)}, centre of mass ${show(com)}, maximum ${show(max[1])} at ${show(max[0])}, width ${show(fwhm)}`;
}
