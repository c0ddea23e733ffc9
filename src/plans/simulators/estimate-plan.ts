import type { Location } from "../../devices/protocols.ts";
import type { Msg, PlanLike } from "../../engine/msg.ts";
import { axesMoved, type NamedAxis } from "../axes.ts";
import { DocumentCount } from "./document-count.ts";
import { answerOf, Pace, type PaceOptions } from "./pace.ts";
import { emptyAnswer, type RehearseOptions, rehearse } from "./rehearse.ts";
import { type Travel, TravelLog } from "./travel.ts";

export interface EstimateOptions extends RehearseOptions, PaceOptions {
  /** Answers messages of a plan that needs readings to go on. */
  answer?: (msg: Msg) => unknown;
}

export interface Estimate {
  readonly messages: number;
  readonly runs: number;
  /** Events and rows of pages in all streams, monitored ones excepted. */
  readonly points: number;
  readonly events: Readonly<Record<string, number>>;
  /** Documents of every kind, monitored events excepted; files of a detector count as one. */
  readonly documents: number;
  /** By the name of the motor, or of the axis where several move together. */
  readonly travel: Readonly<Record<string, Travel>>;
  /** From speeds, exposures, flights and delays; what takes no known time counts for nothing. */
  readonly seconds: number;
  /** Devices that move, fly or are triggered, of which it is not known how long that takes or how much it measures. */
  readonly unknown: readonly string[];
}

/** What the plan would do and how long it would take, without touching hardware. */
export async function estimatePlan(plan: PlanLike<unknown>, options: EstimateOptions = {}): Promise<Estimate> {
  const estimator = new Estimator(options);
  const { answer } = options;
  await rehearse(
    plan,
    async (msg) => {
      const own = await estimator.follow(msg);
      return (await answer?.(msg)) ?? own;
    },
    options,
  );
  await estimator.finish();
  return estimator.result();
}

class Estimator {
  readonly #pace: Pace;
  readonly #asks: boolean;
  readonly #count = new DocumentCount();
  readonly #travels = new TravelLog();
  /** Where things were sent that move along no axis, or along several. */
  readonly #targets = new Map<unknown, unknown>();
  /** When the actions of each group end, and when each flyer has landed. */
  readonly #groups = new Map<unknown, number>();
  readonly #landings = new Map<unknown, number>();
  /** Where the sweep ends that a motor was prepared for. */
  readonly #sweeps = new Map<unknown, number>();
  /** Rows of a flight that nobody has collected. */
  readonly #rows = new Map<unknown, number>();
  readonly #unknown = new Set<string>();
  #messages = 0;
  #now = 0;

  constructor(options: EstimateOptions) {
    this.#pace = new Pace(options);
    this.#asks = options.askDevices === true;
  }

