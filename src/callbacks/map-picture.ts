import type { Document, RunStart } from "../documents/document.ts";
import type { Picture } from "./picture.ts";
import { eachRow, numberOf } from "./rows.ts";

/** From the lowest value to the highest. A blank cell has no point. */
const SHADES = ".:-=+*#%@";
const MOST_COLUMNS = 72;
const MOST_ROWS = 24;

type Span = readonly [low: number, high: number];

/** A plan's own grid: how many points along each dimension, and from where to where. */
interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly x: Span;
  readonly y: Span;
}

/**
 * One field over a plane, as shades. Points of a grid fall into its cells by where they were measured, so that snaked, repeated and
 * partial grids are drawn right; points of no grid into cells of equal size. A cell shows the mean of its points.
 */
export class MapPicture implements Picture {
  readonly #stream: string;
  readonly #x: string;
  readonly #y: string;
  readonly #field: string;
  readonly #grid: Grid | undefined;
  readonly #descriptors = new Set<string>();
  readonly #points: (readonly [x: number, y: number, value: number])[] = [];

  constructor(stream: string, x: string, y: string, field: string, grid?: Grid) {
    this.#stream = stream;
    this.#x = x;
    this.#y = y;
    this.#field = field;
    this.#grid = grid;
  }

  write(document: Document): void {
    if (document.name === "descriptor" && document.doc.name === this.#stream) this.#descriptors.add(document.doc.uid);
    eachRow(document, this.#descriptors, (of) => {
      const point = [numberOf(of(this.#x)), numberOf(of(this.#y)), numberOf(of(this.#field))] as const;
      if (point.every(Number.isFinite)) this.#points.push(point);
    });
  }

  draw(): string[] {
    if (this.#points.length < 2) return [];
    const grid = this.#grid ?? scatterGrid(this.#points);
    const columns = Math.min(grid.columns, MOST_COLUMNS);
    const rows = Math.min(grid.rows, MOST_ROWS);
    const cells = Array.from({ length: rows }, () => Array.from({ length: columns }, () => ({ sum: 0, count: 0 })));
    for (const [x, y, value] of this.#points) {
      const cell = cells[place(y, grid.y, grid.rows, rows)]?.[place(x, grid.x, grid.columns, columns)];
      if (cell === undefined) continue;
      cell.sum += value;
      cell.count += 1;
    }
    const means = cells.map((row) => row.map(({ sum, count }) => (count === 0 ? undefined : sum / count)));
    return this.#frame(means, grid, Math.max(1, Math.min(4, Math.floor(MOST_COLUMNS / columns))));
  }

  #frame(means: readonly (readonly (number | undefined)[])[], { x, y }: Grid, width: number): string[] {
    const all = means.flat().filter((mean) => mean !== undefined);
    const [low, high] = span(all);
    const labels = [short(y[1]), short(y[0])];
    const margin = Math.max(...labels.map(({ length }) => length));
    const picture = means.map((row) => row.map((mean) => shade(mean, low, high).repeat(width)).join("")).reverse();
    const lines = picture.map((line, at) => {
      const label = at === 0 ? labels[0] : at === picture.length - 1 ? labels[1] : "";
      return `${(label ?? "").padStart(margin)} |${line}|`;
    });
    const length = picture[0]?.length ?? 0;
    const [left, right] = [short(x[0]), short(x[1])];
    return [
      `${this.#field} over ${this.#x} (across) and ${this.#y} (up): ${SHADES[0]} is ${short(low)}, ${SHADES.at(-1)} is ${short(high)}`,
      ...lines,
      `${" ".repeat(margin + 2)}${left}${right.padStart(Math.max(length - left.length, right.length + 1))}`,
    ];
  }
}

/** The grid that a plan says it measures, the slow dimension first; undefined where its metadata do not tell. */
export function plannedGrid(start: RunStart): Grid | undefined {
  const [rows, columns] = (start.shape as readonly unknown[] | undefined) ?? [];
  const [y, x] = (start.extents as readonly unknown[] | undefined) ?? [];
  if (!isCount(rows) || !isCount(columns) || !isSpan(x) || !isSpan(y)) return undefined;
  return { rows, columns, x: span(x), y: span(y) };
}

/** So coarse that few cells within the points stay empty. */
function scatterGrid(points: readonly (readonly [number, number, number])[]): Grid {
  const side = Math.max(2, Math.min(MOST_ROWS, Math.ceil(1.2 * Math.sqrt(points.length))));
  return { columns: side, rows: side, x: span(points.map(([x]) => x)), y: span(points.map(([, y]) => y)) };
}

/** Which of `shown` cells the value falls into, where so many points lie evenly from one end of the span to the other. */
function place(value: number, [low, high]: Span, points: number, shown: number): number {
  const nearest = high === low ? 0 : Math.round(((value - low) / (high - low)) * (points - 1));
  return Math.floor((nearest * shown) / points);
}

function shade(mean: number | undefined, low: number, high: number): string {
  if (mean === undefined) return " ";
  const level = high === low ? 0 : (mean - low) / (high - low);
  return SHADES[Math.min(SHADES.length - 1, Math.floor(level * SHADES.length))] ?? " ";
}

function span(values: Iterable<number>): Span {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}

function isSpan(value: unknown): value is Span {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
}
