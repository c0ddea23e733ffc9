import { t } from "../datatypes.ts";
import { WaitTimeoutError } from "../errors.ts";
import { flagValue, setFlag } from "../flag-value.ts";
import { mockBackendOf } from "../mock-backend.ts";
import { waitForValue } from "../observe.ts";
import type { SignalR, SignalRW } from "../signal.ts";
import { StandardReadable } from "../standard-readable.ts";
import type { Status } from "../status.ts";
import { Acquisition } from "./acquisition.ts";
import { contextOf, type RecordDeviceOptions } from "./record-device.ts";
import { epicsSignalR, epicsSignalRW, epicsSignalRWRbv } from "./signals.ts";

const AVERAGES = ["Current1", "Current2", "Current3", "Current4", "SumAll", "PosX", "PosY"] as const;

/** How much later than Acquire the number of averages may be posted. */
const POSTED_MS = 1000;

/**
 * A quad electrometer: a trigger averages once over its averaging time; it reads the averages of currents, sum and position.
 * Statistics plugins take these averages: staged, they are enabled and the driver waits for them, so that a done trigger's are there.
 */
export class QuadEm extends StandardReadable {
  readonly acquire: SignalRW<any>;
  readonly acquireMode: SignalRW<string>;
  /** Seconds. */
  readonly averagingTime: SignalRW<number>;
  readonly integrationTime: SignalRW<number>;
  /** How many averages were taken since Acquire. */
  readonly numAcquired: SignalR<number>;
  readonly averages: Readonly<Record<(typeof AVERAGES)[number], SignalR<number>>>;
  readonly #plugins: readonly SignalRW<boolean>[];
  readonly #acquisition = new Acquisition();
  #former: { mode: string; acquired: boolean; plugins: readonly boolean[] } | undefined;

  constructor(prefix: string, options: RecordDeviceOptions = {}) {
    super(options);
    const common = contextOf(options);
    const setting = (suffix: string): SignalRW<number> => epicsSignalRWRbv(t.float, prefix + suffix, common);
    this.acquire = this.add("acquire", epicsSignalRW(t.any, `${prefix}Acquire`, common));
    this.acquireMode = this.add(
      "acquireMode",
      epicsSignalRWRbv(t.subset(["Continuous", "Multiple", "Single"]), `${prefix}AcquireMode`, common),
    );
    this.averagingTime = this.addReadable("averagingTime", setting("AveragingTime"), "config");
    this.integrationTime = this.addReadable("integrationTime", setting("IntegrationTime"), "config");
    this.numAcquired = this.add("numAcquired", epicsSignalR(t.int, `${prefix}NumAcquired`, common));
    const keyOf = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
    const average = (name: string): SignalR<number> => {
      const key = keyOf(name);
      const signal = epicsSignalR(t.float, `${prefix}${name}:MeanValue_RBV`, common);
      return this.addReadable(key, signal, name === "SumAll" ? "hinted-uncached" : "uncached");
    };
    const averages = AVERAGES.map((name) => [name, average(name)] as const);
    this.averages = Object.fromEntries(averages) as QuadEm["averages"];
    this.#plugins = AVERAGES.flatMap((name) =>
      ["EnableCallbacks", "BlockingCallbacks"].map((field) =>
        this.add(`${keyOf(name)}${field}`, epicsSignalRWRbv(t.bool, `${prefix}${name}:${field}`, common)),
      ),
    );
  }

  override async stage(): Promise<void> {
    const fresh = { cached: false };
    const [mode, acquire, plugins] = await Promise.all([
      this.acquireMode.get(fresh),
      this.acquire.get(fresh),
      Promise.all(this.#plugins.map((one) => one.get(fresh))),
    ]);
    const { datatype } = this.acquire;
    this.#former ??= { mode, acquired: datatype.equals(acquire, flagValue(datatype, true)), plugins };
    await this.stop();
    await this.acquireMode.set("Single").wait();
    await Promise.all(this.#plugins.map((one) => one.set(true).wait()));
    await super.stage();
  }

  /** Puts the mode and the plugins back, and lets it acquire as before where that went on by itself. */
  override async unstage(): Promise<void> {
    const former = this.#former;
    this.#former = undefined;
    if (former !== undefined) {
      const { mode, acquired, plugins } = former;
      await this.stop();
      await Promise.all(this.#plugins.map((one, i) => one.set(plugins[i] as boolean).wait()));
      await this.acquireMode.set(mode).wait();
      if (acquired && mode === "Continuous") await setFlag(this.acquire, true, { wait: false }).wait();
    }
    await super.unstage();
  }

  /** Done when the average is there; 10 s after the averaging time it fails. Fails when somebody else stops it. */
  trigger(): Status {
    return this.#acquisition.begin(
      (ended) => this.#average(ended),
      () => this.#halt(),
    );
  }

  /** A pending trigger fails with `Device X was stopped.`, or succeeds with `success: true`. */
  async stop({ success = false }: { success?: boolean } = {}): Promise<void> {
    this.#acquisition.stopped(this.name, success);
    await this.#halt();
  }

  protected override onMocked(): void {
    const { acquire, numAcquired } = this;
    mockBackendOf(acquire).onPut = () => {
      mockBackendOf(numAcquired).setValue(1);
      return flagValue(acquire.datatype, false);
    };
  }

  async #average(ended: AbortSignal): Promise<void> {
    const { name } = this;
    const seconds = await this.averagingTime.get({ cached: false });
    if (!(seconds > 0)) {
      throw new Error(`${name} would never have an average: its averaging time is ${seconds} s; set averagingTime`);
    }
    ended.throwIfAborted();
    await setFlag(this.acquire, true, { timeoutMs: 1000 * (seconds + 10), signal: ended }).wait();
    try {
      await waitForValue(this.numAcquired, (num) => num > 0, { timeoutMs: POSTED_MS, signal: ended });
    } catch (error) {
      if (ended.aborted || !(error instanceof WaitTimeoutError)) throw error;
      throw new Error(`${name} was stopped by somebody else, before its average was there`, { cause: error });
    }
  }

  async #halt(): Promise<void> {
    await setFlag(this.acquire, false, { wait: false }).wait();
  }
}
