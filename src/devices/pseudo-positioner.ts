import type { DataKey } from "../documents/document.ts";
import { show } from "./datatype.ts";
import { Device, type DeviceOptions } from "./device.ts";
import { failuresAmong, NotConnectedError } from "./errors.ts";
import {
  type Checkable,
  type Hints,
  type Locatable,
  type Location,
  type Reading,
  type RestorePoint,
  type Stoppable,
  supports,
} from "./protocols.ts";
import { restorePointsOf } from "./restore-points.ts";
import { type Status, type Subscription, status, toStatus } from "./status.ts";

export type Positions<K extends string> = Readonly<Record<K, number>>;

/** An axis that pseudo axes are made of. */
export type RealAxis = Device & Locatable<number> & Partial<Stoppable & Checkable<number>>;

export interface PseudoPositionerOptions<P extends string, R extends string> extends DeviceOptions {
  /** The names of the pseudo axes, in the order in which they are shown. */
  readonly axes: readonly P[];
  readonly reals: Readonly<Record<R, RealAxis>>;
  /** Where the real axes have to be. */
  readonly forward: (pseudo: Positions<P>) => Positions<R>;
  /** Where the pseudo axes are. */
  readonly inverse: (real: Positions<R>) => Positions<P>;
  readonly units?: Readonly<Partial<Record<P, string>>>;
}

interface PseudoMove<P extends string, R extends string> {
  readonly pseudo: Positions<P>;
  readonly reals: Positions<R>;
  underWay: boolean;
}

/** One axis of a pseudo positioner: setting it keeps the targets of the others. */
export class PseudoSingle extends Device {
  readonly #owner: PseudoPositioner<any, any>;
  readonly #key: string;

  constructor(owner: PseudoPositioner<any, any>, key: string) {
    super();
    this.#owner = owner;
    this.#key = key;
  }

  get hints(): Hints {
    return { fields: [this.name] };
  }

  /** The key of this axis in the targets of its positioner, by which a plan joins moves of several axes into one. */
  get attrName(): string {
    return this.#key;
  }

  set(value: number): Status {
    return this.#owner.setSome({ [this.#key]: value });
  }

  checkValue(value: number): Promise<void> {
    return this.#owner.checkSome({ [this.#key]: value });
  }

