import type { Document } from "../documents/document.ts";
import { DocumentCallback } from "./document-callback.ts";
import { type Curve, type Peak, type Point, peakOf } from "./peak.ts";
import { eachRow, numberOf } from "./rows.ts";

export interface PeakStatsOptions {
  /** The stream to look at; "primary" by default. */
  streamName?: string;
  /** How many points at each end make up a straight background that is taken off first; none by default. */
  edgeCount?: number;
  /** Whether to look at the derivative too; false by default. */
  calcDerivativeAndStats?: boolean;
}

/**
 * Collects two scalar columns of a run and, at its end, tells where their peak is and how wide; a new run starts afresh.
 * Points without a finite number in both columns are left out. An `x` of "time" is in seconds since the run's start.
 */
export class PeakStats extends DocumentCallback {
  readonly x: string;
  readonly y: string;
  readonly #options: Required<PeakStatsOptions>;
  #descriptors = new Set<string>();
  #run: string | undefined;
  #started = 0;
  #points: Point[] = [];
  #peak: Peak | undefined;
  #derivative: Peak | undefined;

  constructor(x: string, y: string, options: PeakStatsOptions = {}) {
    super();
    this.x = x;
    this.y = y;
    const { streamName = "primary", edgeCount = 0, calcDerivativeAndStats = false } = options;
    this.#options = { streamName, edgeCount, calcDerivativeAndStats };
  }

  /** The points so far, in the order of their events. */
  get points(): Curve {
    return this.#points;
  }

  /** The peak of the last complete run; undefined before its end, and for a run without points. */
  get peak(): Peak | undefined {
    return this.#peak;
  }

  /** The peak of the derivative, where that was asked for. */
  get derivativeStats(): Peak | undefined {
    return this.#derivative;
  }

  get com(): number | undefined {
    return this.#peak?.com;
  }

  get cen(): number | undefined {
    return this.#peak?.cen;
  }

  get max(): Point | undefined {
    return this.#peak?.max;
  }

  get min(): Point | undefined {
    return this.#peak?.min;
  }

  get crossings(): readonly number[] | undefined {
    return this.#peak?.crossings;
  }

  get fwhm(): number | undefined {
    return this.#peak?.fwhm;
  }

  get linBkg(): Peak["linBkg"] {
    return this.#peak?.linBkg;
  }

  override write(document: Document): void {
    const { name, doc } = document;
    if (name === "start") {
      this.#run = doc.uid;
      this.#started = doc.time;
      this.#descriptors = new Set();
      this.#points = [];
      this.#peak = undefined;
      this.#derivative = undefined;
    } else if (name === "descriptor" && doc.run_start === this.#run && doc.name === this.#options.streamName) {
      this.#descriptors.add(doc.uid);
    } else if (name === "stop" && doc.run_start === this.#run) {
      this.#compute();
    } else {
      eachRow(document, this.#descriptors, (of) => this.#add(of));
    }
  }

  #compute(): void {
    const { edgeCount, calcDerivativeAndStats } = this.#options;
    this.#peak = peakOf(this.#points, edgeCount);
    if (calcDerivativeAndStats) this.#derivative = peakOf(differences(this.#points), edgeCount);
  }

  #add(of: (field: string) => unknown): void {
    const x = numberOf(of(this.x));
    const y = numberOf(of(this.y));
    if (Number.isFinite(x) && Number.isFinite(y)) this.#points.push([this.x === "time" ? x - this.#started : x, y]);
  }
}

/** The change from each point to the next, at the next one's position. */
function differences(points: Curve): Point[] {
  return points.slice(1).map(([x, y], i): Point => [x, y - (points[i]?.[1] ?? y)]);
}
