import type { Location } from "../../devices/protocols.ts";
import type { Msg, PlanLike } from "../../engine/msg.ts";
import { emptyAnswer, type RehearseOptions, rehearse } from "./rehearse.ts";

export interface EstimateOptions extends RehearseOptions {
  /** A motor's speed in its units a second; its `velocity` by default, where that is a number. */
  velocityOf?: (motor: any) => number | undefined;
  /** Seconds that a trigger of the detector takes; its `exposure` or `exposureTime` by default, where that is a number. */
  exposureOf?: (detector: any) => number | undefined;
  /** Where a motor stands now; unknown by default, so that its first move counts for nothing. */
  positionOf?: (motor: any) => number | undefined;
  /** Answers messages of a plan that needs readings to go on. */
  answer?: (msg: Msg) => unknown;
}

/** What one motor would do, in its own units. */
export interface Travel {
  readonly moves: number;
  readonly distance: number;
  readonly min: number;
  readonly max: number;
}

export interface Estimate {
  readonly messages: number;
  readonly runs: number;
  /** Events in all streams, monitored ones excepted. */
  readonly points: number;
  readonly events: Readonly<Record<string, number>>;
  /** Start, descriptor, event and stop documents, monitored events excepted. */
  readonly documents: number;
  readonly travel: Readonly<Record<string, Travel>>;
  /** From speeds, exposures and delays; what takes no known time counts for nothing. */
  readonly seconds: number;
  /** Devices that move or are triggered, whose speed or exposure is not known. */
  readonly unknown: readonly string[];
}

/** What the plan would do and how long it would take, without touching hardware. */
export async function estimatePlan(plan: PlanLike<unknown>, options: EstimateOptions = {}): Promise<Estimate> {
  const estimator = new Estimator(options);
  const { answer } = options;
  await rehearse(
    plan,
    (msg) => {
      const own = estimator.follow(msg);
      return answer?.(msg) ?? own;
    },
    options,
  );
  return estimator.result();
}

class Estimator {
  readonly #options: EstimateOptions;
  readonly #positions = new Map<unknown, number>();
  readonly #travel: Record<string, { moves: number; distance: number; min: number; max: number }> = {};
  readonly #groups = new Map<unknown, number>();
  readonly #events: Record<string, number> = {};
  /** By the key of their run. */
  readonly #streams = new Map<unknown, Set<string>>();
  readonly #unknown = new Set<string>();
  #messages = 0;
  #runs = 0;
  #documents = 0;
  #now = 0;
  readonly #bundles = new Map<unknown, { readonly stream: string; reads: number }>();

  constructor(options: EstimateOptions) {
    this.#options = options;
  }

  follow(msg: Msg): unknown {
    this.#messages += 1;
    switch (msg.command) {
      case "open_run":
        this.#runs += 1;
        this.#documents += 1;
        break;
      case "close_run":
        this.#documents += 1;
        this.#streams.delete(msg.run);
        this.#bundles.delete(msg.run);
        break;
      case "create":
        this.#bundles.set(msg.run, { stream: msg.kwargs.name ?? msg.args[0] ?? "primary", reads: 0 });
        break;
      case "read": {
        const bundle = this.#bundles.get(msg.run);
        if (bundle !== undefined) bundle.reads += 1;
        break;
      }
      case "drop":
        this.#bundles.delete(msg.run);
        break;
      case "save":
        this.#save(msg.run);
        break;
      case "declare_stream":
      case "monitor":
        this.#describe(msg.run, msg.kwargs.name ?? `${msg.obj?.name}_monitor`);
        break;
      case "set":
        this.#move(msg);
        break;
      case "trigger":
        this.#start(msg, this.#known(msg.obj, this.#exposureOf(msg.obj)));
        break;
      case "sleep":
        this.#now += msg.args[0];
        break;
      case "wait":
        this.#now = Math.max(this.#now, this.#groups.get(msg.kwargs.group ?? msg.args[0] ?? null) ?? 0);
        break;
      case "locate": {
        const locations = [msg.obj, ...msg.args].map((motor) => this.#locate(motor));
        return locations.length === 1 && msg.kwargs.squeeze !== false ? locations[0] : locations;
      }
    }
    return emptyAnswer(msg);
  }

  result(): Estimate {
    return {
      messages: this.#messages,
      runs: this.#runs,
      points: Object.values(this.#events).reduce((sum, each) => sum + each, 0),
      events: this.#events,
      documents: this.#documents,
      travel: this.#travel,
      seconds: this.#now,
      unknown: [...this.#unknown],
    };
  }

  #describe(run: unknown, stream: string): void {
    const streams = this.#streams.get(run) ?? new Set();
    this.#streams.set(run, streams);
    if (streams.has(stream)) return;
    streams.add(stream);
    this.#documents += 1;
  }

  #save(run: unknown): void {
    const bundle = this.#bundles.get(run);
    this.#bundles.delete(run);
    if (bundle === undefined || bundle.reads === 0) return;
    this.#describe(run, bundle.stream);
    this.#documents += 1;
    this.#events[bundle.stream] = (this.#events[bundle.stream] ?? 0) + 1;
  }

  #move(msg: Msg): void {
    const target: unknown = msg.args[0];
    if (typeof target !== "number") return;
    const distance = Math.abs(target - (this.#positionOf(msg.obj) ?? target));
    this.#positions.set(msg.obj, target);
    const name: string = msg.obj.name;
    const known = this.#travel[name] ?? { moves: 0, distance: 0, min: target, max: target };
    this.#travel[name] = {
      moves: known.moves + 1,
      distance: known.distance + distance,
      min: Math.min(known.min, target),
      max: Math.max(known.max, target),
    };
    const { velocityOf = (motor) => numeric(motor.velocity) } = this.#options;
    const velocity = this.#known(msg.obj, velocityOf(msg.obj));
    this.#start(msg, velocity === undefined || velocity <= 0 ? 0 : distance / velocity);
  }

  #start(msg: Msg, seconds = 0): void {
    const group: unknown = msg.kwargs.group ?? null;
    this.#groups.set(group, Math.max(this.#groups.get(group) ?? 0, this.#now + seconds));
  }

  #known(device: { name: string }, value: number | undefined): number | undefined {
    if (value === undefined) this.#unknown.add(device.name);
    return value;
  }

  #exposureOf(detector: any): number | undefined {
    const { exposureOf = (device) => numeric(device.exposure) ?? numeric(device.exposureTime) } = this.#options;
    return exposureOf(detector);
  }

  #locate(motor: unknown): Location<number> | undefined {
    const position = this.#positionOf(motor);
    return position === undefined ? undefined : { setpoint: position, readback: position };
  }

  #positionOf(motor: unknown): number | undefined {
    return this.#positions.get(motor) ?? this.#options.positionOf?.(motor);
  }
}

function numeric(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
