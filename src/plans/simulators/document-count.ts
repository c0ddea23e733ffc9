import type { Msg } from "../../engine/msg.ts";

interface Run {
  /** The devices of each stream that has its descriptor. */
  readonly streams: Map<string, ReadonlySet<unknown>>;
  readonly uncollected: Set<unknown>;
  /** Devices whose files were announced. */
  readonly announced: Set<unknown>;
  bundle: { readonly stream: string; readonly devices: Set<unknown> } | undefined;
}

/** Counts the documents that a plan's messages would make. Monitored events are not foreseen. */
export class DocumentCount {
  /** Events and rows of pages, by stream. */
  readonly events: Record<string, number> = {};
  runs = 0;
  documents = 0;
  /** By the key of their run. */
  readonly #open = new Map<unknown, Run>();

  openRun(key: unknown): void {
    this.runs += 1;
    this.documents += 1;
    this.#open.set(key, { streams: new Map(), uncollected: new Set(), announced: new Set(), bundle: undefined });
  }

  /** The keys of the runs that are open, with the flyers that nobody has collected from. */
  leftOpen(): (readonly [key: unknown, uncollected: readonly unknown[]])[] {
    return [...this.#open].map(([key, { uncollected }]) => [key, [...uncollected]]);
  }

  closeRun(key: unknown): void {
    if (this.#open.delete(key)) this.documents += 1;
  }

  create(key: unknown, stream: string): void {
    const run = this.#open.get(key);
    if (run !== undefined) run.bundle = { stream, devices: new Set() };
  }

  read({ run, obj }: Msg): void {
    this.#open.get(run)?.bundle?.devices.add(obj);
  }

  drop(key: unknown): void {
    const run = this.#open.get(key);
    if (run !== undefined) run.bundle = undefined;
  }

  save(key: unknown): void {
    const run = this.#open.get(key);
    const bundle = run?.bundle;
    if (run === undefined || bundle === undefined) return;
    run.bundle = undefined;
    if (bundle.devices.size === 0) return;
    this.#describe(run, bundle.stream, bundle.devices);
    for (const device of bundle.devices) if (writesFiles(device)) this.#announce(run, device);
    this.#add(bundle.stream, 1);
    this.documents += 1;
  }

  describe(key: unknown, stream: string, devices: readonly unknown[]): void {
    const run = this.#open.get(key);
    if (run !== undefined) this.#describe(run, stream, new Set(devices));
  }

  /** Each stream that has the device gets a descriptor with its new configuration. */
  configure(device: unknown): void {
    for (const { streams } of this.#open.values()) {
      for (const devices of streams.values()) if (devices.has(device)) this.documents += 1;
    }
  }

  kickoff(key: unknown, flyer: unknown): void {
    this.#open.get(key)?.uncollected.add(flyer);
  }

  /** One page of each stream, or what says where the rows are in the files. */
  collect(key: unknown, devices: readonly unknown[], streams: readonly string[], rows: number): void {
    const run = this.#open.get(key);
    if (run === undefined) return;
    for (const device of devices) run.uncollected.delete(device);
    for (const stream of streams) {
      this.#describe(run, stream, new Set(devices));
      this.#add(stream, rows);
    }
    if (devices.every(writesFiles)) for (const device of devices) this.#announce(run, device);
    else this.documents += streams.length;
  }

  /** The stream that was declared for exactly these devices. */
  declared(key: unknown, devices: readonly unknown[]): string | undefined {
    for (const [name, known] of this.#open.get(key)?.streams ?? []) {
      if (known.size === devices.length && devices.every((device) => known.has(device))) return name;
    }
    return undefined;
  }

  /** A file is announced once and tells its progress each time. */
  #announce(run: Run, device: unknown): void {
    if (!run.announced.has(device)) this.documents += 1;
    run.announced.add(device);
    this.documents += 1;
  }

  #describe(run: Run, stream: string, devices: ReadonlySet<unknown>): void {
    if (run.streams.has(stream)) return;
    run.streams.set(stream, devices);
    this.documents += 1;
  }

  #add(stream: string, rows: number): void {
    this.events[stream] = (this.events[stream] ?? 0) + rows;
  }
}

function writesFiles(device: unknown): boolean {
  return typeof (device as { collectAssetDocs?: unknown } | null)?.collectAssetDocs === "function";
}
