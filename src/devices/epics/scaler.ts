import type { DataKey } from "../../documents/document.ts";
import { t } from "../datatypes.ts";
import type { ConnectOptions } from "../device.ts";
import { flagValue, setFlag } from "../flag-value.ts";
import { mockBackendOf } from "../mock-backend.ts";
import type { Hints, Reading } from "../protocols.ts";
import type { SignalR, SignalRW } from "../signal.ts";
import { StandardReadable } from "../standard-readable.ts";
import type { Status } from "../status.ts";
import { Acquisition } from "./acquisition.ts";
import { contextOf, type RecordDeviceOptions } from "./record-device.ts";
import { epicsSignalR, epicsSignalRW } from "./signals.ts";

export interface EpicsScalerOptions extends RecordDeviceOptions {
  /** How many channels the record has; 32 by default. */
  readonly channels?: number;
}

interface ScalerChannel {
  readonly counts: SignalR<number>;
  readonly label: SignalRW<string>;
  /** Whether the channel ends a count at its preset. */
  readonly gate: SignalRW<boolean>;
  readonly preset: SignalRW<number>;
}

/**
 * A scaler record. It reads the channels that have a name, under these names: `s-I0`; `selectChannels` narrows them down.
 * A trigger counts once, for the preset time or until another channel reaches its preset, and is done when the record says so.
 */
export class EpicsScaler extends StandardReadable {
  readonly count: SignalRW<any>;
  /** Seconds that a trigger counts. */
  readonly presetTime: SignalRW<number>;
  /** Seconds that it counted. */
  readonly time: SignalR<number>;
  readonly countMode: SignalRW<string>;
  readonly frequency: SignalR<number>;
  readonly #channels: readonly ScalerChannel[];
  #labels: readonly string[] = [];
  #chosen: ReadonlySet<string> | undefined;
  readonly #counting = new Acquisition();
  #former: string | undefined;

