import {
  type MaybePromise,
  type Readable,
  type Reading,
  type Readings,
  type Subscribable,
  supports,
} from "../devices/protocols.ts";
import { composeRun, type RunComposer } from "../documents/compose.ts";
import type { StreamComposer } from "../documents/compose-stream.ts";
import type { Document, RunStop } from "../documents/document.ts";
import { asError } from "../documents/tap.ts";
import { type AssetDocuments, AssetLedger, drainAssets } from "./assets.ts";
import { Collector } from "./collector.ts";
import { type Description, Descriptions, describeStream } from "./descriptions.ts";
import { IllegalMessageSequence } from "./errors.ts";
import { nameOf } from "./groups.ts";
import { Interruptions } from "./interruptions.ts";
import { Monitor, type MonitorQueue } from "./monitors.ts";

/** The devices of a stream in the order of its keys, with what makes its events now. */
export interface Stream {
  readonly name: string;
  readonly devices: readonly object[];
  readonly descriptions: readonly Description[];
  readonly collects: boolean;
  composer: StreamComposer;
}

/** What was read since `create`. */
interface Bundle {
  readonly stream: string;
  readonly devices: object[];
  readonly data: Record<string, unknown>;
  readonly timestamps: Record<string, number>;
  /** Readings that were begun at `create`, until their `read` comes. */
  readonly ahead: Map<object, MaybePromise<Readings<any>>>;
  assets: AssetDocuments | undefined;
}

export interface RunBundlerParts {
  metadata: Record<string, unknown>;
  emit: (document: Document) => void;
  report: (error: Error) => void;
  monitorQueue: MonitorQueue;
  recordInterruptions: boolean;
}

/** Makes the documents of one open run out of what the plan reads, monitors and collects. */
export class RunBundler {
  readonly composer: RunComposer;
  readonly streams = new Map<string, Stream>();
  readonly descriptions = new Descriptions();
  readonly assets: AssetLedger;
  readonly collector: Collector;
  readonly emit: (document: Document) => void;
  readonly #monitors = new Map<object, Monitor>();
  readonly #monitorQueue: MonitorQueue;
  /** Streams that a rewind leads back: those of readings and of what was collected, never those that the world fills. */
  readonly #replayable = new Set<string>();
  /** The number that the next event of each stream had at the last checkpoint. */
  readonly #snapshot = new Map<string, number>();
  #isSnapshotDue = false;
  #bundle: Bundle | undefined;
  /** The bundle as it was at the last checkpoint: some commands make one also between create and save. */
  #bundleThen: Bundle | undefined;
  #interruptions: Interruptions | undefined;
  readonly #recordsInterruptions: boolean;

  constructor({ metadata, emit, report, monitorQueue, recordInterruptions }: RunBundlerParts) {
    this.composer = composeRun({
      metadata,
      onMismatch: (warning) => report(new Error(warning)),
    });
    this.emit = (document) => {
      this.#isSnapshotDue = true;
      emit(document);
    };
    this.#monitorQueue = monitorQueue;
    this.assets = new AssetLedger(this.uid);
    this.collector = new Collector(this);
    this.#recordsInterruptions = recordInterruptions;
  }

