type Maybe<T> = T | undefined;

/** What a flyer's or a detector's flight comes to. */
export interface Flight {
  /** Rows that it measures. */
  readonly points?: number;
  readonly seconds?: number;
}

export interface PaceOptions {
  /** A motor's speed in its units a second; its `velocity` by default. */
  velocityOf?: (motor: any) => Maybe<number>;
  /** Seconds that a trigger of the detector takes; by default what it was prepared for, else its `exposure`, `exposureTime` or `acquireTime`. */
  exposureOf?: (detector: any) => Maybe<number>;
  /** Where a motor stands now; unknown by default, so that its first move counts for nothing. */
  positionOf?: (motor: any) => Maybe<number>;
  /**
   * What a flight measures and how long it takes; by default what it was prepared for (exposures, `numPoints` and `dwell`, or a
   * motor's `timeForMove`), else the flyer's own `numPoints` and `dwell`.
   */
  flightOf?: (flyer: any, prepared: unknown) => Maybe<Flight>;
  /**
   * Whether devices are asked for speeds, exposures and positions that they keep in signals, once each; false by default, so that
   * nothing need be connected. What can't be read stays unknown.
   */
  askDevices?: boolean;
}

/** How fast devices are, asked once each. */
export class Pace {
  readonly #options: PaceOptions;
  readonly #prepared = new Map<unknown, unknown>();
  readonly #known = new Map<unknown, Map<string, unknown>>();

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  prepare(device: unknown, value: unknown): void {
    this.#prepared.set(device, value);
    this.#known.get(device)?.delete("flight");
  }

  velocity(motor: any): Promise<Maybe<number>> {
    return this.#once(motor, "velocity", async () => this.#options.velocityOf?.(motor) ?? this.#number(motor.velocity));
  }

  exposure(detector: any): Promise<Maybe<number>> {
    const { seconds } = exposures(this.#prepared.get(detector)) ?? {};
    if (seconds !== undefined) return Promise.resolve(seconds);
    return this.#once(
      detector,
      "exposure",
      async () =>
        this.#options.exposureOf?.(detector) ??
        (await this.#number(detector.exposure ?? detector.exposureTime ?? detector.acquireTime)),
    );
  }

  position(motor: any): Promise<Maybe<number>> {
    return this.#once(motor, "position", async () => {
      const told = this.#options.positionOf?.(motor);
      if (told !== undefined || this.#options.askDevices !== true) return told;
      if (typeof motor.locate !== "function") return this.#number(motor.position);
      const location = await answerOf<{ readback: unknown }>(() => motor.locate());
      return typeof location?.readback === "number" ? location.readback : undefined;
    });
  }

  async flight(flyer: any): Promise<Flight> {
    const prepared = this.#prepared.get(flyer);
    const flight = await this.#once(flyer, "flight", async () => {
      const told = this.#options.flightOf?.(flyer, prepared) ?? sweep(prepared) ?? flightExposures(prepared);
      if (told !== undefined) return told;
      const { numPoints, dwell } = (prepared ?? {}) as { numPoints?: unknown; dwell?: unknown };
      const [points, seconds] = [
        await this.#number(numPoints ?? flyer.numPoints),
        await this.#number(dwell ?? flyer.dwell),
      ];
      return {
        ...(points !== undefined && { points }),
        ...(points !== undefined && seconds !== undefined && { seconds: points * seconds }),
      };
    });
    return flight ?? {};
  }

  async #once<T>(device: unknown, what: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#known.get(device) ?? new Map<string, unknown>();
    this.#known.set(device, known);
    if (!known.has(what)) known.set(what, await ask());
    return known.get(what) as T;
  }

  async #number(of: unknown): Promise<Maybe<number>> {
    if (typeof of === "number") return of;
    const get = (of as { get?: unknown } | null | undefined)?.get;
    if (this.#options.askDevices !== true || typeof get !== "function") return undefined;
    const value = await answerOf(() => get.call(of));
    return typeof value === "number" ? value : undefined;
  }
}

/** What a device answers; undefined where it can't. */
export async function answerOf<T>(ask: () => unknown): Promise<T | undefined> {
  try {
    return (await ask()) as T;
  } catch {
    return undefined;
  }
}

/** The exposures of one event that a detector was prepared for, by the names of TriggerInfo. */
function exposures(prepared: unknown): Maybe<{ readonly seconds: number; readonly events: Maybe<number> }> {
  const {
    livetime,
    deadtime = 0,
    exposuresPerCollection = 1,
    collectionsPerEvent = 1,
    numberOfEvents = 1,
  } = (prepared ?? {}) as Record<string, unknown>;
  if (typeof livetime !== "number" || typeof deadtime !== "number") return undefined;
  const counts = Array.isArray(numberOfEvents) ? (numberOfEvents as number[]) : [numberOfEvents as number];
  const events = counts.reduce((sum, each) => sum + each, 0);
  const perEvent = Number(exposuresPerCollection) * Number(collectionsPerEvent);
  // 0 goes on until it is stopped, so nobody knows how many.
  return { seconds: (livetime + deadtime) * perEvent, events: events === 0 ? undefined : events };
}

function flightExposures(prepared: unknown): Maybe<Flight> {
  const known = exposures(prepared);
  if (known === undefined) return undefined;
  return known.events === undefined ? {} : { points: known.events, seconds: known.events * known.seconds };
}

function sweep(prepared: unknown): Maybe<Flight> {
  const { timeForMove } = (prepared ?? {}) as { timeForMove?: unknown };
  return typeof timeForMove === "number" ? { seconds: timeForMove } : undefined;
}
