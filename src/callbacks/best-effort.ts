import { plot } from "simple-ascii-chart";
import type { Document, EventDescriptor, RunStart } from "../documents/document.ts";
import { LiveTable } from "../documents/sinks/live-table.ts";
import { DocumentCallback } from "./document-callback.ts";
import type { Peak } from "./peak.ts";
import { PeakStats } from "./peak-stats.ts";

export interface BestEffortOptions {
  /** Takes each line of text; standard output by default. */
  out?: (line: string) => void;
  /** Streams of which no curves are drawn; the baseline by default. */
  noplotStreams?: readonly string[];
}

/** One entry for each field that was measured. */
export type PeakResults = { readonly [K in keyof Peak]: Record<string, Peak[K]> } & {
  readonly stats: Record<string, PeakStats>;
};

const CHART = { width: 72, height: 12 };
const CELL = 30;

/**
 * Shows a run in the terminal as well as its metadata allow: a heading, a live table of the hinted fields, the baseline,
 * and at the end a curve of each field and its peak where one thing was scanned. `peaks` keeps the last run's peaks.
 */
export class BestEffortCallback extends DocumentCallback {
  readonly #out: (line: string) => void;
  readonly #noplot: ReadonlySet<string>;
  readonly #shown = { heading: true, table: true, baseline: true, plots: true };
  #start: RunStart | undefined;
  #descriptors = new Map<string, EventDescriptor>();
  #table: LiveTable | undefined;
  #stats: PeakStats[] = [];
  #baselines = 0;
  #peaks: PeakResults = emptyResults();

  constructor(options: BestEffortOptions = {}) {
    super();
    this.#out = options.out ?? ((line) => void process.stdout.write(`${line}\n`));
    this.#noplot = new Set(options.noplotStreams ?? ["baseline"]);
  }

  /** The peaks of the last complete run, by what is told of them and then by field: `peaks.com.det`. */
  get peaks(): PeakResults {
    return this.#peaks;
  }

  enableHeading(): void {
    this.#shown.heading = true;
  }

  disableHeading(): void {
    this.#shown.heading = false;
  }

  enableTable(): void {
    this.#shown.table = true;
  }

  disableTable(): void {
    this.#shown.table = false;
  }

  enableBaseline(): void {
    this.#shown.baseline = true;
  }

  disableBaseline(): void {
    this.#shown.baseline = false;
  }

  enablePlots(): void {
    this.#shown.plots = true;
  }

  disablePlots(): void {
    this.#shown.plots = false;
  }

