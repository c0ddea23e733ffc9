import { asError } from "../errors.ts";
import type { StatusContext, Subscription } from "../status.ts";
import type { Motion } from "./motion.ts";
import { MotorError, MotorStoppedError, MoveTimeoutError } from "./motor-errors.ts";
import { checkLimits } from "./motor-limits.ts";
import type { MotorRecord } from "./motor-record.ts";
import { moveTimeout } from "./motor-timeout.ts";
import { isWithin, type MotorAtRest, type MoveIntent, mayBegin, verdict } from "./motor-verdict.ts";

/** `put`: the put's completion ends a move; `dmov`: DMOV does; `both`: neither alone is believed. */
export type MoveCompletion = "put" | "dmov" | "both";

export interface MoveOptions {
  readonly completion: MoveCompletion;
  readonly toleratedSeverity: number;
  readonly tolerance: number | undefined;
  readonly settleMs: number;
  /** How long a record that acknowledges at once may take to drop DMOV, in ms. */
  readonly startMs: number;
  /** Instead of the time that follows from the record's fields. */
  readonly timeoutMs: number | undefined;
}

/** DMOV is asked for again at least this often, so that no lost update can hold a move up. */
const ASK_AGAIN_MS = 1000;
/** The same while it has not begun: it may be over in less than that. */
const BEGUN_AGAIN_MS = 50;
/** How long a motor may take to stand after it was told to stop. */
const HALT_MS = 10_000;

/** One move of a motor record, from the checks before the put to the proof that it arrived. */
export class MotorMove implements Motion {
  readonly target: number;
  readonly #motor: MotorRecord;
  readonly #options: MoveOptions;
  #deadline = Number.POSITIVE_INFINITY;
  #stop: { success: boolean } | undefined;
  #replaced: Error | undefined;
  #sentTo: number | undefined;
  #news = 0;
  #resume: () => void = () => {};
  /** Whether the motor may be moving because of this: from the put until it is known to stand. */
  underWay = false;

  constructor(motor: MotorRecord, target: number, options: MoveOptions) {
    this.#motor = motor;
    this.target = target;
    this.#options = options;
  }

  /** The motor has been told to stop: the move ends once it stands. */
  stopped(success: boolean): void {
    this.#stop = { success };
    this.#wake();
  }

  /** The move ends at once, with this error: another one has taken its place. */
  replaced(error: Error): void {
    this.#replaced = error;
    this.#wake();
  }

  async run({ signal, report }: StatusContext): Promise<void> {
    const { intent, timeoutMs, unit, precision, setpointSince } = await this.#prepare();
    this.#throwIfEnded(signal);
    if (this.#stop !== undefined) return this.#endStopped();
    this.#deadline = performance.now() + timeoutMs;
    const watching: Subscription[] = [];
    const onAbort = (): void => this.#wake();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      // The first update of a subscription may tell what was before the move: it counts from what is newer than that.
      watching.push(
        this.#motor.doneMoving.subscribeReading(() => this.#wake()),
        this.#motor.setpoint.subscribeReading(({ value, timestamp }) => {
          if (timestamp > setpointSince && this.underWay) this.#mindSetpoint(value, intent);
        }),
        this.#motor.readback.subscribeReading(({ value }) => report(progressOf(value, intent, unit, precision))),
      );
      this.underWay = true;
      await this.#put(timeoutMs, signal);
      const after = await this.#atRest(intent, signal);
      this.underWay = false;
      if (this.#stop !== undefined) return this.#endStopped();
      const failure = verdict(after, intent, this.#sentTo);
      if (failure !== undefined) throw failure;
      if (this.#options.settleMs > 0) await this.#pause(this.#options.settleMs);
    } finally {
      signal.removeEventListener("abort", onAbort);
      for (const subscription of watching) subscription.unsubscribe();
    }
  }

  async #prepare() {
    const { name, velocity, accelerationTime, backlash, backlashVelocity, backlashAccelerationTime } = this.#motor;
    const motor = this.#motor;
    const read = [
      motor.readback,
      motor.lowLimit,
      motor.highLimit,
      motor.dialLowLimit,
      motor.dialHighLimit,
      velocity,
      accelerationTime,
      backlash,
      backlashVelocity,
      backlashAccelerationTime,
      motor.delay,
      motor.retries,
      motor.retryDeadband,
      motor.resolution,
      motor.precision,
      motor.limitViolation,
    ] as const;
    const [values, mode, unit, setpoint] = await Promise.all([
      Promise.all(read.map((one) => one.get({ cached: false }))),
      motor.mode.get({ cached: false }),
      motor.units.get({ cached: false }),
      motor.setpoint.getReading({ cached: false }),
    ]);
    const [initial = 0, low = 0, high = 0, dialLow = 0, dialHigh = 0, speed = 0, accl = 0] = values;
    const [
      ,
      ,
      ,
      ,
      ,
      ,
      ,
      bdst = 0,
      bvel = 0,
      bacc = 0,
      dly = 0,
      rtry = 0,
      rdbd = 0,
      mres = 0,
      precision = 0,
      violation = 0,
    ] = values;
    checkLimits(name, this.target, { low, high, dialLow, dialHigh });
    if (mode === "Stop" || mode === "Pause") {
      throw new MotorError(`${name} can't move: its SPMG is ${mode}; set it to Go first`);
    }
    const finest = Math.max(Math.abs(rdbd), Math.abs(mres));
    const tolerance = this.#options.tolerance ?? (finest > 0 ? finest : 10 ** -precision);
    const { target } = this;
    const { toleratedSeverity } = this.#options;
    const violatedBefore = violation !== 0;
    const intent: MoveIntent = { name, initial, target, tolerance, toleratedSeverity, violatedBefore };
    const dynamics = {
      velocity: speed,
      accelerationTime: accl,
      backlash: bdst,
      backlashVelocity: bvel,
      backlashAccelerationTime: bacc,
      delay: dly,
      retries: rtry,
    };
    const timeoutMs = this.#options.timeoutMs ?? 1000 * moveTimeout(name, target - initial, dynamics);
    return { intent, timeoutMs, unit, precision, setpointSince: setpoint.timestamp };
  }

