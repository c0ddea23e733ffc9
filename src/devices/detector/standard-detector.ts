import type { DataKey } from "../../documents/document.ts";
import type { DeviceOptions } from "../device.ts";
import { asError } from "../errors.ts";
import type { AssetDocument, Hints, Reading, RestorePoint } from "../protocols.ts";
import { restorePointsOf } from "../restore-points.ts";
import { StandardReadable } from "../standard-readable.ts";
import { type Status, status } from "../status.ts";
import { type FlightPlan, planFlight, prepareTrigger } from "./flight-plan.ts";
import type { AcquireLogic, DataLogic, ReadableProvider, StreamProvider, TriggerInfo, TriggerLogic } from "./logics.ts";
import { StalledError, untilWritten } from "./written.ts";

export interface DetectorLogics {
  readonly acquire: AcquireLogic;
  /** By default the detector can be triggered by itself only, as it is set. */
  readonly trigger?: TriggerLogic;
  readonly data?: readonly DataLogic[];
}

interface Flight {
  readonly plan: FlightPlan;
  /** Collections that were there when it was prepared. */
  readonly base: number;
  /** Events that were kicked off, and how many kickoffs there were. */
  events: number;
  kickoffs: number;
}

/** Ends a wait for collections without a failure. */
class EndOfFlight extends Error {}

/**
 * A detector of logics: when it exposes, how it starts, where its data goes. It triggers one event at a time in step scans, and
 * flies what it was prepared for in the batches of its kickoffs.
 */
export class StandardDetector extends StandardReadable {
  readonly #acquire: AcquireLogic;
  readonly #trigger: TriggerLogic;
  readonly #data: readonly DataLogic[];
  #readables: readonly ReadableProvider[] = [];
  #streams: readonly StreamProvider[] = [];
  #collectionsPerEvent: number | undefined;
  #flight: Flight | undefined;
  #stopped = new AbortController();

  constructor({ acquire, trigger = {}, data = [] }: DetectorLogics, options: DeviceOptions = {}) {
    super(options);
    this.#acquire = acquire;
    this.#trigger = trigger;
    this.#data = data;
  }

