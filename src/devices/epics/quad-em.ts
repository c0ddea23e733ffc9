import { t } from "../datatypes.ts";
import { setFlag } from "../flag-value.ts";
import type { SignalR, SignalRW } from "../signal.ts";
import { StandardReadable } from "../standard-readable.ts";
import { type Status, status } from "../status.ts";
import { contextOf, type RecordDeviceOptions } from "./record-device.ts";
import { epicsSignalR, epicsSignalRW, epicsSignalRWRbv } from "./signals.ts";

const AVERAGES = ["Current1", "Current2", "Current3", "Current4", "SumAll", "PosX", "PosY"] as const;

/** A quad electrometer: a trigger averages once over its averaging time; it reads the averages of currents, sum and position. */
export class QuadEm extends StandardReadable {
  readonly acquire: SignalRW<any>;
  readonly acquireMode: SignalRW<string>;
  /** Seconds. */
  readonly averagingTime: SignalRW<number>;
  readonly integrationTime: SignalRW<number>;
  readonly averages: Readonly<Record<(typeof AVERAGES)[number], SignalR<number>>>;

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
    const average = (name: string): SignalR<number> => {
      const key = name.charAt(0).toLowerCase() + name.slice(1);
      const signal = epicsSignalR(t.float, `${prefix}${name}:MeanValue_RBV`, common);
      return this.addReadable(key, signal, name === "SumAll" ? "hinted-uncached" : "uncached");
    };
    const averages = AVERAGES.map((name) => [name, average(name)] as const);
    this.averages = Object.fromEntries(averages) as QuadEm["averages"];
  }

  override async stage(): Promise<void> {
    await this.stop();
    await this.acquireMode.set("Single").wait();
    await super.stage();
  }

  /** Done when the average is there; 10 s after the averaging time it fails. */
  trigger(): Status {
    return status(async ({ signal }) => {
      const seconds = await this.averagingTime.get({ cached: false });
      await setFlag(this.acquire, true, { timeoutMs: 1000 * (seconds + 10), signal }).wait();
    });
  }

  async stop(): Promise<void> {
    await setFlag(this.acquire, false, { wait: false }).wait();
  }
}
