import { DoneWatch } from "../done-watch.ts";
import type { StatusContext } from "../status.ts";
import type { Motion } from "./motion.ts";
import { MotorError, MotorStoppedError, MoveTimeoutError } from "./motor-errors.ts";
import type { MotorRecord } from "./motor-record.ts";
import { troubleOf } from "./motor-verdict.ts";

/** How long a motor may take to stand after it was told to stop. */
const HALT_MS = 10_000;

export type HomeDirection = "forward" | "reverse";

export interface HomeOptions {
  readonly timeoutMs: number;
  readonly settleMs: number;
  /** How long a record that acknowledges at once may take to drop DMOV, in ms. */
  readonly startMs: number;
}

/** The search of a motor record for its home: it ends when the motor stands, and fails when the record reports trouble. */
export class MotorHome implements Motion {
  readonly target = "home";
  readonly #motor: MotorRecord;
  readonly #direction: HomeDirection;
  readonly #options: HomeOptions;
  readonly #ended = new AbortController();
  #success: boolean | undefined;
  underWay = false;

  constructor(motor: MotorRecord, direction: HomeDirection, options: HomeOptions) {
    this.#motor = motor;
    this.#direction = direction;
    this.#options = options;
  }

  stopped(success: boolean): void {
    this.#success = success;
    this.#ended.abort(new MotorStoppedError(`Device ${this.#motor.name} was stopped.`));
  }

  replaced(error: Error): void {
    this.#ended.abort(error);
  }

  async run({ signal }: StatusContext): Promise<void> {
    const motor = this.#motor;
    const mode = await motor.mode.get({ cached: false });
    if (mode === "Stop" || mode === "Pause") {
      throw new MotorError(`${motor.name} can't look for its home: its SPMG is ${mode}; set it to Go first`);
    }
    const either = AbortSignal.any([signal, this.#ended.signal]);
    either.throwIfAborted();
    const command = this.#direction === "forward" ? motor.homeForward : motor.homeReverse;
    const { timeoutMs, startMs, settleMs } = this.#options;
    const deadline = performance.now() + timeoutMs;
    using watch = await DoneWatch.of(motor.doneMoving, 1, either);
    try {
      this.underWay = true;
      await command.set(1, { timeoutMs, signal: either }).wait({ signal: either });
      await watch.untilBegun(startMs);
      await this.#untilAtRest(watch, deadline);
    } catch (error) {
      if (this.#success === undefined) throw error;
      using halting = await DoneWatch.of(motor.doneMoving, 1, signal);
      await this.#untilAtRest(halting, performance.now() + HALT_MS);
      this.underWay = false;
      if (!this.#success) throw this.#ended.signal.reason;
      return;
    }
    this.underWay = false;
    await this.#verify();
    if (settleMs > 0) await new Promise((resolve) => setTimeout(resolve, settleMs));
  }

  async #untilAtRest(watch: DoneWatch<number>, deadline: number): Promise<void> {
    if (await watch.untilDone(deadline)) return;
    const { name } = this.#motor;
    throw new MoveTimeoutError(`${name} did not find its home in ${this.#options.timeoutMs} ms; it was told to stop`);
  }

  async #verify(): Promise<void> {
    const { name, statusBits, limitViolation, mode } = this.#motor;
    const fresh = { cached: false };
    const [bits, violated, halted] = await Promise.all([
      statusBits.get(fresh),
      limitViolation.get(fresh),
      mode.get(fresh),
    ]);
    const trouble = troubleOf(Number(bits));
    if (trouble !== undefined) throw new MotorError(`${name} did not find its home: ${trouble}`);
    if (violated !== 0) throw new MotorError(`${name} did not find its home: soft limit violation (LVIO)`);
    if (halted === "Stop" || halted === "Pause") {
      throw new MotorError(`${name} did not find its home: it was halted by somebody else (SPMG is ${halted})`);
    }
  }
}
