import { mockBackendOf } from "../mock-backend.ts";
import { observeValue } from "../observe.ts";
import type { Location, Reading, RestorePoint } from "../protocols.ts";
import { type Status, type Subscription, status } from "../status.ts";
import type { Motion } from "./motion.ts";
import { MotorError, MotorStoppedError, MoveInterruptedError } from "./motor-errors.ts";
import { type FlyMotorInfo, type FlyPath, planFly } from "./motor-fly.ts";
import { type HomeDirection, MotorHome } from "./motor-home.ts";
import { checkLimits } from "./motor-limits.ts";
import { MotorMove, type MoveCompletion } from "./motor-move.ts";
import { redefine } from "./motor-position.ts";
import { MotorRecord, type MotorRecordOptions } from "./motor-record.ts";

export interface EpicsMotorOptions extends MotorRecordOptions {
  /** What ends a move; `both` by default. */
  readonly completion?: MoveCompletion;
  /** How far from its target a motor may end; the larger of RDBD and MRES by default. */
  readonly tolerance?: number;
  /** The highest alarm severity of the readback that a successful move may end with; 0 by default. */
  readonly toleratedSeverity?: number;
  /** How long a move waits after its arrival, in ms; 0 by default. */
  readonly settleMs?: number;
  /** How long a motor that says at once that it is done may take to begin a move, in ms; 500 by default. */
  readonly startMs?: number;
  /** Whether a move of a motor whose SPMG is Stop or Pause fails, which is the default, or waits for Go. */
  readonly whenPaused?: "fail" | "wait";
  /** For a whole move; by default it follows from the way, speed, acceleration, backlash, delay and retries. */
  readonly moveTimeoutMs?: number;
}

/** A fresh answer to "are you still?" has to come within this time; else the motor is told to stop. */
const STILL_MS = 50;

/**
 * A motor record. A move succeeds only when the motor is at rest at its target and well: otherwise it fails with what it was.
 * `new EpicsMotor("IOC:m1", { name: "x" })`.
 */
export class EpicsMotor extends MotorRecord {
  readonly #options: EpicsMotorOptions;
  #move: Motion | undefined;
  #doubtful = false;
  #stops = 0;
  #fly: { path: FlyPath; velocity: number; status: Status | undefined } | undefined;

  constructor(prefix: string, options: EpicsMotorOptions = {}) {
    super(prefix, options);
    this.#options = options;
  }

  /**
   * Moves there, and proves it: at rest by the put's completion and by DMOV, on target, no problem, switch or limit reported,
   * not redirected. A second move takes the place of one that is under way, which then fails.
   */
  set(value: number): Status {
    const { completion = "both", toleratedSeverity = 0, tolerance, settleMs = 0, startMs = 500 } = this.#options;
    const { whenPaused = "fail", moveTimeoutMs: timeoutMs } = this.#options;
    const options = { completion, toleratedSeverity, tolerance, settleMs, startMs, whenPaused, timeoutMs };
    return this.#begin(new MotorMove(this, value, options));
  }

  /**
   * Looks for the home switch in a direction; done when the motor stands and reports no trouble. 10 minutes by default; a motor
   * that is late is told to stop.
   */
  home(direction: HomeDirection, { timeoutMs = 600_000 }: { timeoutMs?: number } = {}): Status {
    const { settleMs = 0, startMs = 500 } = this.#options;
    return this.#begin(new MotorHome(this, direction, { timeoutMs, settleMs, startMs }));
  }

