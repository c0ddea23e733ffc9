import type { Device, DeviceOptions } from "./device.ts";
import { DoneWatch } from "./done-watch.ts";
import { asError, WaitTimeoutError } from "./errors.ts";
import { flagValue } from "./flag-value.ts";
import { mockBackendOf } from "./mock-backend.ts";
import type { Location, Reading, RestorePoint } from "./protocols.ts";
import type { SignalR, SignalRW, SignalW } from "./signal.ts";
import { StandardReadable } from "./standard-readable.ts";
import { Status, type Subscription, status } from "./status.ts";

export interface PvPositionerOptions extends DeviceOptions {
  readonly setpoint: SignalRW<number>;
  /** The setpoint stands for it when there is none. */
  readonly readback?: SignalR<number>;
  /** Is `doneValue` at rest. Without it the setpoint's own completion ends a move. */
  readonly done?: SignalR<any>;
  /** 1 by default. */
  readonly doneValue?: unknown;
  /** Is set to `actuateValue` after the setpoint, to begin the move. */
  readonly actuate?: SignalW<any> | SignalRW<any>;
  /** 1 by default. */
  readonly actuateValue?: unknown;
  readonly stop?: SignalW<any> | SignalRW<any>;
  /** 1 by default. */
  readonly stopValue?: unknown;
  /** `[low, high]`; none by default. */
  readonly limits?: readonly [number, number];
  /** How far from its target a move may end; not checked by default. */
  readonly tolerance?: number;
  /** How long a done signal may take to leave its value after a move was asked for, in ms; 500 by default. */
  readonly startMs?: number;
  /** For a whole move; 60,000 by default. */
  readonly moveTimeoutMs?: number;
}

/** A positioner of single PVs: a setpoint, and what else there is of readback, done signal, actuator and stop. */
export class PvPositioner extends StandardReadable {
  readonly setpoint: SignalRW<number>;
  readonly readback: SignalR<number>;
  readonly #options: PvPositionerOptions;
  #move: { readonly target: number; end: (error: Error | undefined, after?: Promise<void>) => void } | undefined;

  constructor(options: PvPositionerOptions) {
    super(options);
    this.#options = options;
    const { setpoint, readback, done, actuate, stop } = options;
    this.setpoint = this.addReadable("setpoint", setpoint, readback === undefined ? "hinted" : "normal");
    this.readback = readback ?? setpoint;
    if (readback !== undefined) this.addReadable("readback", readback, "hinted", { transparent: true });
    const others: readonly [string, Device | undefined][] = [
      ["done", done],
      ["actuator", actuate],
      ["stopper", stop],
    ];
    for (const [key, signal] of others) if (signal !== undefined) this.add(key, signal);
  }

  /** Its setpoint, for putting it back after a crash. */
  override async recoverable(): Promise<readonly RestorePoint[]> {
    return (await Promise.all([super.recoverable(), this.setpoint.recoverable()])).flat();
  }

  /** Throws a `RangeError` for a target outside the limits. */
  checkValue(value: number): void {
    const [low, high] = this.#options.limits ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    if (value >= low && value <= high) return;
    throw new RangeError(`${this.name} can't move to ${value}: its limits are ${low} to ${high}`);
  }

  /** Done when the done signal says so, or without one at the put's completion. A second move makes the first one fail. */
  set(value: number): Status {
    try {
      this.checkValue(value);
    } catch (error) {
      return Status.failed(asError(error));
    }
    this.#move?.end(new Error(`${this.name} was redirected to ${value} on its way to ${this.#move.target}`));
    const ended = new AbortController();
    let early: { error: Error | undefined; after: Promise<void> | undefined } | undefined;
    const move = {
      target: value,
      end: (error: Error | undefined, after?: Promise<void>): void => {
        early = { error, after };
        ended.abort(error);
      },
    };
    this.#move = move;
    return status(async ({ signal, report }) => {
      try {
        const initial = await this.readback.get({ cached: false });
        using _progress = this.readback.subscribeReading(({ value: current }) =>
          report({ current, initial, target: value }),
        );
        await this.#go(value, AbortSignal.any([signal, ended.signal]));
      } catch (error) {
        if (early === undefined) {
          await this.#halt().catch(() => {});
          throw error;
        }
        await early.after?.catch(() => {});
        if (early.error !== undefined) throw early.error;
      } finally {
        if (this.#move === move) this.#move = undefined;
      }
    });
  }

  /** Writes stop. A pending move, of which nothing is sent any more, fails with `Device X was stopped.`, or succeeds with `success: true`. */
  async stop({ success = false }: { success?: boolean } = {}): Promise<void> {
    const halted = this.#halt();
    this.#move?.end(success ? undefined : new Error(`Device ${this.name} was stopped.`), halted);
    await halted;
  }

  async locate(): Promise<Location<number>> {
    const [setpoint, readback] = await Promise.all([
      this.setpoint.get({ cached: false }),
      this.readback.get({ cached: false }),
    ]);
    return { setpoint, readback };
  }

  subscribe(callback: (readings: Record<string, Reading<number>>) => void): Subscription {
    return this.readback.subscribe(callback);
  }

  clearSub(callback: (readings: Record<string, Reading<number>>) => void): void {
    this.readback.clearSub(callback);
  }

  /** Stand-ins were away for a moment, and are there. */
  protected override onMocked(): void {
    const { readback, done, doneValue = 1, actuate } = this.#options;
    const setpoint = mockBackendOf(this.setpoint);
    const doneMock = done && mockBackendOf(done);
    doneMock?.setValue(doneValue);
    mockBackendOf(actuate ?? this.setpoint).onPut = async () => {
      const off = done && flagValue(done.datatype, false);
      doneMock?.setValue(off === doneValue ? flagValue(doneMock.datatype, true) : off);
      if (readback !== undefined) mockBackendOf(readback).setValue(await setpoint.getSetpoint());
      doneMock?.setValue(doneValue);
    };
  }

  async #go(value: number, signal: AbortSignal): Promise<void> {
    const { done, doneValue = 1, actuate, actuateValue = 1, startMs = 500, moveTimeoutMs = 60_000 } = this.#options;
    const deadline = performance.now() + moveTimeoutMs;
    using watch = done && (await DoneWatch.of(done, doneValue, signal));
    signal.throwIfAborted();
    const wait = { wait: done === undefined, timeoutMs: moveTimeoutMs, signal };
    await this.setpoint.set(value, actuate === undefined ? wait : { ...wait, wait: true }).wait({ signal });
    await actuate?.set(actuateValue, wait).wait({ signal });
    await watch?.untilBegun(startMs);
    if ((await watch?.untilDone(deadline)) === false) {
      throw new WaitTimeoutError(`${this.name} was not done on its way to ${value} after ${moveTimeoutMs} ms`);
    }
    const { tolerance } = this.#options;
    if (tolerance === undefined) return;
    const at = await this.readback.get({ cached: false });
    if (!(Math.abs(at - value) <= tolerance)) {
      throw new Error(`${this.name} missed its target by more than ${tolerance}: it is at ${at}, sent to ${value}`);
    }
  }

  async #halt(): Promise<void> {
    const { stop, stopValue = 1 } = this.#options;
    await stop?.set(stopValue, { wait: false }).wait();
  }
}