  override get hints(): Hints {
    const own = super.hints.fields ?? [];
    const fields = [...own, ...this.#data.flatMap((logic) => logic.hinted?.(this.#keyOf(logic)) ?? [])];
    return fields.length === 0 ? {} : { fields };
  }

  override async stage(): Promise<void> {
    await this.#reset();
    await this.#acquire.ensureReady?.();
    await super.stage();
  }

  override async unstage(): Promise<void> {
    await this.#reset();
    await super.unstage();
  }

  /** What `prepare` changes to expose as it is asked to, for putting it back after a crash. */
  override async recoverable(): Promise<readonly RestorePoint[]> {
    return (await Promise.all([super.recoverable(), restorePointsOf(this.#trigger.configSignals ?? [])])).flat();
  }

  /** Ready for the kickoffs that it is asked for; with an external trigger it waits for that from here on. */
  prepare(info: TriggerInfo): Status {
    const stopped = this.#stopped.signal;
    return status(() => this.#prepare(info, stopped));
  }

  /** One event, of what was prepared, else as the detector is set. Done when it is written. */
  trigger(): Status {
    const stopped = this.#stopped.signal;
    return status(async () => {
      if (this.#flight === undefined) await this.#prepare({}, stopped);
      const { plan } = this.#prepared("trigger");
      if (plan.totalEvents !== 1) throw new Error(`${this.name}: trigger() is not supported for multiple events`);
      if (plan.trigger !== "internal") throw new Error(`${this.name}: trigger() needs an internal trigger`);
      const before = await this.#written();
      await this.#start(stopped);
      const target = before + plan.collectionsPerEvent;
      const written = await this.#until(target, plan, () => {}, stopped);
      await this.#acquire.waitIdle();
      await this.#verify(written);
    });
  }

  /** Begins the next batch. */
  kickoff(): Status {
    const stopped = this.#stopped.signal;
    return status(async () => {
      const flight = this.#prepared("kickoff");
      const { plan } = flight;
      if (this.#streams.length === 0) {
        throw new Error(`${this.name} writes no files, so it can't be kicked off; trigger it instead`);
      }
      const events = plan.batches[flight.kickoffs] ?? (plan.batches.at(-1) as number);
      if (plan.totalEvents !== 0 && flight.events + events > plan.totalEvents) {
        const wanted = `${flight.events}:${flight.events + events}`;
        throw new Error(
          `${this.name}: Kickoff requested ${wanted}, but detector was only prepared up to ${plan.totalEvents}`,
        );
      }
      if (plan.trigger === "internal") {
        if (flight.kickoffs > 0) await prepareTrigger(plan, events, this.#trigger);
        await this.#start(stopped);
      }
      flight.events += events;
      flight.kickoffs += 1;
    });
  }

  /** Done when all that was kicked off is written, by every data logic alike; of an endless flight, when it is stopped. */
  complete(): Status {
    const stopped = this.#stopped.signal;
    return status(async ({ signal, report }) => {
      const flight = this.#prepared("complete");
      const { plan, base } = flight;
      if (flight.kickoffs === 0) throw new Error(`${this.name}: kickoff() must be called before complete()`);
      const target = plan.totalEvents === 0 ? Number.POSITIVE_INFINITY : flight.events * plan.collectionsPerEvent;
      const tell = (written: number): void => {
        const current = Math.floor((written - base) / plan.collectionsPerEvent);
        report({
          current,
          initial: 0,
          target: flight.events,
          fraction: flight.events === 0 ? 0 : current / flight.events,
        });
      };
      const written = await this.#until(base + target, plan, tell, AbortSignal.any([stopped, signal]));
      const isLast = flight.events === plan.totalEvents;
      if (plan.trigger === "internal" || isLast) await this.#acquire.waitIdle();
      if (isLast) await this.#verify(written);
    });
  }

  override async describe(): Promise<Record<string, DataKey>> {
    this.#prepared("describe");
    const providers = [...this.#readables, ...this.#streams];
    return Object.assign({}, ...(await Promise.all([super.describe(), ...providers.map((one) => one.describe())])));
  }

  /** What it flies into: its files, because what is read into events is not read then. */
  async describeCollect(): Promise<Record<string, DataKey>> {
    this.#prepared("describeCollect");
    return Object.assign({}, ...(await Promise.all(this.#streams.map((stream) => stream.describe()))));
  }

  override async read(): Promise<Record<string, Reading>> {
    this.#prepared("read");
    return Object.assign({}, ...(await Promise.all([super.read(), ...this.#readables.map((one) => one.read())])));
  }

  override async readConfiguration(): Promise<Record<string, Reading>> {
    const signals = (this.#trigger.configSignals ?? []).map((signal) => signal.read());
    return Object.assign({}, ...(await Promise.all([super.readConfiguration(), ...signals])));
  }

  override async describeConfiguration(): Promise<Record<string, DataKey>> {
    const signals = (this.#trigger.configSignals ?? []).map((signal) => signal.describe());
    return Object.assign({}, ...(await Promise.all([super.describeConfiguration(), ...signals])));
  }

  /** How many whole events are in the files of all data logics. */
  async getIndex(): Promise<number> {
    return Math.floor((await this.#written()) / (this.#collectionsPerEvent ?? 1));
  }

  /** The files, once, and the events in them that were not told before; up to `index` of them in all. */
  async *collectAssetDocs(index?: number): AsyncGenerator<AssetDocument, void> {
    await Promise.all(this.#streams.map((stream) => stream.flush?.()));
    const events = Math.min(index ?? Number.POSITIVE_INFINITY, await this.getIndex());
    for (const stream of this.#streams) yield* stream.assetDocs(events * (this.#collectionsPerEvent ?? 1));
  }

  /**
   * Stops exposing: the end of an endless flight. What else waits for it fails with `Device X was stopped.`, or ends well with `success: true`;
   * what has not begun to expose does not, and fails.
   */
  async stop({ success = false }: { success?: boolean } = {}): Promise<void> {
    const endsWell = success || this.#flight?.plan.totalEvents === 0;
    const reason = `Device ${this.name} was stopped.`;
    this.#stopped.abort(endsWell ? new EndOfFlight(reason) : new Error(reason));
    this.#stopped = new AbortController();
    await this.#acquire.ensureStopped();
  }

  async #prepare(info: TriggerInfo, stopped: AbortSignal): Promise<void> {
    const plan = await planFlight(this.name, info, this.#trigger);
    await prepareTrigger(plan, plan.trigger === "internal" ? (plan.batches[0] ?? 1) : plan.totalEvents, this.#trigger);
    if (this.#collectionsPerEvent !== plan.collectionsPerEvent) await this.#open(plan.collectionsPerEvent);
    const base = await this.#written();
    if (stopped.aborted) await this.#close();
    stopped.throwIfAborted();
    this.#flight = { plan, base, events: 0, kickoffs: 0 };
    if (plan.trigger !== "internal") await this.#start(stopped);
  }

  /** Unless it was stopped since: what has not begun then does not begin. */
  async #start(stopped: AbortSignal): Promise<void> {
    stopped.throwIfAborted();
    await this.#acquire.start();
  }

  async #open(collectionsPerEvent: number): Promise<void> {
    await this.#close();
    const readables: ReadableProvider[] = [];
    const streams: StreamProvider[] = [];
    await Promise.all(
      this.#data.map(async (logic) => {
        const key = this.#keyOf(logic);
        if (logic.prepareStream !== undefined) streams.push(await logic.prepareStream(key, collectionsPerEvent));
        if (logic.prepareSingle !== undefined) readables.push(await logic.prepareSingle(key));
      }),
    );
    this.#readables = readables;
    this.#streams = streams;
    this.#collectionsPerEvent = collectionsPerEvent;
  }

  async #close(): Promise<void> {
    this.#collectionsPerEvent = undefined;
    this.#readables = [];
    this.#streams = [];
    await Promise.all(this.#data.map((logic) => logic.stop?.()));
  }

  async #reset(): Promise<void> {
    const stopping = this.stop();
    this.#flight = undefined;
    await stopping;
    await this.#close();
  }

  /** Resolves to the collections that there have to be: the target, or for a flight that was ended before it, what there is when it stands. */
  async #until(
    target: number,
    plan: FlightPlan,
    tell: (written: number) => void,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const timeoutMs = plan.exposureTimeout * 1000;
    try {
      await untilWritten(this.name, this.#streams, target, { timeoutMs, signal, tell });
      return target;
    } catch (error) {
      if (error instanceof EndOfFlight) return undefined;
      if (!(error instanceof StalledError)) throw error;
      const cause = await this.#verify(target).catch(asError);
      throw cause === undefined ? error : new StalledError(`${error.message}; ${cause.message}`, { cause });
    }
  }

  /** Throws unless all data logics have as many collections as this, or as one another. */
  async #verify(target: number | undefined): Promise<void> {
    const counts = await Promise.all(this.#streams.map((stream) => stream.written()));
    if (new Set(counts).size > 1) {
      throw new Error(
        `${this.name}: its data logics have written different numbers of collections: ${counts.join(", ")}`,
      );
    }
    await Promise.all(this.#streams.map((stream) => stream.verify?.(target ?? (counts[0] as number))));
  }

  async #written(): Promise<number> {
    if (this.#streams.length === 0) return 0;
    return Math.min(...(await Promise.all(this.#streams.map((stream) => stream.written()))));
  }

  #prepared(method: string): Flight {
    if (this.#flight === undefined) throw new Error(`${this.name}: Prepare not run; call prepare() before ${method}()`);
    return this.#flight;
  }

  #keyOf({ suffix = "" }: DataLogic): string {
    return `${this.name}${suffix}`;
  }
}