  /** Emits the start document. The run counts as open before it: whoever of the subscribers has it is to get a stop document too. */
  open(): void {
    this.emit({ name: "start", doc: this.composer.start });
    if (this.#recordsInterruptions) this.#interruptions = new Interruptions(this.composer, this.emit);
  }

  get interruptions(): Interruptions | undefined {
    return this.#interruptions;
  }

  get uid(): string {
    return this.composer.start.uid;
  }

  get bundling(): boolean {
    return this.#bundle !== undefined;
  }

  /** The bundle that is open, for a reading that takes its time: by then it may be another. */
  get bundle(): Bundle | undefined {
    return this.#bundle;
  }

  /** Opens a bundle. Devices that are said to be read next begin at once, all together. */
  create(stream: string, devicesAhead: readonly unknown[] = []): void {
    if (this.#bundle !== undefined) {
      throw new IllegalMessageSequence(
        `create of "${stream}" while "${this.#bundle.stream}" is open; save or drop it first`,
      );
    }
    this.#bundle = { stream, devices: [], data: {}, timestamps: {}, ahead: new Map(), assets: undefined };
    for (const device of devicesAhead) {
      if (supports(device, "Readable")) this.#begin(this.#bundle, device as Readable<any>);
    }
  }

  #begin(bundle: Bundle, device: Readable<any>): void {
    let answer: MaybePromise<Readings<any>>;
    try {
      answer = device.read();
    } catch (error) {
      answer = Promise.reject(error);
    }
    bundle.ahead.set(device, answer);
    // What fails here fails at its read, or for nobody when that never comes.
    if (answer instanceof Promise) answer.catch(() => {});
    if (this.descriptions.get(device) === undefined) this.descriptions.of(device).catch(() => {});
  }

  /** Adds a reading to the bundle; a promise only when the device has still to be asked what it is or wrote. */
  record(bundle: Bundle, device: Readable<any>, readings: Readings<any>): undefined | Promise<undefined> {
    for (const key in readings) {
      if (key in bundle.data) {
        throw new Error(
          `"${key}" of ${nameOf(device)} was read before in this event of "${bundle.stream}"; rename one of the devices`,
        );
      }
      const reading = readings[key] as Reading;
      bundle.data[key] = reading.value;
      bundle.timestamps[key] = reading.timestamp;
    }
    bundle.devices.push(device);
    const writes = typeof (device as { collectAssetDocs?: unknown }).collectAssetDocs === "function";
    if (!writes && this.descriptions.get(device) !== undefined) return undefined;
    return this.#ask(bundle, device, writes);
  }

