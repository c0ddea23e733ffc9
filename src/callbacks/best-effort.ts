import type { Document, EventDescriptor, RunStart } from "../documents/document.ts";
import { LiveTable } from "../documents/sinks/live-table.ts";
import { CurvePicture } from "./curve-picture.ts";
import { type Dimensions, dimensionsOf, hintedFields } from "./dimensions.ts";
import { DocumentCallback } from "./document-callback.ts";
import type { Peak } from "./peak.ts";
import type { PeakStats } from "./peak-stats.ts";
import type { Picture } from "./picture.ts";
import { picturesOf } from "./pictures.ts";

export interface BestEffortOptions {
  /** Takes each line of text; standard output by default. */
  out?: (line: string) => void;
  /** Streams of which no pictures are drawn; the baseline by default. */
  noplotStreams?: readonly string[];
  /** Takes what can't be shown and what to do about it, in words; a process warning by default. */
  warn?: (message: string) => void;
}

/** One entry for each field that was measured. */
export type PeakResults = { readonly [K in keyof Peak]: Record<string, Peak[K]> } & {
  readonly stats: Record<string, PeakStats>;
};

const CELL = 30;

/**
 * Shows a run in the terminal as well as its metadata allow: a heading, a live table of the hinted fields, the baseline, and at the
 * end a picture of each field. That is a curve with its peak where one thing was scanned, a map where two were, and a curve against
 * time where nothing was (a count) or in a stream of its own (a monitor). What the hints don't allow is warned of once a run.
 * `peaks` keeps the last run's peaks.
 */
export class BestEffortCallback extends DocumentCallback {
  readonly #out: (line: string) => void;
  readonly #noplot: ReadonlySet<string>;
  readonly #warn: (message: string) => void;
  readonly #shown = { heading: true, table: true, baseline: true, plots: true };
  #start: RunStart | undefined;
  #dimensions: Dimensions | undefined;
  #descriptors = new Map<string, EventDescriptor>();
  #streams = new Set<string>();
  #table: LiveTable | undefined;
  #pictures: Picture[] = [];
  #baselines = 0;
  #peaks: PeakResults = emptyResults();

  constructor(options: BestEffortOptions = {}) {
    super();
    this.#out = options.out ?? ((line) => void process.stdout.write(`${line}\n`));
    this.#noplot = new Set(options.noplotStreams ?? ["baseline"]);
    this.#warn = options.warn ?? ((message) => process.emitWarning(message, "CeruleanWarning"));
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

  /** Never throws: what can't be shown must not end a scan. */
  override write(document: Document): void {
    try {
      this.#show(document);
    } catch (error) {
      this.#warn(`the ${document.name} document can't be shown: ${(error as Error).message}`);
    }
  }

  #show(document: Document): void {
    if (document.name === "start") this.#begin(document.doc);
    if (document.name === "descriptor") this.#describe(document.doc);
    this.#table?.write(document);
    for (const picture of this.#pictures) picture.write(document);
    if (document.name === "event") this.#baseline(document.doc);
    if (document.name === "stop" && document.doc.run_start === this.#start?.uid) this.#end();
  }

  #begin(start: RunStart): void {
    this.#start = start;
    this.#dimensions = dimensionsOf(start);
    if (this.#dimensions.warning !== undefined) this.#warn(this.#dimensions.warning);
    this.#descriptors = new Map();
    this.#streams = new Set();
    this.#pictures = [];
    this.#baselines = 0;
    this.#peaks = emptyResults();
    const { stream } = this.#dimensions;
    this.#table = this.#shown.table
      ? new LiveTable({ streamName: stream, out: this.#out, separatorLines: false })
      : undefined;
    if (!this.#shown.heading) return;
    const number = start.scan_id === undefined ? "" : `scan ${start.scan_id}`;
    this.#out("");
    this.#out(
      [start.plan_name ?? "run", number, new Date(start.time * 1000).toLocaleString()].filter(Boolean).join("   "),
    );
    this.#out(`uid ${start.uid}`);
  }

  #describe(descriptor: EventDescriptor): void {
    if (descriptor.run_start !== this.#start?.uid || this.#dimensions === undefined) return;
    this.#descriptors.set(descriptor.uid, descriptor);
    const { name: stream = "primary" } = descriptor;
    if (this.#streams.has(stream)) return;
    this.#streams.add(stream);
    const single = stream === this.#dimensions.stream && this.#start.num_points === 1;
    if (!this.#shown.plots || this.#noplot.has(stream) || single) return;
    this.#pictures.push(...picturesOf(this.#start, this.#dimensions, descriptor, this.#warn));
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
    const scanned = this.#pictures.flatMap((picture) =>
      picture instanceof CurvePicture && picture.stats.x !== "time" ? [picture.stats] : [],
    );
    this.#peaks = collectResults(scanned);
    for (const picture of this.#pictures) {
      const lines = picture.draw();
      if (lines.length > 0) ["", ...lines].forEach((line) => void this.#out(line));
    }
  }
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