  override write(document: Document): void {
    if (document.name === "start") this.#begin(document.doc);
    if (document.name === "descriptor") this.#describe(document.doc);
    this.#table?.write(document);
    for (const stats of this.#stats) stats.write(document);
    if (document.name === "event") this.#baseline(document.doc);
    if (document.name === "stop" && document.doc.run_start === this.#start?.uid) this.#end();
  }

  #begin(start: RunStart): void {
    this.#start = start;
    this.#descriptors = new Map();
    this.#stats = [];
    this.#baselines = 0;
    this.#peaks = emptyResults();
    this.#table = this.#shown.table ? new LiveTable({ out: this.#out, separatorLines: false }) : undefined;
    if (!this.#shown.heading) return;
    const number = start.scan_id === undefined ? "" : `scan ${start.scan_id}`;
    this.#out("");
    this.#out(
      [start.plan_name ?? "run", number, new Date(start.time * 1000).toLocaleString()].filter(Boolean).join("   "),
    );
    this.#out(`uid ${start.uid}`);
  }

  #describe(descriptor: EventDescriptor): void {
    if (descriptor.run_start !== this.#start?.uid) return;
    this.#descriptors.set(descriptor.uid, descriptor);
    const { name: stream = "primary" } = descriptor;
    const axis = scannedField(this.#start, descriptor);
    const known = this.#stats.length > 0;
    if (axis === undefined || stream !== "primary" || this.#noplot.has(stream) || known) return;
    for (const field of hintedNumbers(descriptor)) {
      if (field === axis) continue;
      const stats = new PeakStats(axis, field, { streamName: stream });
      stats.write({ name: "start", doc: this.#start });
      stats.write({ name: "descriptor", doc: descriptor });
      this.#stats.push(stats);
    }
  }

  #baseline({ descriptor: uid, data }: { descriptor: string; data: Record<string, unknown> }): void {
    const descriptor = this.#descriptors.get(uid);
    if (descriptor?.name !== "baseline" || !this.#shown.baseline) return;
    this.#baselines += 1;
    const hinted = new Set(hintedFields(descriptor));
    const border = `+${"-".repeat(CELL + 2)}+${"-".repeat(CELL + 2)}+`;
    this.#out(`${this.#baselines === 1 ? "Start" : "End"}-of-run baseline readings:`);
    this.#out(border);
    for (const [field, value] of Object.entries(data)) {
      if (hinted.has(field)) this.#out(`| ${field.padStart(CELL)} | ${String(value).padEnd(CELL)} |`);
    }
    this.#out(border);
  }

  #end(): void {
    this.#start = undefined;
    this.#peaks = collectResults(this.#stats);
    if (!this.#shown.plots) return;
    for (const stats of this.#stats) {
      if (stats.points.length < 2) continue;
      this.#out("");
      this.#out(curve(stats));
      if (stats.peak !== undefined) this.#out(summary(stats.x, stats.peak));
    }
  }
}

/** The one field that is scanned: none where nothing is, or where there are several dimensions. */
function scannedField(start: RunStart, descriptor: EventDescriptor): string | undefined {
  const dimensions =
    start.hints?.dimensions ?? (start.motors as string[] | undefined)?.map((motor) => [[motor], "primary"] as const);
  if (dimensions?.length !== 1) return undefined;
  const field = dimensions[0]?.[0][0];
  return field !== undefined && isNumeric(descriptor, field) ? field : undefined;
}

function isNumeric(descriptor: EventDescriptor, field: string): boolean {
  const dtype = descriptor.data_keys[field]?.dtype;
  return dtype === "number" || dtype === "integer";
}

function hintedFields(descriptor: EventDescriptor): string[] {
  return Object.values(descriptor.hints ?? {}).flatMap((hint) => (hint as { fields?: string[] } | null)?.fields ?? []);
}

function hintedNumbers(descriptor: EventDescriptor): string[] {
  return hintedFields(descriptor).filter((field) => isNumeric(descriptor, field));
}

function curve({ x, y, points }: PeakStats): string {
  const sorted = points.map(([at, value]): [number, number] => [at, value]).sort(([a], [b]) => a - b);
  return plot(sorted, { ...CHART, title: `${y} vs ${x}`, formatter: (value) => Number(value.toPrecision(3)) });
}

function summary(x: string, { com, cen, max, fwhm }: Peak): string {
  const show = (value: number | undefined): string =>
    value === undefined ? "none" : String(Number(value.toPrecision(6)));
  return `${x}: centre ${show(cen)}, centre of mass ${show(com)}, maximum ${show(max[1])} at ${show(max[0])}, width ${show(fwhm)}`;
}

function emptyResults(): PeakResults {
  return { com: {}, cen: {}, max: {}, min: {}, crossings: {}, fwhm: {}, linBkg: {}, stats: {} };
}

function collectResults(all: readonly PeakStats[]): PeakResults {
  const results = emptyResults() as Record<string, Record<string, unknown>>;
  for (const stats of all) {
    (results.stats as Record<string, unknown>)[stats.y] = stats;
    for (const [what, value] of Object.entries(stats.peak ?? {}))
      (results[what] as Record<string, unknown>)[stats.y] = value;
  }
  return results as unknown as PeakResults;
}