  constructor(prefix: string, options: EpicsScalerOptions = {}) {
    super(options);
    const common = contextOf(options);
    const field = (name: string): string => `${prefix}.${name}`;
    this.count = this.add("count", epicsSignalRW(t.any, field("CNT"), common));
    this.presetTime = this.addReadable("presetTime", epicsSignalRW(t.float, field("TP"), common), "config");
    this.time = this.addReadable("time", epicsSignalR(t.float, field("T"), common), "uncached");
    this.frequency = this.addReadable("frequency", epicsSignalR(t.float, field("FREQ"), common), "config");
    this.countMode = this.add("countMode", epicsSignalRW(t.subset(["OneShot", "AutoCount"]), field("CONT"), common));
    this.#channels = Array.from({ length: options.channels ?? 32 }, (_, i) => ({
      counts: this.add(`channel${i + 1}`, epicsSignalR(t.float, field(`S${i + 1}`), common)),
      label: this.add(`label${i + 1}`, epicsSignalRW(t.string, field(`NM${i + 1}`), common)),
      gate: this.add(`gate${i + 1}`, epicsSignalRW(t.bool, field(`G${i + 1}`), common)),
      preset: this.add(`preset${i + 1}`, epicsSignalRW(t.float, field(`PR${i + 1}`), common)),
    }));
  }

  /** The names of the channels that have one, in their order. */
  get labels(): readonly string[] {
    return this.#labels.filter((label) => label !== "");
  }

  override get hints(): Hints {
    return { fields: this.#selected().map(([key]) => key) };
  }

  /** Reads these channels only, by their names; without any, all that have a name. An unknown name is an error that lists all. */
  selectChannels(labels?: readonly string[]): void {
    const unknown = (labels ?? []).filter((label) => !this.labels.includes(label));
    if (unknown.length > 0) {
      throw new RangeError(
        `${this.name} has no channel ${unknown.join(", ")}; it has ${this.labels.join(", ") || "none"}`,
      );
    }
    this.#chosen = labels === undefined ? undefined : new Set(labels);
  }

  /** Asks for the names of the channels again. */
  async matchNames(): Promise<void> {
    const labels = await Promise.all(this.#channels.map(({ label }) => label.get({ cached: false })));
    const twice = labels.find((label, i) => label !== "" && labels.indexOf(label) !== i);
    if (twice !== undefined) throw new Error(`${this.name} has two channels named "${twice}"; rename one`);
    this.#labels = labels;
  }

  override async connect(options: ConnectOptions = {}): Promise<void> {
    await super.connect(options);
    await this.matchNames();
  }

  override async stage(): Promise<void> {
    this.#former ??= await this.countMode.get({ cached: false });
    await this.countMode.set("OneShot").wait();
    await super.stage();
  }

  override async unstage(): Promise<void> {
    const former = this.#former;
    this.#former = undefined;
    if (former !== undefined) await this.countMode.set(former).wait();
    await super.unstage();
  }

  /**
   * Done when it has counted for the preset time, or another channel has reached its preset; 10 s beyond the preset time it fails, and
   * at once where there is no preset at all. Fails when somebody else stops it.
   */
  trigger(): Status {
    return this.#counting.begin(
      (ended) => this.#count(ended),
      () => this.#halt(),
    );
  }

  /** A pending trigger fails with `Device X was stopped.`, or succeeds with what was counted with `success: true`. */
  async stop({ success = false }: { success?: boolean } = {}): Promise<void> {
    this.#counting.stopped(this.name, success);
    await this.#halt();
  }

  override async read(): Promise<Record<string, Reading>> {
    const readings = await super.read();
    const selected = this.#selected();
    const counts = await Promise.all(selected.map(([, channel]) => channel.counts.getReading({ cached: false })));
    selected.forEach(([key], i) => {
      readings[key] = counts[i] as Reading;
    });
    return readings;
  }

  override async describe(): Promise<Record<string, DataKey>> {
    const keys = await super.describe();
    const selected = this.#selected();
    const described = await Promise.all(selected.map(([, channel]) => channel.counts.describe()));
    selected.forEach(([key, channel], i) => {
      keys[key] = described[i]?.[channel.counts.name] as DataKey;
    });
    return keys;
  }

  protected override onMocked(): void {
    const { count, presetTime, time } = this;
    mockBackendOf(count).onPut = async () => {
      mockBackendOf(time).setValue(await presetTime.get());
      return flagValue(count.datatype, false);
    };
  }

  async #count(ended: AbortSignal): Promise<void> {
    const { name } = this;
    const seconds = await this.presetTime.get({ cached: false });
    const hasPreset = (preset: number): boolean => preset > 0;
    if (!(seconds > 0) && !(await this.#isAnyOther(hasPreset))) {
      throw new Error(
        `${name} would count for ever: its preset time is ${seconds} s and no other channel has a preset`,
      );
    }
    ended.throwIfAborted();
    const timeoutMs = seconds > 0 ? 1000 * (seconds + 10) : Number.POSITIVE_INFINITY;
    const begun = performance.now();
    await setFlag(this.count, true, { timeoutMs, signal: ended }).wait();
    const elapsed = (performance.now() - begun) / 1000;
    const time = await this.time.get({ cached: false });
    // Channel 1 need not count the clock of the preset time: what took that long has counted that long.
    if (time >= seconds || elapsed >= seconds) return;
    if (await this.#isAnyOther((preset, counts) => hasPreset(preset) && counts >= preset)) return;
    throw new Error(`${name} was stopped by somebody else, after ${time} s of ${seconds} s`);
  }

  /** Whether a gated channel other than that of the preset time is such. */
  async #isAnyOther(is: (preset: number, counts: number) => boolean): Promise<boolean> {
    const fresh = { cached: false };
    const answers = this.#channels.slice(1).map(async ({ gate, preset, counts }) => {
      const [gated, ...numbers] = await Promise.all([gate.get(fresh), preset.get(fresh), counts.get(fresh)]);
      return gated && is(...numbers);
    });
    return (await Promise.all(answers)).includes(true);
  }

  async #halt(): Promise<void> {
    await setFlag(this.count, false, { wait: false }).wait();
  }

  #selected(): (readonly [string, ScalerChannel])[] {
    return this.#channels.flatMap((channel, i) => {
      const label = this.#labels[i] ?? "";
      const isWanted = label !== "" && this.#chosen?.has(label) !== false;
      return isWanted ? [[`${this.name}${this.separator}${label}`, channel] as const] : [];
    });
  }
}
