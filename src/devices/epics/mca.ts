import { t } from "../datatypes.ts";
import { DeviceMap } from "../device-map.ts";
import { DoneWatch } from "../done-watch.ts";
import { WaitTimeoutError } from "../errors.ts";
import { flagValue, setFlag } from "../flag-value.ts";
import type { SignalR, SignalRW } from "../signal.ts";
import { StandardReadable } from "../standard-readable.ts";
import type { Status } from "../status.ts";
import { Acquisition } from "./acquisition.ts";
import { contextOf, type RecordDeviceOptions } from "./record-device.ts";
import { epicsSignalR, epicsSignalRW } from "./signals.ts";

/** How long a count may take to be seen; a short one may be over before. */
const START_MS = 1000;

/** A region of interest of an MCA record: channels `low` to `high`, and what was counted in them. */
export class McaRegion extends StandardReadable {
  readonly counts: SignalR<number>;
  /** Without the background. */
  readonly netCounts: SignalR<number>;
  readonly label: SignalRW<string>;
  readonly low: SignalRW<number>;
  readonly high: SignalRW<number>;
  /** Channels at each end from which the background is taken. */
  readonly background: SignalRW<number>;

  constructor(record: string, index: number, options: RecordDeviceOptions = {}) {
    super(options);
    const common = contextOf(options);
    const field = `${record}.R${index}`;
    this.counts = this.addReadable("counts", epicsSignalR(t.float, field, common), "hinted-uncached");
    this.netCounts = this.addReadable("netCounts", epicsSignalR(t.float, `${field}N`, common), "uncached");
    this.label = this.addReadable("label", epicsSignalRW(t.string, `${field}NM`, common), "config");
    this.low = this.addReadable("low", epicsSignalRW(t.int, `${field}LO`, common), "config");
    this.high = this.addReadable("high", epicsSignalRW(t.int, `${field}HI`, common), "config");
    this.background = this.addReadable("background", epicsSignalRW(t.int, `${field}BG`, common), "config");
  }
}

export interface EpicsMcaOptions extends RecordDeviceOptions {
  /** The indices of the regions to read, from 0 to 31; none by default. */
  readonly regions?: readonly number[];
}

/** A multi-channel analyser record: a trigger erases, counts for the preset time and is done when the record has stopped. */
export class EpicsMca extends StandardReadable {
  readonly spectrum: SignalR<any>;
  readonly eraseStart: SignalRW<any>;
  readonly stopAcquire: SignalRW<any>;
  readonly acquiring: SignalR<any>;
  /** Seconds; 0 is no limit. */
  readonly presetRealTime: SignalRW<number>;
  readonly presetLiveTime: SignalRW<number>;
  readonly elapsedRealTime: SignalR<number>;
  readonly elapsedLiveTime: SignalR<number>;
  readonly mode: SignalRW<string>;
  readonly regions: DeviceMap<number, McaRegion>;
  readonly #counting = new Acquisition();

  constructor(record: string, options: EpicsMcaOptions = {}) {
    super(options);
    const common = contextOf(options);
    const setting = (field: string): SignalRW<number> => epicsSignalRW(t.float, `${record}.${field}`, common);
    const told = (field: string): SignalR<number> => epicsSignalR(t.float, `${record}.${field}`, common);
    this.spectrum = this.addReadable("spectrum", epicsSignalR(t.any, record, common), "uncached");
    this.presetRealTime = this.addReadable("presetRealTime", setting("PRTM"), "config");
    this.presetLiveTime = this.addReadable("presetLiveTime", setting("PLTM"), "config");
    this.elapsedRealTime = this.addReadable("elapsedRealTime", told("ERTM"), "uncached");
    this.elapsedLiveTime = this.addReadable("elapsedLiveTime", told("ELTM"), "uncached");
    this.mode = this.add("mode", epicsSignalRW(t.subset(["PHA", "MCS", "List"]), `${record}.MODE`, common));
    this.eraseStart = this.add("eraseStart", epicsSignalRW(t.any, `${record}.ERST`, common));
    this.stopAcquire = this.add("stopAcquire", epicsSignalRW(t.any, `${record}.STOP`, common));
    this.acquiring = this.add("acquiring", epicsSignalR(t.any, `${record}.ACQG`, common));
    for (const index of options.regions ?? []) {
      if (!Number.isInteger(index) || index < 0 || index > 31) {
        throw new RangeError(`an MCA record has regions 0 to 31, not ${index}`);
      }
    }
    const regions = (options.regions ?? []).map((index) => [index, new McaRegion(record, index, common)] as const);
    this.regions = this.add("regions", new DeviceMap(regions));
    for (const [, region] of regions) this.include(region, "normal");
  }

  override async stage(): Promise<void> {
    if (!this.#isOff(await this.acquiring.get({ cached: false }))) await this.#halt();
    await this.mode.set("PHA").wait();
    await super.stage();
  }

  /**
   * Fails when it still counts 10 s after the longer of its preset times; with none it counts until another preset ends it. Fails when
   * somebody else stops it.
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

  async #count(ended: AbortSignal): Promise<void> {
    const presets = await Promise.all(
      [this.presetRealTime, this.presetLiveTime].map((one) => one.get({ cached: false })),
    );
    const seconds = Math.max(...presets);
    const timeoutMs = seconds > 0 ? 1000 * (2 * seconds + 10) : Number.POSITIVE_INFINITY;
    const { acquiring, stopAcquire } = this;
    using watch = await DoneWatch.of(acquiring, flagValue(acquiring.datatype, false), ended);
    // The record posts a STOP that is put, with the time stamp of its last reading, and clears it; it stops by itself without one.
    const { datatype } = stopAcquire;
    let isStopped = false;
    using _stops = stopAcquire.subscribeReading(({ value }) => {
      isStopped ||= datatype.equals(value, flagValue(datatype, true));
    });
    await setFlag(this.eraseStart, true, { wait: false, signal: ended }).wait();
    await watch.untilBegun(START_MS);
    if (!(await watch.untilDone(performance.now() + timeoutMs))) {
      throw new WaitTimeoutError(`${this.name} still counts after ${timeoutMs / 1000} s, ${seconds} s were preset`);
    }
    if (!isStopped) return;
    throw new Error(
      `${this.name} was stopped by somebody else, after ${await this.elapsedRealTime.get({ cached: false })} s`,
    );
  }

  async #halt(): Promise<void> {
    await setFlag(this.stopAcquire, true, { wait: false }).wait();
  }

  #isOff(value: unknown): boolean {
    const { datatype } = this.acquiring;
    return datatype.equals(value, flagValue(datatype, false));
  }
}