  async follow(msg: Msg): Promise<unknown> {
    this.#messages += 1;
    const { command, obj, args, kwargs, run } = msg;
    switch (command) {
      case "open_run":
        this.#count.openRun(run);
        break;
      case "close_run":
        this.#count.closeRun(run);
        break;
      case "create":
        this.#count.create(run, kwargs.name ?? args[0] ?? "primary");
        break;
      case "read":
        this.#count.read(msg);
        break;
      case "drop":
        this.#count.drop(run);
        break;
      case "save":
        this.#count.save(run);
        break;
      case "declare_stream":
        this.#count.describe(run, kwargs.name, args);
        break;
      case "monitor":
        this.#count.describe(run, kwargs.name ?? `${obj?.name}_monitor`, [obj]);
        break;
      case "configure":
        this.#count.configure(obj);
        break;
      case "collect":
        await this.#collect(run, [obj, ...args], kwargs.name);
        break;
      case "set":
        this.#start(msg, await this.#move(obj, args[0]));
        break;
      case "trigger":
        this.#start(msg, this.#known(obj, await this.#pace.exposure(obj)));
        break;
      case "prepare":
        this.#start(msg, await this.#prepare(obj, args[0]));
        break;
      case "kickoff":
        await this.#kickoff(msg);
        break;
      case "complete":
        this.#start(msg, Math.max(0, (this.#landings.get(obj) ?? 0) - this.#now));
        break;
      case "sleep":
        this.#now += args[0];
        break;
      case "wait":
        this.#now = Math.max(this.#now, this.#groups.get(kwargs.group ?? args[0] ?? null) ?? 0);
        break;
      case "locate": {
        const locations = await Promise.all([obj, ...args].map((device) => this.#locate(device)));
        return locations.length === 1 && kwargs.squeeze !== false ? locations[0] : locations;
      }
    }
    return emptyAnswer(msg);
  }

  /** The engine closes the runs that the plan has left open, and collects before from the flyers that nobody has collected from. */
  async finish(): Promise<void> {
    for (const [run, flyers] of this.#count.leftOpen()) {
      for (const flyer of flyers) await this.#collect(run, [flyer], undefined);
      this.#count.closeRun(run);
    }
  }

  result(): Estimate {
    const { runs, documents, events } = this.#count;
    return {
      messages: this.#messages,
      runs,
      points: Object.values(events).reduce((sum, each) => sum + each, 0),
      events,
      documents,
      travel: this.#travels.all,
      seconds: this.#now,
      unknown: [...this.#unknown],
    };
  }

  /** The seconds that the move takes, by its slowest axis. What is set to no number takes a time that nobody knows. */
  async #move(obj: NamedAxis, target: unknown): Promise<number | undefined> {
    this.#targets.set(obj, target);
    const moves = axesMoved(obj, target);
    if (moves.length === 0) return this.#known(obj, undefined);
    return Math.max(...(await Promise.all(moves.map(([axis, to]) => this.#moveAxis(axis, to)))));
  }

  async #moveAxis(axis: NamedAxis, target: number): Promise<number> {
    const distance = this.#travels.move(axis, await this.#positionOf(axis), target);
    const velocity = this.#known(axis, await this.#pace.velocity(axis));
    return velocity === undefined || velocity <= 0 ? 0 : distance / velocity;
  }

  /** A motor goes to the start of its sweep; others are told what to do and take no time that is known. */
  #prepare(obj: NamedAxis, value: unknown): Promise<number | undefined> | undefined {
    this.#pace.prepare(obj, value);
    const { startPosition, endPosition } = (value ?? {}) as Record<string, unknown>;
    if (typeof startPosition !== "number" || typeof endPosition !== "number") return undefined;
    this.#sweeps.set(obj, endPosition);
    return this.#move(obj, startPosition);
  }

  async #kickoff(msg: Msg): Promise<void> {
    const { obj, run } = msg;
    this.#start(msg);
    this.#count.kickoff(run, obj);
    const { points, seconds } = await this.#pace.flight(obj);
    this.#landings.set(obj, this.#now + (this.#known(obj, seconds) ?? 0));
    const end = this.#sweeps.get(obj);
    if (end !== undefined) this.#travels.move(obj, this.#travels.position(obj), end);
    if (points !== undefined) this.#rows.set(obj, points);
    else if (collects(obj)) this.#unknown.add(obj.name);
  }

  async #collect(run: unknown, devices: readonly any[], name: string | undefined): Promise<void> {
    const [first] = devices;
    const declared = name ?? this.#count.declared(run, devices);
    const streams = declared === undefined ? await this.#streamsOf(first) : [declared];
    if (streams.length === 0) return;
    const rows = this.#rows.get(first);
    for (const device of devices) this.#rows.delete(device);
    this.#count.collect(run, devices, streams, rows ?? 0);
  }

  /** The streams that a flyer names, where it may be asked; its own name else. A motor that only sweeps has none. */
  async #streamsOf(flyer: any): Promise<readonly string[]> {
    if (!collects(flyer)) return [];
    if (!this.#asks) return [flyer.name];
    const keys = await answerOf<Record<string, { dtype?: unknown }>>(() => flyer.describeCollect());
    if (keys === undefined) return [flyer.name];
    const isNested = Object.values(keys).every(({ dtype }) => typeof dtype !== "string");
    return isNested && Object.keys(keys).length > 0 ? Object.keys(keys) : [flyer.name];
  }

  async #locate(obj: any): Promise<Location<unknown> | undefined> {
    const position = this.#targets.get(obj) ?? (await this.#positionOf(obj));
    if (position !== undefined) return { setpoint: position, readback: position };
    if (!this.#asks || typeof obj?.locate !== "function") return undefined;
    return await obj.locate();
  }

  async #positionOf(motor: unknown): Promise<number | undefined> {
    return this.#travels.position(motor) ?? (await this.#pace.position(motor));
  }

  #start({ kwargs }: Msg, seconds = 0): void {
    const group: unknown = kwargs.group ?? null;
    this.#groups.set(group, Math.max(this.#groups.get(group) ?? 0, this.#now + seconds));
  }

  #known<T>(device: { readonly name: string }, value: T | undefined): T | undefined {
    if (value === undefined) this.#unknown.add(device.name);
    return value;
  }
}

function collects(flyer: unknown): boolean {
  return typeof (flyer as { describeCollect?: unknown } | null)?.describeCollect === "function";
}