  /** Tells the record where the motor stands, without a move. Rejects while it moves, and when it does not read so afterwards. */
  async setPosition(position: number): Promise<void> {
    if (this.#move !== undefined) throw new MotorError(`${this.name} moves: its position can be set when it stands`);
    await redefine(this, position);
  }

  /**
   * Writes STOP unless a fresh answer says that the motor stands and no move is pending: disconnected or in doubt, it writes.
   * A pending move fails with `Device X was stopped.`, or succeeds with `success: true`, once the motor stands.
   */
  async stop(options: { success?: boolean } = {}): Promise<void> {
    this.#stops += 1;
    const move = this.#move;
    move?.stopped(options.success ?? false);
    if (move !== undefined || this.#doubtful || !(await this.#isStill())) {
      await this.#halt();
      this.#doubtful = false;
    }
    await this.#restoreVelocity();
  }

  async locate(): Promise<Location<number>> {
    const fresh = { cached: false };
    const [setpoint, readback] = await Promise.all([this.setpoint.get(fresh), this.readback.get(fresh)]);
    return { setpoint, readback };
  }

  /** Its speed and its position, for putting it back after a crash. */
  override async recoverable(): Promise<readonly RestorePoint[]> {
    const parts = [super.recoverable(), this.velocity.recoverable(), this.setpoint.recoverable()];
    return (await Promise.all(parts)).flat();
  }

  /** Rejects with a `MotorLimitsError` when the motor would refuse to go there; nothing is written. */
  async checkValue(value: number): Promise<void> {
    const fresh = { cached: false };
    const [low, high, dialLow, dialHigh] = await Promise.all([
      this.lowLimit.get(fresh),
      this.highLimit.get(fresh),
      this.dialLowLimit.get(fresh),
      this.dialHighLimit.get(fresh),
    ]);
    checkLimits(this.name, value, { low, high, dialLow, dialHigh });
  }

  /** The readback under the motor's name: at once, then with each update. */
  subscribe(callback: (readings: Record<string, Reading<number>>) => void): Subscription {
    return this.readback.subscribe(callback);
  }

  clearSub(callback: (readings: Record<string, Reading<number>>) => void): void {
    this.readback.clearSub(callback);
  }

  /** Moves to where a sweep has to begin and sets its speed; VELO is put back by `complete`, `stop` or `unstage`. */
  prepare(info: FlyMotorInfo): Status {
    const stops = this.#stops;
    const unlessStopped = <T>(value: T): T => {
      if (this.#stops !== stops) throw new MotorStoppedError(`Device ${this.name} was stopped.`);
      return value;
    };
    return status(async () => {
      await this.#restoreVelocity();
      const path = unlessStopped(await planFly(this, info));
      await this.set(path.runUp).wait();
      const velocity = unlessStopped(await this.velocity.get({ cached: false }));
      this.#fly = { path, velocity, status: undefined };
      await this.velocity.set(path.velocity).wait();
    });
  }

  /** Begins the sweep; done when the motor passes its start position, at its speed. */
  kickoff(): Status {
    const fly = this.#fly;
    if (fly === undefined) throw new MotorError(`${this.name}: prepare() must be called before kickoff()`);
    const sweep = this.set(fly.path.runDown);
    fly.status = sweep;
    return status(async ({ signal }) => {
      const arrived = new AbortController();
      const passed = this.#untilPassed(fly.path, AbortSignal.any([signal, arrived.signal]));
      try {
        await Promise.race([passed, sweep.wait()]);
      } finally {
        arrived.abort();
        passed.catch(() => {});
      }
    });
  }

  /** Done when the sweep has arrived and VELO has been put back. */
  complete(): Status {
    const sweep = this.#fly?.status;
    if (sweep === undefined) throw new MotorError(`${this.name}: kickoff() must be called before complete()`);
    return status(async ({ report }) => {
      const watching = sweep.watch(report);
      try {
        await sweep.wait();
      } finally {
        watching.unsubscribe();
        await this.#restoreVelocity();
      }
    });
  }

  override async unstage(): Promise<void> {
    await this.#restoreVelocity();
    await super.unstage();
  }

  protected override onMocked(): void {
    const readback = mockBackendOf(this.readback);
    mockBackendOf(this.doneMoving).setValue(1);
    mockBackendOf(this.mode).setValue("Go");
    mockBackendOf(this.useSet).setValue("Use");
    mockBackendOf(this.velocity).setValue(1000);
    mockBackendOf(this.precision).setValue(3);
    mockBackendOf(this.setpoint).onPut = (value) => readback.setValue(value);
  }

  #begin(move: Motion): Status {
    this.#move?.replaced(
      new MoveInterruptedError(`${this.name} was redirected to ${move.target} on its way to ${this.#move.target}`),
    );
    this.#move = move;
    return status(async (context) => {
      const onAbort = (): void => void this.#halt().catch(() => {});
      context.signal.addEventListener("abort", onAbort, { once: true });
      try {
        await move.run(context);
      } catch (error) {
        // Somebody who waits no longer must not leave the motor running behind it.
        if (move.underWay && this.#move === move) {
          this.#doubtful = true;
          if (!context.signal.aborted) await this.#halt().catch(() => {});
        }
        throw error;
      } finally {
        context.signal.removeEventListener("abort", onAbort);
        if (this.#move === move) this.#move = undefined;
      }
    });
  }

  /** What a subscription begins with may be older than the sweep: a fresh answer has to say the same. */
  async #untilPassed({ hasPassedStart }: FlyPath, signal: AbortSignal): Promise<void> {
    for await (const position of observeValue(this.readback, { signal })) {
      if (hasPassedStart(position) && hasPassedStart(await this.readback.get({ cached: false }))) return;
    }
  }

  async #halt(): Promise<void> {
    await this.stopMotor.set(1, { wait: false }).wait();
  }

  async #isStill(): Promise<boolean> {
    try {
      const done = await this.doneMoving.get({ cached: false, timeoutMs: STILL_MS });
      return done === 1 && this.#move === undefined;
    } catch {
      return false;
    }
  }

  async #restoreVelocity(): Promise<void> {
    const fly = this.#fly;
    this.#fly = undefined;
    if (fly !== undefined) await this.velocity.set(fly.velocity).wait();
  }
}
