import { DoneWatch } from "../done-watch.ts";
import { sleep } from "../sleep.ts";
import { Motion } from "./motion.ts";
import { MotorError, MoveTimeoutError } from "./motor-errors.ts";
import type { MotorRecord } from "./motor-record.ts";
import { isPaused, troubleOf } from "./motor-verdict.ts";

export type HomeDirection = "forward" | "reverse";

export interface HomeOptions {
  readonly timeoutMs: number;
  readonly settleMs: number;
  /** How long a record that acknowledges at once may take to drop DMOV, in ms. */
  readonly startMs: number;
}

/** The search of a motor record for its home: it ends when the motor stands, and fails when the record reports trouble. */
export class MotorHome extends Motion {
  readonly target = "home";
  readonly #direction: HomeDirection;
  readonly #options: HomeOptions;

  constructor(motor: MotorRecord, direction: HomeDirection, options: HomeOptions) {
    super(motor, options.startMs);
    this.#direction = direction;
    this.#options = options;
  }

  protected async travel(ended: AbortSignal): Promise<void> {
    const { motor } = this;
    const mode = await motor.mode.get({ cached: false });
    if (isPaused(mode)) {
      throw new MotorError(`${motor.name} can't look for its home: its SPMG is ${mode}; set it to Go first`);
    }
    const command = this.#direction === "forward" ? motor.homeForward : motor.homeReverse;
    const { timeoutMs, startMs, settleMs } = this.#options;
    const deadline = performance.now() + timeoutMs;
    using watch = await DoneWatch.of(motor.doneMoving, 1, ended);
    this.watch = watch;
    ended.throwIfAborted();
    this.underWay = true;
    await command.set(1, { timeoutMs, signal: ended }).wait({ signal: ended });
    await watch.untilBegun(startMs);
    if (!(await watch.untilDone(deadline))) {
      throw new MoveTimeoutError(`${motor.name} did not find its home in ${timeoutMs} ms; it was told to stop`);
    }
    this.underWay = false;
    await this.#verify();
    if (settleMs > 0) await sleep(settleMs, ended);
  }

  async #verify(): Promise<void> {
    const { name, statusBits, limitViolation, mode } = this.motor;
    const fresh = { cached: false };
    const [bits, violated, halted] = await Promise.all([
      statusBits.get(fresh),
      limitViolation.get(fresh),
      mode.get(fresh),
    ]);
    const trouble = troubleOf(Number(bits));
    if (trouble !== undefined) throw new MotorError(`${name} did not find its home: ${trouble}`);
    if (violated !== 0) throw new MotorError(`${name} did not find its home: soft limit violation (LVIO)`);
    if (isPaused(halted)) {
      throw new MotorError(`${name} did not find its home: it was halted by somebody else (SPMG is ${halted})`);
    }
  }
}
