import {
  type Answer,
  type Flyable,
  type Movable,
  type Preparable,
  type RestorePoint,
  type Stoppable,
  supports,
} from "../protocols.ts";
import { type Progress, type Status, type Subscription, toStatus } from "../status.ts";
import { FlyerError } from "./fly-page.ts";
import type { FlyMotorInfo } from "./motor-fly.ts";

export interface SweepOptions {
  /** One that can fly sweeps at constant speed over the acquisition's time; any other is set to `start`, then to `stop`. */
  readonly motor: Movable<number>;
  readonly start: number;
  readonly stop: number;
}

type FlyingMotor = Movable<number> & Preparable<FlyMotorInfo> & Flyable;

/** The part of a fly scan that moves. */
export class FlySweep {
  readonly #options: SweepOptions;
  #moving: Status | undefined;

  constructor(options: SweepOptions) {
    this.#options = options;
  }

  /** At the start, and ready to take `seconds` for the way. */
  async prepare(seconds: number): Promise<void> {
    const { motor, start, stop } = this.#options;
    if (!canFly(motor)) return this.#done(motor.set(start), "set");
    await this.#done(motor.prepare({ startPosition: start, endPosition: stop, timeForMove: seconds }), "prepare");
  }

  async kickoff(): Promise<void> {
    const { motor, stop } = this.#options;
    if (canFly(motor)) {
      await this.#done(motor.kickoff(), "kickoff");
      this.#moving = toStatus(motor.complete(), `complete() of ${motor.name}`);
    } else this.#moving = toStatus(motor.set(stop), `set() of ${motor.name}`);
  }

  /** Rejects when the motor did not arrive. */
  async complete(): Promise<void> {
    if (this.#moving === undefined)
      throw new FlyerError(`${this.#options.motor.name} does not sweep; kick it off first`);
    await this.#moving.wait();
  }

  watch(report: (progress: Progress) => void): Subscription | undefined {
    return this.#moving?.watch(report);
  }

  async recoverable(): Promise<readonly RestorePoint[]> {
    const { motor } = this.#options;
    return supports(motor, "Recoverable") ? motor.recoverable() : [];
  }

  async stop(options: { success?: boolean }): Promise<void> {
    const { motor } = this.#options;
    if (supports(motor, "Stoppable")) await (motor as Stoppable).stop(options);
  }

  async #done(answer: Answer, method: string): Promise<void> {
    await toStatus(answer, `${method}() of ${this.#options.motor.name}`).wait();
  }
}

function canFly(motor: Movable<number>): motor is FlyingMotor {
  return supports(motor, "Preparable") && supports(motor, "Flyable");
}
