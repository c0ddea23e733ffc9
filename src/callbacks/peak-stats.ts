import type { Document } from "../documents/document.ts";
import type { Sink } from "../documents/sink.ts";

export interface PeakStatsOptions {
  /** The stream to look at; "primary" by default. */
  streamName?: string;
  /** How many points at each end make up a straight background that is taken off first; none by default. */
  edgeCount?: number;
}

/** What a curve's peak looks like. Positions are in the units of `x`. */
export interface Peak {
  /** The centre of mass. */
  readonly com: number;
  /** The middle between the outermost crossings of half height; undefined when there are fewer than two. */
  readonly cen: number | undefined;
  readonly max: readonly [x: number, y: number];
  readonly min: readonly [x: number, y: number];
  /** Where the curve crosses half height, interpolated. */
  readonly crossings: readonly number[];
  /** The full width at half maximum; undefined when half height is crossed fewer than twice. */
  readonly fwhm: number | undefined;
  readonly background: { readonly slope: number; readonly offset: number } | undefined;
}

/** Collects two scalar columns of a run and, at its end, tells where their peak is and how wide; a new run starts afresh. */
export class PeakStats implements Sink {
  readonly x: string;
  readonly y: string;
  readonly #options: Required<PeakStatsOptions>;
  #descriptors = new Set<string>();
  #run: string | undefined;
  #points: [x: number, y: number][] = [];
  #peak: Peak | undefined;

  constructor(x: string, y: string, { streamName = "primary", edgeCount = 0 }: PeakStatsOptions = {}) {
    this.x = x;
    this.y = y;
    this.#options = { streamName, edgeCount };
  }

  /** The points so far, in the order of their events. */
  get points(): readonly (readonly [x: number, y: number])[] {
    return this.#points;
  }

  /** The peak of the last complete run; undefined before its end, and for a run without points. */
  get peak(): Peak | undefined {
    return this.#peak;
  }

  write({ name, doc }: Document): void {
    if (name === "start") {
      this.#run = doc.uid;
      this.#descriptors = new Set();
      this.#points = [];
      this.#peak = undefined;
    } else if (name === "descriptor" && doc.run_start === this.#run && doc.name === this.#options.streamName) {
      this.#descriptors.add(doc.uid);
    } else if (name === "event" && this.#descriptors.has(doc.descriptor)) {
      this.#add(doc.data[this.x], doc.data[this.y]);
    } else if (name === "event_page" && this.#descriptors.has(doc.descriptor)) {
      for (let row = 0; row < doc.seq_num.length; row++) this.#add(doc.data[this.x]?.[row], doc.data[this.y]?.[row]);
    } else if (name === "stop" && doc.run_start === this.#run) {
      this.#peak = peakOf(this.#points, this.#options.edgeCount);
    }
  }

  async flush(): Promise<void> {}
  async close(): Promise<void> {}

  #add(x: unknown, y: unknown): void {
    if (typeof x === "number" && typeof y === "number") this.#points.push([x, y]);
  }
}

/** The peak of points in the order in which they were measured; undefined when there are none. */
export function peakOf(points: readonly (readonly [x: number, y: number])[], edgeCount = 0): Peak | undefined {
  const background = edgeCount > 0 ? line(points, edgeCount) : undefined;
  const curve = points.map(([x, y]): readonly [number, number] =>
    background === undefined ? [x, y] : [x, y - background.slope * x - background.offset],
  );
  const [first] = curve;
  if (first === undefined) return undefined;
  const max = curve.reduce((best, point) => (point[1] > best[1] ? point : best), first);
  const min = curve.reduce((best, point) => (point[1] < best[1] ? point : best), first);
  const crossings = crossingsOf(curve, (max[1] + min[1]) / 2);
  const [left, right] = [crossings[0], crossings.at(-1)];
  const crossed = crossings.length >= 2 && left !== undefined && right !== undefined;
  return {
    com: centreOfMass(curve),
    cen: crossed ? (left + right) / 2 : undefined,
    max,
    min,
    crossings,
    fwhm: crossed ? Math.abs(right - left) : undefined,
    background,
  };
}

type Curve = readonly (readonly [x: number, y: number])[];

function crossingsOf(curve: Curve, height: number): number[] {
  return curve.flatMap(([x1, y1], index) => {
    const next = curve[index + 1];
    if (next === undefined || y1 > height === next[1] > height) return [];
    return [x1 + ((next[0] - x1) * (height - y1)) / (next[1] - y1)];
  });
}

/** By index and then interpolated, as scipy's is, so that uneven spacing does not weigh. */
function centreOfMass(curve: Curve): number {
  const total = curve.reduce((sum, [, y]) => sum + y, 0);
  const index = total === 0 ? (curve.length - 1) / 2 : curve.reduce((sum, [, y], at) => sum + at * y, 0) / total;
  const below = Math.min(Math.max(Math.floor(index), 0), curve.length - 1);
  const [x1, x2] = [curve[below]?.[0] ?? Number.NaN, curve[below + 1]?.[0]];
  return x2 === undefined ? x1 : x1 + (x2 - x1) * Math.min(Math.max(index - below, 0), 1);
}

function line(points: Curve, edgeCount: number): { slope: number; offset: number } {
  const [x1, y1] = mean(points.slice(0, edgeCount));
  const [x2, y2] = mean(points.slice(-edgeCount));
  const slope = x1 === x2 ? 0 : (y2 - y1) / (x2 - x1);
  return { slope, offset: y1 - slope * x1 };
}

function mean(points: Curve): readonly [number, number] {
  const [x, y] = points.reduce(([sumX, sumY], point) => [sumX + point[0], sumY + point[1]], [0, 0]);
  return [x / points.length, y / points.length];
}