  async #ask(bundle: Bundle, device: Readable<any>, writes: boolean): Promise<undefined> {
    await this.descriptions.of(device);
    if (writes) {
      bundle.assets ??= [];
      bundle.assets.push(...(await drainAssets(device)));
    }
    return undefined;
  }

  /** Makes the event of the bundle, with its descriptor before the first; a bundle in which nothing was read makes none. */
  save(): void {
    const bundle = this.#close("save");
    if (bundle.devices.length === 0) return;
    const stream = this.streams.get(bundle.stream) ?? this.#describeBundle(bundle);
    assertSameDevices(stream, bundle.devices);
    const { composer } = stream;
    if (bundle.assets !== undefined) {
      const next = composer.nextSeqNum;
      const documents = this.assets.complete(
        bundle.assets,
        composer.descriptor,
        () => ({ start: next, stop: next + 1 }),
        1,
      );
      for (const document of documents) this.emit(document);
    }
    const doc = composer.composeEvent({ data: bundle.data, timestamps: bundle.timestamps });
    this.emit({ name: "event", doc });
  }

  drop(): void {
    this.#close("drop");
  }

  #close(command: string): Bundle {
    const bundle = this.#bundle;
    if (bundle === undefined) throw new IllegalMessageSequence(`${command} without create`);
    this.#bundle = undefined;
    return bundle;
  }

  #describeBundle({ stream, devices }: Bundle): Stream {
    const descriptions = devices.map((device) => this.descriptions.get(device) as Description);
    return this.describe(stream, descriptions, false);
  }

  /** Emits the descriptor of a stream; a stream that has one with the same devices goes on with it. */
  describe(name: string, descriptions: readonly Description[], collects: boolean): Stream {
    const known = this.streams.get(name);
    const devices = descriptions.map(({ device }) => device as object);
    if (known !== undefined) assertSameDevices(known, devices);
    if (known !== undefined && known.collects === collects) return known;
    const composer = this.composer.composeDescriptor(describeStream(name, descriptions));
    const stream = { name, devices, descriptions, collects, composer };
    this.streams.set(name, stream);
    this.#replayable.add(name);
    this.emit({ name: "descriptor", doc: composer.descriptor });
    return stream;
  }

  /** Asks the device for its configuration again and describes its streams anew with it. */
  async reconfigured(device: object): Promise<void> {
    const configuration = await this.descriptions.refresh(device);
    for (const stream of this.streams.values()) {
      const mine = stream.descriptions.find((description) => description.device === device);
      if (mine === undefined) continue;
      mine.configuration = configuration;
      stream.composer = this.composer.composeDescriptor(describeStream(stream.name, stream.descriptions));
      this.emit({ name: "descriptor", doc: stream.composer.descriptor });
    }
  }

  async monitor(device: Readable<any> & Subscribable<any>, name: string): Promise<void> {
    if (this.#monitors.has(device)) throw new IllegalMessageSequence(`${nameOf(device)} is monitored already`);
    if (this.streams.has(name))
      throw new IllegalMessageSequence(`monitor: there is a stream "${name}" already; give another name`);
    const stream = this.describe(name, [await this.descriptions.of(device)], false);
    this.#replayable.delete(name);
    const monitor = new Monitor(device, this.#monitorQueue, (readings) => {
      const data: Record<string, unknown> = {};
      const timestamps: Record<string, number> = {};
      for (const key in readings) {
        const reading = readings[key] as Reading;
        data[key] = reading.value;
        timestamps[key] = reading.timestamp;
      }
      this.emit({ name: "event", doc: stream.composer.composeEvent({ data, timestamps }) });
    });
    this.#monitors.set(device, monitor);
    monitor.start();
  }

  unmonitor(device: object): void {
    const monitor = this.#monitors.get(device);
    if (monitor === undefined) throw new IllegalMessageSequence(`${nameOf(device)} is not monitored`);
    this.#monitors.delete(device);
    monitor.end();
  }

  suspendMonitors(): void {
    for (const monitor of this.#monitors.values()) monitor.suspend();
  }

  resumeMonitors(): void {
    for (const monitor of this.#monitors.values()) monitor.start();
  }

  /** Ends all monitors; what went wrong with one keeps none of the others. */
  endMonitors(): Error[] {
    const errors: Error[] = [];
    for (const monitor of this.#monitors.values()) {
      try {
        monitor.end();
      } catch (error) {
        errors.push(asError(error));
      }
    }
    this.#monitors.clear();
    return errors;
  }

  /** What a rewind leads back to: numbers of streams that a replay fills again. */
  snapshot(): void {
    this.#bundleThen = this.#bundle && copyOf(this.#bundle);
    if (!this.#isSnapshotDue) return;
    this.#isSnapshotDue = false;
    for (const [name, { composer }] of this.streams) this.#snapshot.set(name, composer.nextSeqNum);
  }

  rewind(): void {
    this.#bundle = this.#bundleThen && copyOf(this.#bundleThen);
    const counters = [...this.#replayable].map((name) => [name, this.#snapshot.get(name) ?? 1] as const);
    this.composer.rewind(counters);
  }

  /** Ends the run and gives its stop document, to be emitted; the run stays open when it can't be made. */
  close(exitStatus: RunStop["exit_status"], reason: string): RunStop {
    const stop = this.composer.composeStop({ exitStatus, reason });
    this.#bundle = undefined;
    return stop;
  }
}

/** A bundle that can be filled on its own. What was begun to be read ahead is read anew. */
function copyOf({ stream, devices, data, timestamps, assets }: Bundle): Bundle {
  return {
    stream,
    devices: [...devices],
    data: { ...data },
    timestamps: { ...timestamps },
    ahead: new Map(),
    assets: assets && [...assets],
  };
}

function assertSameDevices({ name, devices }: Stream, given: readonly object[]): void {
  if (given.length === devices.length && devices.every((device) => given.includes(device))) return;
  const list = (objects: readonly object[]) => objects.map(nameOf).join(", ");
  throw new Error(
    `the devices read for stream "${name}" are ${list(given)}, but it was begun with ${list(devices)}; give other devices another stream`,
  );
}
