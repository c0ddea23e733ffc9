export type Point = readonly [x: number, y: number];
export type Curve = readonly Point[];

/** What a curve's peak looks like. Positions are in the units of `x`. */
export interface Peak {
  /** The centre of mass; undefined when the values add up to nothing. */
  readonly com: number | undefined;
  /** The mean of the crossings of half height; undefined when there are none. */
  readonly cen: number | undefined;
  readonly max: Point;
  readonly min: Point;
  /** Where the curve crosses half height, interpolated. */
  readonly crossings: readonly number[];
  /** The full width at half maximum; undefined when half height is crossed fewer than twice. */
  readonly fwhm: number | undefined;
  /** The straight background that was taken off, `y = m * x + b`. */
  readonly linBkg: { readonly m: number; readonly b: number } | undefined;
}

/**
 * The peak of points in the order in which they were measured; undefined when there are none. With `edgeCount` a
 * straight line through the means of so many points at each end is taken off first, but not from `min` and `max`.
 */
export function peakOf(points: Curve, edgeCount = 0): Peak | undefined {
  const linBkg = edgeCount > 0 && points.length > 0 ? lineThroughEnds(points, edgeCount) : undefined;
  const curve = linBkg === undefined ? points : points.map(([x, y]): Point => [x, y - linBkg.m * x - linBkg.b]);
  const highest = indexOf(curve, (y, best) => y > best);
  const lowest = indexOf(curve, (y, best) => y < best);
  const [max, min] = [points[highest], points[lowest]];
  if (max === undefined || min === undefined) return undefined;
  const middle = ((curve[highest]?.[1] ?? 0) + (curve[lowest]?.[1] ?? 0)) / 2;
  const crossings = crossingsOf(curve, middle);
  const [first, last] = [crossings[0], crossings.at(-1)];
  return {
    com: centreOfMass(curve),
    cen: crossings.length === 0 ? undefined : mean(crossings),
    max,
    min,
    crossings,
    fwhm: crossings.length < 2 || first === undefined || last === undefined ? undefined : Math.abs(last - first),
    linBkg,
  };
}

/** The first point that no other one beats. */
function indexOf(curve: Curve, beats: (y: number, best: number) => boolean): number {
  let found = 0;
  for (const [i, [, y]] of curve.entries()) if (beats(y, curve[found]?.[1] ?? y)) found = i;
  return found;
}

function crossingsOf(curve: Curve, height: number): number[] {
  return curve.flatMap(([x1, y1], i) => {
    const next = curve[i + 1];
    if (next === undefined || y1 > height === next[1] > height) return [];
    return [x1 + ((next[0] - x1) * (height - y1)) / (next[1] - y1)];
  });
}

/** By index and then interpolated, as scipy's is, so that uneven spacing does not weigh. */
function centreOfMass(curve: Curve): number | undefined {
  const total = curve.reduce((sum, [, y]) => sum + y, 0);
  if (total === 0) return undefined;
  const centre = curve.reduce((sum, [, y], i) => sum + i * y, 0) / total;
  const index = Math.min(Math.max(centre, 0), curve.length - 1);
  const below = Math.floor(index);
  const x1 = curve[below]?.[0] ?? Number.NaN;
  const x2 = curve[below + 1]?.[0] ?? x1;
  return x1 + (x2 - x1) * (index - below);
}

function lineThroughEnds(points: Curve, edgeCount: number): { m: number; b: number } {
  const [x1, y1] = meanPoint(points.slice(0, edgeCount));
  const [x2, y2] = meanPoint(points.slice(-edgeCount));
  const m = x1 === x2 ? 0 : (y2 - y1) / (x2 - x1);
  return { m, b: y1 - m * x1 };
}

function meanPoint(points: Curve): Point {
  return [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
