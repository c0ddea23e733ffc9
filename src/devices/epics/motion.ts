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
    const stopping = this.#stopping.signal;
    try {
      await this.travel(AbortSignal.any([signal, replacing, stopping]), report);
    } catch (error) {
      const isHalting = (signal.aborted || stopping.aborted) && !replacing.aborted;
      if (!isHalting) throw error;
      if (this.underWay) await this.#untilHalted(replacing);
      this.underWay = false;
      if (!this.#succeeds) throw error;
    }
  }

  /** From the checks before it begins to the proof that it came to what was asked for. Rejects with the reason of `ended` at once. */
  protected abstract travel(ended: AbortSignal, report: StatusContext["report"]): Promise<void>;

  /** A record that had not begun when it was told to stop may lose that, and begin all the same: it is told again. */
  async #untilHalted(gone: AbortSignal): Promise<void> {
    const { name, doneMoving, stopMotor } = this.motor;
    using watch = await DoneWatch.of(doneMoving, 1, gone);
    if (!this.watch?.begun) {
      await watch.untilBegun(this.#startMs);
      if (watch.begun) await stopMotor.set(1, { wait: false }).wait();
    }
    if (await watch.untilDone(performance.now() + HALT_MS)) return;
    throw new MoveTimeoutError(`${name} was told to stop and still moves after ${HALT_MS / 1000} s`);
  }
}