  async locate(): Promise<Location<number>> {
    const { setpoint, readback } = await this.#owner.locate();
    return { setpoint: setpoint[this.#key] as number, readback: readback[this.#key] as number };
  }

  async read(): Promise<Record<string, Reading<number>>> {
    const { readback } = await this.#owner.locate();
    return { [this.name]: { value: readback[this.#key] as number, timestamp: Date.now() / 1000 } };
  }

  describe(): Record<string, DataKey> {
    return { [this.name]: this.#owner.dataKeyOf(this.#key) };
  }

  stop(options: { success?: boolean } = {}): Promise<void> {
    return this.#owner.stop(options);
  }

  recoverable(): Promise<readonly RestorePoint[]> {
    return this.#owner.recoverable();
  }
}

/**
 * Axes that are computed from others, with typed names: `set({ energy: 8 })` moves all real axes at once and checks them first.
 * It reads as its pseudo axes; the real axes keep their own parents.
 */
export class PseudoPositioner<P extends string, R extends string> extends Device {
  readonly axes: { readonly [K in P]: PseudoSingle };
  readonly #options: PseudoPositionerOptions<P, R>;
  readonly #subscriptions = new Map<object, readonly Subscription[]>();
  /** The last one, also when it is over: its target is that of the pseudo axes until a real axis is sent elsewhere. */
  #move: PseudoMove<P, R> | undefined;
  readonly #preparing = new Set<AbortController>();

  constructor(options: PseudoPositionerOptions<P, R>) {
    super(options);
    this.#options = options;
    const axes = options.axes.map(
      (key) => [key, this.add<PseudoSingle, string>(key, new PseudoSingle(this, key))] as const,
    );
    this.axes = Object.fromEntries(axes) as { [K in P]: PseudoSingle };
  }

  get hints(): Hints {
    return { fields: this.#options.axes.map((key) => this.axes[key].name) };
  }

  /** The axes that a plan may move together by one `set` of this device. */
  get pseudoPositioners(): readonly PseudoSingle[] {
    return this.#options.axes.map((key) => this.axes[key]);
  }

  get realPositioners(): readonly RealAxis[] {
    return this.#keys().map((key) => this.#options.reals[key]);
  }

  /**
   * Moves all real axes at the same time; done when all have arrived. When one fails the others are stopped. A move that another one
   * replaces fails as its real axes do.
   */
  set(target: Positions<P>): Status {
    return this.setSome(target);
  }

  /** As `set`; axes that are not named keep the targets that they have. */
  setSome(some: Partial<Positions<P>>): Status {
    return status(async ({ signal, report }) => {
      const move = await this.#prepare(some, signal);
      this.#move = move;
      const axes = this.#keys().map((key) => [this.#options.reals[key], move.reals[key]] as const);
      const moves = axes.map(([real, position]) => toStatus(real.set(position), `set() of ${real.name}`));
      const fractions = moves.map(() => 0);
      for (const [i, one] of moves.entries()) {
        one.watch(({ fraction = 0 }) => {
          fractions[i] = fraction;
          report({ fraction: Math.min(...fractions) });
        });
      }
      const halt = async (): Promise<void> => {
        // Where another move has taken its place, the real axes are on their way to that.
        if (this.#move === move) await this.#halt().catch(() => {});
      };
      signal.addEventListener("abort", halt, { once: true });
      try {
        await Promise.all(moves.map((one) => one.wait()));
      } catch (error) {
        await halt();
        await Promise.allSettled(moves.map((one) => one.wait()));
        throw error;
      } finally {
        move.underWay = false;
        signal.removeEventListener("abort", halt);
      }
    });
  }

  /** Where the real axes are, for putting them back after a crash. */
  recoverable(): Promise<readonly RestorePoint[]> {
    return restorePointsOf(Object.values(this.#options.reals));
  }

  checkValue(target: Positions<P>): Promise<void> {
    return this.checkSome(target);
  }

  /** Rejects with the first complaint of a real axis. */
  async checkSome(some: Partial<Positions<P>>): Promise<void> {
    await this.#check(this.#forward(await this.#complete(some)));
  }

  async locate(): Promise<Location<Positions<P>>> {
    const located = await Promise.all(this.#keys().map((key) => this.#options.reals[key].locate()));
    const reals = (which: "setpoint" | "readback"): Positions<R> =>
      Object.fromEntries(this.#keys().map((key, i) => [key, located[i]?.[which]])) as Positions<R>;
    const readback = this.#options.inverse(reals("readback"));
    return { setpoint: this.#targetAt(reals("setpoint")), readback };
  }

  async read(): Promise<Record<string, Reading<number>>> {
    return this.#readings((await this.locate()).readback);
  }

  describe(): Record<string, DataKey> {
    return Object.fromEntries(this.#options.axes.map((key) => [this.axes[key].name, this.dataKeyOf(key)]));
  }

  /** @internal */
  dataKeyOf(key: P): DataKey {
    const units = this.#options.units?.[key];
    const common = {
      source: `pseudo://${this.axes[key].name}`,
      dtype: "number",
      shape: [],
      dtype_numpy: "<f8",
    } as const;
    return units === undefined ? { ...common, shape: [] } : { ...common, shape: [], units };
  }

  /** Stops every real axis; a move that was not sent to them yet fails with `Device X was stopped.` */
  async stop(options: { success?: boolean } = {}): Promise<void> {
    this.#move = undefined;
    for (const preparing of this.#preparing) preparing.abort(new Error(`Device ${this.name} was stopped.`));
    await this.#halt(options);
  }

  subscribe(callback: (readings: Record<string, Reading<number>>) => void): Subscription {
    this.clearSub(callback);
    const tell = (): void => void this.read().then(callback, () => {});
    const inner = this.#keys().flatMap((key) => {
      const real = this.#options.reals[key];
      return supports(real, "Subscribable") ? [real.subscribe(tell) as Subscription] : [];
    });
    this.#subscriptions.set(callback, inner);
    if (inner.length === 0) tell();
    const unsubscribe = (): void => this.clearSub(callback);
    return { unsubscribe, [Symbol.dispose]: unsubscribe };
  }

  clearSub(callback: (readings: Record<string, Reading<number>>) => void): void {
    for (const inner of this.#subscriptions.get(callback) ?? []) inner.unsubscribe();
    this.#subscriptions.delete(callback);
  }

  #keys(): R[] {
    return Object.keys(this.#options.reals) as R[];
  }

  #readings(positions: Positions<P>): Record<string, Reading<number>> {
    const timestamp = Date.now() / 1000;
    return Object.fromEntries(
      this.#options.axes.map((key) => [this.axes[key].name, { value: positions[key], timestamp }]),
    );
  }

  /** What a target means for the real axes, which all have to agree; rejects when it is stopped meanwhile. */
  async #prepare(some: Partial<Positions<P>>, signal: AbortSignal): Promise<PseudoMove<P, R>> {
    const stopped = new AbortController();
    this.#preparing.add(stopped);
    try {
      const pseudo = await this.#complete(some);
      const reals = this.#forward(pseudo);
      await this.#check(reals);
      AbortSignal.any([signal, stopped.signal]).throwIfAborted();
      return { pseudo, reals, underWay: true };
    } finally {
      this.#preparing.delete(stopped);
    }
  }

  /** The target of the last move where the real axes were not sent elsewhere since; else what their setpoints come to. */
  #targetAt(setpoints: Positions<R>): Positions<P> {
    const move = this.#move;
    if (move === undefined) return this.#options.inverse(setpoints);
    const isThere = (key: R): boolean =>
      Math.abs(setpoints[key] - move.reals[key]) <= 1e-9 * Math.max(1, Math.abs(move.reals[key]));
    return move.underWay || this.#keys().every(isThere) ? move.pseudo : this.#options.inverse(setpoints);
  }

  async #halt(options: { success?: boolean } = {}): Promise<void> {
    await Promise.all(this.#keys().map((key) => this.#options.reals[key].stop?.(options)));
  }

  async #complete(some: Partial<Positions<P>>): Promise<Positions<P>> {
    for (const key of Object.keys(some)) {
      if (!this.#options.axes.includes(key as P)) {
        throw new TypeError(`${this.name} has no axis "${key}"; it has ${this.#options.axes.join(", ")}`);
      }
    }
    const isWhole = this.#options.axes.every((key) => some[key] !== undefined);
    return isWhole ? (some as Positions<P>) : { ...(await this.locate()).setpoint, ...some };
  }

  #forward(pseudo: Positions<P>): Positions<R> {
    const reals = this.#options.forward(pseudo);
    for (const key of this.#keys()) {
      if (Number.isFinite(reals[key])) continue;
      throw new RangeError(`${this.name} can't reach ${show(pseudo)}: ${key} would have to be at ${reals[key]}`);
    }
    return reals;
  }

  async #check(reals: Positions<R>): Promise<void> {
    await Promise.all(this.#keys().map((key) => this.#options.reals[key].checkValue?.(reals[key])));
  }

  protected override async connectSelf(options: { mock?: boolean }): Promise<void> {
    const { reals } = this.#options;
    const errors = await failuresAmong(this.#keys().map((key) => [key, reals[key].connectIfNew(options)] as const));
    if (errors.size > 0) throw new NotConnectedError(this.name, errors);
  }
}
