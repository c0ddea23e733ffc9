import { DoneWatch } from "../done-watch.ts";
import { asError } from "../errors.ts";
import { waitForValue } from "../observe.ts";
import { sleep } from "../sleep.ts";
import type { StatusContext } from "../status.ts";
import { Motion } from "./motion.ts";
import { MotorError, MoveTimeoutError } from "./motor-errors.ts";
import { checkLimits } from "./motor-limits.ts";
import type { MotorRecord } from "./motor-record.ts";
import { moveTimeout } from "./motor-timeout.ts";
import { isPaused, isWithin, type MotorAtRest, type MoveIntent, verdict } from "./motor-verdict.ts";

/** `put`: the put's completion ends a move; `dmov`: DMOV does; `both`: neither alone is believed. */
export type MoveCompletion = "put" | "dmov" | "both";

export interface MoveOptions {
  readonly completion: MoveCompletion;
  readonly toleratedSeverity: number;
  readonly tolerance: number | undefined;
  readonly settleMs: number;
  /** How long a record that acknowledges at once may take to drop DMOV, in ms. */
  readonly startMs: number;
  /** What a motor whose SPMG is Stop or Pause does about a move. */
  readonly whenPaused: "fail" | "wait";
  /** Instead of the time that follows from the record's fields. */
  readonly timeoutMs: number | undefined;
}

/** One move of a motor record, from the checks before the put to the proof that it arrived. */
export class MotorMove extends Motion {
  readonly target: number;
  readonly #options: MoveOptions;
  #sentTo: number | undefined;

  constructor(motor: MotorRecord, target: number, options: MoveOptions) {
    super(motor, options.startMs);
    this.target = target;
    this.#options = options;
  }

  protected async travel(ended: AbortSignal, report: StatusContext["report"]): Promise<void> {
    const { motor } = this;
    if (this.#options.whenPaused === "wait") {
      const isFree = (mode: string): boolean => !isPaused(mode);
      await waitForValue(motor.mode, isFree, { timeoutMs: Number.POSITIVE_INFINITY, signal: ended });
    }
    const { intent, timeoutMs, unit, precision, before } = await this.#prepare();
    ended.throwIfAborted();
    const deadline = performance.now() + timeoutMs;
    using watch = new DoneWatch(motor.doneMoving, 1, before.doneMoving, ended);
    this.watch = watch;
    // The first update of a subscription may tell what was before the move: it counts from what is newer than that.
    using _redirections = motor.setpoint.subscribeReading(({ value, timestamp }) => {
      if (timestamp > before.setpoint && this.underWay) this.#mindSetpoint(value, intent);
    });
    using _progress = motor.readback.subscribeReading(({ value }) =>
      report(progressOf(value, intent, unit, precision)),
    );
    this.underWay = true;
    await this.#put(timeoutMs, ended);
    const after = await this.#atRest(watch, intent, deadline);
    this.underWay = false;
    const failure = verdict(after, intent, this.#sentTo);
    if (failure !== undefined) throw failure;
    const { settleMs } = this.#options;
    if (settleMs > 0) await sleep(settleMs, ended);
  }

  async #prepare() {
    const { name, velocity, accelerationTime, backlash, backlashVelocity, backlashAccelerationTime } = this.motor;
    const motor = this.motor;
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
    const [values, mode, unit, doneMoving, setpoint] = await Promise.all([
      Promise.all(read.map((one) => one.get({ cached: false }))),
      motor.mode.get({ cached: false }),
      motor.units.get({ cached: false }),
      motor.doneMoving.getReading({ cached: false }),
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
    if (isPaused(mode)) {
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
    const before = { doneMoving: doneMoving.timestamp, setpoint: setpoint.timestamp };
    return { intent, timeoutMs, unit, precision, before };
  }

  async #put(timeoutMs: number, ended: AbortSignal): Promise<void> {
    const wait = this.#options.completion !== "dmov";
    const begun = performance.now();
    try {
      await this.motor.setpoint.set(this.target, { wait, timeoutMs, signal: ended }).wait({ timeoutMs, signal: ended });
    } catch (error) {
      // Timers may fire a moment early.
      const isLate = !ended.aborted && performance.now() - begun > timeoutMs - 2;
      throw isLate ? await this.#late(asError(error)) : error;
    }
  }

  /**
   * What the motor says once it stands. A record may acknowledge a put, or say for a moment that it is done, before the motor
   * begins to move: one that is not there, and was not seen to begin or has gone nowhere since, is given time to begin.
   */
  async #atRest(watch: DoneWatch<number>, intent: MoveIntent, deadline: number): Promise<MotorAtRest> {
    const { completion, startMs } = this.#options;
    let until = Number.POSITIVE_INFINITY;
    for (;;) {
      if (completion !== "put" && !(await watch.untilDone(deadline))) throw await this.#late();
      until = Math.min(until, deadline, performance.now() + startMs);
      // Before it is looked at: what has begun only since may still be moving.
      const { begun } = watch;
      const after = await this.#lookAround();
      if (completion !== "put" && after.doneMoving === 0) continue;
      const position = after.readback.value;
      const isWhereItWas = isWithin(position, { ...intent, target: intent.initial });
      const left = until - performance.now();
      if (left <= 0 || isWithin(position, intent) || (begun && !isWhereItWas)) return after;
      if (begun) watch.restart();
      await watch.untilNews(left);
    }
  }

  /** A new setpoint away from where the motor is was sent by somebody; one where it is may come from a stop. */
  #mindSetpoint(value: number, intent: MoveIntent): void {
    const position = this.motor.readback.latest?.value;
    if (isWithin(value, intent) || position === undefined) return;
    if (!isWithin(position, { ...intent, target: value })) this.#sentTo = value;
  }

  async #lookAround(): Promise<MotorAtRest> {
    const motor = this.motor;
    const fresh = { cached: false };
    const [readback, doneMoving, setpoint, statusBits, limitViolation, lowSwitch, highSwitch, missed, mode] =
      await Promise.all([
        motor.readback.getReading(fresh),
        motor.doneMoving.get(fresh),
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
      doneMoving,
      setpoint,
      statusBits: Number(statusBits),
      limitViolation,
      lowSwitch,
      highSwitch,
      missed,
      mode,
    };
  }

  async #late(cause?: Error): Promise<Error> {
    const { name, readback } = this.motor;
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
