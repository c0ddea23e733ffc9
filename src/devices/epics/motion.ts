import { DoneWatch } from "../done-watch.ts";
import type { StatusContext } from "../status.ts";
import { MotorStoppedError, MoveTimeoutError } from "./motor-errors.ts";
import type { MotorRecord } from "./motor-record.ts";

/** How long a motor may take to stand after it was told to stop. */
const HALT_MS = 10_000;

/** Something that a motor does until it stands again: a move, or the search for its home. */
export abstract class Motion {
  /** As messages name it: a position, or `home`. */
  abstract readonly target: number | string;
  /** Whether the motor may be moving because of this: from when it is asked to until it is known to stand. */
  underWay = false;
  /** The motor's DMOV since the motion was asked for. */
  protected watch: DoneWatch<number> | undefined;
  protected readonly motor: MotorRecord;
  /** How long a record may take to drop DMOV, in ms. */
  readonly #startMs: number;
  readonly #stopping = new AbortController();
  readonly #replacing = new AbortController();
  #succeeds = false;

  constructor(motor: MotorRecord, startMs: number) {
    this.motor = motor;
    this.#startMs = startMs;
  }

  /** The motor has been told to stop: the motion ends once it stands. */
  stopped(success: boolean): void {
    this.#succeeds = success;
    this.#stopping.abort(new MotorStoppedError(`Device ${this.motor.name} was stopped.`));
  }

  /** The motion ends at once, with this error: another one has taken its place. */
  replaced(error: Error): void {
    this.#replacing.abort(error);
  }

  async run({ signal, report }: StatusContext): Promise<void> {
    const replacing = this.#replacing.signal;
    const halting = AbortSignal.any([signal, this.#stopping.signal]);
    let hadBegun = false;
    // Now and no later: by when the travel has ended, the record may have begun.
    const look = (): void => {
      hadBegun = this.watch?.begun === true;
    };
    halting.addEventListener("abort", look, { once: true });
    try {
      await this.travel(AbortSignal.any([halting, replacing]), report);
    } catch (error) {
      if (!halting.aborted || replacing.aborted) throw error;
      if (this.underWay) await this.#untilHalted(hadBegun, replacing);
      this.underWay = false;
      if (!this.#succeeds) throw error;
    }
  }

  /** From the checks before it begins to the proof that it came to what was asked for. Rejects with the reason of `ended` at once. */
  protected abstract travel(ended: AbortSignal, report: StatusContext["report"]): Promise<void>;

  /** A record that had not begun when it was told to stop may lose that, and begin all the same: it is told again until it stands. */
  async #untilHalted(hadBegun: boolean, gone: AbortSignal): Promise<void> {
    const { name, doneMoving, stopMotor } = this.motor;
    const deadline = performance.now() + HALT_MS;
    using watch = await DoneWatch.of(doneMoving, 1, gone);
    if (!hadBegun) {
      await watch.untilBegun(this.#startMs);
      while (watch.begun && performance.now() < deadline) {
        await stopMotor.set(1, { wait: false }).wait();
        if (await watch.untilDone(performance.now() + this.#startMs)) return;
      }
    }
    if (await watch.untilDone(deadline)) return;
    throw new MoveTimeoutError(`${name} was told to stop and still moves after ${HALT_MS / 1000} s`);
  }
}
