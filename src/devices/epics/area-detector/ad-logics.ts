import { stopBusyRecord } from "../../busy-record.ts";
import type { AcquireLogic, Exposures, TriggerLogic } from "../../detector/logics.ts";
import { waitForValue } from "../../observe.ts";
import type { AdCam } from "./cam.ts";

const IDLE = new Set(["Idle", "Aborted"]);

/** Starts a driver by Acquire; idle when that has come back and the driver says so. */
export class AdAcquireLogic implements AcquireLogic {
  readonly #cam: AdCam;
  readonly #timeoutMs: number;
  #acquiring: Promise<void> = Promise.resolve();

  constructor(cam: AdCam, options: { readonly timeoutMs?: number } = {}) {
    this.#cam = cam;
    this.#timeoutMs = options.timeoutMs ?? 3_600_000;
  }

  async start(): Promise<void> {
    const acquiring = this.#cam.acquire.set(true, { wait: true, timeoutMs: this.#timeoutMs });
    this.#acquiring = acquiring.wait();
    this.#acquiring.catch(() => {});
    if (acquiring.error !== undefined) throw acquiring.error;
  }

  async waitIdle(): Promise<void> {
    await this.#acquiring;
    const { detectorState, name } = this.#cam;
    const isOver = (state: string): boolean => IDLE.has(state) || state === "Error";
    // What a subscription begins with may be from before the acquisition.
    const now = await detectorState.get({ cached: false });
    const state = isOver(now) ? now : await waitForValue(detectorState, isOver, { timeoutMs: 10_000 });
    if (state === "Error") throw new Error(`${name} is in the state Error; its StatusMessage says why`);
  }

  async ensureStopped(): Promise<void> {
    if ((await this.#cam.acquire.get({ cached: false })) === false) return;
    await stopBusyRecord(this.#cam.acquire);
  }
}

/** Exposures that the driver times itself. An exposure time that is not given stays as it was set. */
export class AdInternalTriggerLogic implements TriggerLogic {
  readonly #cam: AdCam;
  readonly #deadtime: number;

  constructor(cam: AdCam, deadtime: number) {
    this.#cam = cam;
    this.#deadtime = deadtime;
  }

  deadtime(): number {
    return this.#deadtime;
  }

  async prepareInternal({ num, livetime, deadtime }: Exposures): Promise<void> {
    const { acquireTime, acquirePeriod, numImages, imageMode, waitForPlugins } = this.#cam;
    if (livetime !== undefined) {
      await acquireTime.set(livetime).wait();
      await acquirePeriod.set(livetime + deadtime).wait();
    }
    await Promise.all([
      numImages.set(num).wait(),
      imageMode.set(num === 0 ? "Continuous" : "Multiple").wait(),
      waitForPlugins.set(true).wait(),
    ]);
  }
}