  /** Ends when the put is acknowledged, or early when the motor was stopped. */
  async #put(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const wait = this.#options.completion !== "dmov";
    let outcome: { error?: Error } | undefined;
    this.#motor.setpoint.set(this.target, { wait, timeoutMs }).onDone(({ error }) => {
      outcome = error === undefined ? {} : { error };
      this.#wake();
    });
    while (outcome === undefined && this.#stop === undefined) {
      await this.#next(Number.POSITIVE_INFINITY, signal, this.#news);
    }
    const { error } = (outcome as { error?: Error } | undefined) ?? {};
    if (error !== undefined) throw performance.now() >= this.#deadline ? await this.#late(error) : error;
  }

  async #untilAtRest(signal: AbortSignal): Promise<void> {
    if (this.#options.completion === "put" && this.#stop === undefined) return;
    for (;;) {
      const seen = this.#news;
      const done = (await this.#motor.doneMoving.get({ cached: false })) !== 0;
      this.#throwIfEnded(signal);
      // An update that came meanwhile may be newer than the answer.
      if (this.#news !== seen) continue;
      if (done) return;
      await this.#next(ASK_AGAIN_MS, signal, seen);
    }
  }

  /**
   * What the motor says once it stands. A record may acknowledge a put, or say that it is done, before the motor begins to
   * move: one that has gone nowhere, with nothing in its way, is given time to begin.
   */
  async #atRest(intent: MoveIntent, signal: AbortSignal): Promise<MotorAtRest> {
    await this.#untilAtRest(signal);
    const until = performance.now() + this.#options.startMs;
    for (;;) {
      const seen = this.#news;
      const after = await this.#lookAround();
      const left = until - performance.now();
      if (left <= 0 || this.#stop !== undefined || !mayBegin(after, intent)) return after;
      await this.#next(Math.min(left, BEGUN_AGAIN_MS), signal, seen);
      await this.#untilAtRest(signal);
    }
  }

  /** A new setpoint away from where the motor is was sent by somebody; one where it is may come from a stop. */
  #mindSetpoint(value: number, intent: MoveIntent): void {
    const position = this.#motor.readback.latest?.value;
    if (isWithin(value, intent) || position === undefined) return;
    if (!isWithin(position, { ...intent, target: value })) this.#sentTo = value;
  }

  async #lookAround(): Promise<MotorAtRest> {
    const motor = this.#motor;
    const fresh = { cached: false };
    const [readback, setpoint, statusBits, limitViolation, lowSwitch, highSwitch, missed, mode] = await Promise.all([
      motor.readback.getReading(fresh),
      motor.setpoint.get(fresh),
      motor.statusBits.get(fresh),
      motor.limitViolation.get(fresh),
      motor.lowSwitch.get(fresh),
      motor.highSwitch.get(fresh),
      motor.missed.get(fresh),
      motor.mode.get(fresh),
    ]);
    return {
      readback,
      setpoint,
      statusBits: Number(statusBits),
      limitViolation,
      lowSwitch,
      highSwitch,
      missed,
      mode,
    };
  }

  #endStopped(): void {
    if (this.#stop?.success !== true) throw new MotorStoppedError(`Device ${this.#motor.name} was stopped.`);
  }

  #throwIfEnded(signal: AbortSignal): void {
    signal.throwIfAborted();
    if (this.#replaced !== undefined) throw this.#replaced;
  }

  /** Waits for news since `seen`: an update, a stop, an abort; no longer than `ms`. Throws when the move is over or too late. */
  async #next(ms: number, signal: AbortSignal, seen: number): Promise<void> {
    this.#throwIfEnded(signal);
    if (this.#stop !== undefined) this.#deadline = Math.min(this.#deadline, performance.now() + HALT_MS);
    const left = this.#deadline - performance.now();
    if (left <= 0) throw await this.#late();
    if (this.#news === seen) await this.#pause(Math.min(ms, left));
    this.#throwIfEnded(signal);
  }

  #wake(): void {
    this.#news++;
    this.#resume();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(ms, 2 ** 31 - 1));
      this.#resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #late(cause?: Error): Promise<Error> {
    const { name, readback } = this.#motor;
    const position = await readback.get({ cached: false }).catch((error: unknown) => asError(error).message);
    return new MoveTimeoutError(
      `${name} did not come to rest at ${this.target} in time; it is at ${position} and has been told to stop`,
      cause === undefined ? {} : { cause },
    );
  }
}

function progressOf(current: number, { initial, target }: MoveIntent, unit: string, precision: number) {
  const way = target - initial;
  const fraction = way === 0 ? 1 : Math.min(Math.max((current - initial) / way, 0), 1);
  return { current, initial, target, unit, precision, fraction };
}
