import type { DataKey, Document, Event, EventDescriptor, EventPage, RunStart } from "../document.ts";
import type { Sink } from "../sink.ts";

export interface LiveTableOptions {
  /** The stream to show; "primary" by default. */
  streamName?: string;
  /** The header is repeated after this many rows; 50 by default. */
  printHeaderInterval?: number;
  /** The least width of a column, in characters; 12 by default. */
  minWidth?: number;
  /** Digits after the point where the descriptor names no precision; 3 by default. */
  defaultPrec?: number;
  /** Spaces beside each value; 1 by default. */
  extraPad?: number;
  /** Whether lines set the header off; true by default. */
  separatorLines?: boolean;
  /** Where the table goes: a stream, process.stdout by default, or a function that takes each line. */
  out?: NodeJS.WritableStream | ((line: string) => void);
}

interface Column {
  readonly key: string;
  readonly width: number;
  readonly dtype: string;
  readonly precision: number;
}

const LONG_PAGE = 40;
const SHOWN_OF_LONG_PAGE = 5;

/**
 * Prints the events of one stream as a table while they come: `seq_num`, `time` and the given fields, by default those that the
 * devices hint at. Long pages are abridged. It never throws: a table that can't be printed must not end a scan.
 */
export class LiveTable implements Sink {
  readonly #fields: readonly string[] | undefined;
  readonly #options: Required<Omit<LiveTableOptions, "out">>;
  readonly #out: (line: string) => void;
  #start: RunStart | undefined;
  #descriptors = new Map<string, EventDescriptor>();
  #columns: readonly Column[] = [];
  #rows = 0;

  constructor(fields?: readonly (string | { readonly name: string })[] | LiveTableOptions, options?: LiveTableOptions) {
    const listed = Array.isArray(fields) ? (fields as readonly (string | { readonly name: string })[]) : undefined;
    const given = options ?? (listed === undefined ? (fields as LiveTableOptions | undefined) : undefined) ?? {};
    this.#fields = listed?.map((field) => (typeof field === "string" ? field : field.name));
    this.#options = {
      streamName: given.streamName ?? "primary",
      printHeaderInterval: given.printHeaderInterval ?? 50,
      minWidth: given.minWidth ?? 12,
      defaultPrec: given.defaultPrec ?? 3,
      extraPad: given.extraPad ?? 1,
      separatorLines: given.separatorLines ?? true,
    };
    const out = given.out ?? process.stdout;
    this.#out = typeof out === "function" ? out : (line) => void out.write(`${line}\n`);
  }

  write(document: Document): void {
    try {
      this.#show(document);
    } catch {
      // The output is gone (a closed terminal); the documents have other subscribers.
    }
  }

  async flush(): Promise<void> {}
  async close(): Promise<void> {}

  #show({ name, doc }: Document): void {
    switch (name) {
      case "start":
        this.#start = doc;
        this.#descriptors = new Map();
        this.#columns = [];
        return;
      case "descriptor":
        if (doc.name === this.#options.streamName && doc.run_start === this.#start?.uid) this.#begin(doc);
        return;
      case "event":
        if (this.#descriptors.has(doc.descriptor)) this.#row(doc);
        return;
      case "event_page":
        if (this.#descriptors.has(doc.descriptor)) this.#page(doc);
        return;
      case "stop":
        if (doc.run_start === this.#start?.uid) this.#end();
    }
  }

  #begin(descriptor: EventDescriptor): void {
    const known = this.#columns.length > 0;
    this.#descriptors.set(descriptor.uid, descriptor);
    if (known) return;
    const fields = this.#fields ?? hintedFields(this.#start, descriptor);
    const { minWidth, defaultPrec, extraPad } = this.#options;
    this.#columns = fields
      .filter((field) => descriptor.data_keys[field] !== undefined)
      .map((key) => {
        const { dtype, precision } = descriptor.data_keys[key] as DataKey;
        const width = Math.max(minWidth, key.length + 2 * extraPad);
        return { key, width, dtype, precision: Math.max(0, precision ?? defaultPrec) };
      });
    this.#rows = 0;
    this.#header();
  }

  #header(): void {
    const cells = ["seq_num", "time", ...this.#columns.map(({ key }) => key)];
    this.#separator();
    this.#out(`|${cells.map((text, at) => this.#cell(text, at)).join("|")}|`);
    this.#separator();
  }

  #separator(): void {
    if (!this.#options.separatorLines) return;
    this.#out(`+${this.#widths.map((width) => "-".repeat(width)).join("+")}+`);
  }

  get #widths(): number[] {
    return [this.#options.minWidth - 1, this.#options.minWidth, ...this.#columns.map(({ width }) => width)];
  }

  #cell(text: string, at: number): string {
    const pad = " ".repeat(this.#options.extraPad);
    return `${pad}${text}${pad}`.padStart(this.#widths[at] ?? 0);
  }

  #row({ seq_num, time, data }: Pick<Event, "seq_num" | "time" | "data">): void {
    if (this.#rows > 0 && this.#rows % this.#options.printHeaderInterval === 0) this.#header();
    this.#rows++;
    const cells = [String(seq_num), clock(time), ...this.#columns.map((column) => format(data[column.key], column))];
    this.#out(`|${cells.map((text, at) => this.#cell(text, at)).join("|")}|`);
  }

  #page(page: EventPage): void {
    const rows = page.seq_num.length;
    for (let at = 0; at < rows; at++) {
      if (rows > LONG_PAGE && at === SHOWN_OF_LONG_PAGE) {
        at = rows - SHOWN_OF_LONG_PAGE;
        this.#out(`|${` ... ${rows - 2 * SHOWN_OF_LONG_PAGE} more rows`}`);
      }
      const data = Object.fromEntries(this.#columns.map(({ key }) => [key, page.data[key]?.[at]]));
      this.#row({ seq_num: page.seq_num[at] ?? 0, time: page.time[at] ?? 0, data });
    }
  }

  #end(): void {
    const start = this.#start;
    this.#start = undefined;
    if (start === undefined || this.#descriptors.size === 0) return;
    this.#separator();
    const plan = [start.plan_type ?? "plan", start.plan_name ?? ""].join(" ").trim();
    this.#out(
      `${plan} ['${start.uid.slice(0, 8)}']${start.scan_id === undefined ? "" : ` (scan num: ${start.scan_id})`}`,
    );
  }
}

/** The fields of the scan's dimensions first, then what each device hints at. */
function hintedFields(start: RunStart | undefined, descriptor: EventDescriptor): string[] {
  const fields = new Set<string>();
  for (const [names, stream] of start?.hints?.dimensions ?? []) {
    if (stream === descriptor.name) for (const name of names) fields.add(name);
  }
  for (const hint of Object.values(descriptor.hints ?? {})) {
    const hinted = (hint as { fields?: unknown } | null)?.fields;
    if (Array.isArray(hinted)) for (const field of hinted) fields.add(String(field));
  }
  for (const field of fields) if (descriptor.data_keys[field]?.dtype === "array") fields.delete(field);
  return [...fields];
}

function format(value: unknown, { dtype, precision, width }: Column): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" && dtype === "number") {
    const size = Math.abs(value);
    const fixed = size === 0 || (size >= 10 ** -precision && size < 1e9) || !Number.isFinite(size);
    return fixed ? value.toFixed(precision) : value.toExponential(precision);
  }
  return String(value).slice(0, Math.max(width, 1));
}

function clock(time: number): string {
  const date = new Date(time * 1000);
  const two = (part: number): string => String(part).padStart(2, "0");
  const tenth = Math.floor(date.getMilliseconds() / 100);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${tenth}`;
}
