import type { PlanSource } from "../msg.ts";
import type { RunEngine } from "../run-engine.ts";
import type { InstallableSuspender } from "../suspender.ts";
import { type Observation, watch } from "./watch.ts";

export interface SuspenderOptions {
  /** How many seconds the signal has to be good again before the engine goes on; 0 by default. */
  sleep?: number;
  /** Runs before the engine waits. */
  prePlan?: PlanSource;
  /** Runs when the engine has waited, before it goes on. */
  postPlan?: PlanSource;
  /** Added to the justification of the suspension. */
  trippedMessage?: string;
}

/**
 * Holds the engine while a signal is not as it should be. A signal that is disconnected, invalid or without a value is not, and only a
 * good value that comes after that lets the engine go on.
 */
export abstract class Suspender implements InstallableSuspender {
  readonly signal: unknown;
  readonly #options: SuspenderOptions;
  #engine: Pick<RunEngine, "requestSuspend"> | undefined;
  #unwatch: (() => void) | undefined;
  #release: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(signal: unknown, options: SuspenderOptions = {}) {
    this.signal = signal;
    this.#options = options;
  }

  /** Whether it holds the engine, or would if a plan ran. */
  get tripped(): boolean {
    return this.#release !== undefined;
  }

  /** Whether this value is bad. */
  protected abstract shouldSuspend(value: any): boolean;
  /** Whether this value is good again, after a bad one. */
  protected abstract shouldResume(value: any): boolean;
  /** Why the engine is held, in a sentence. */
  protected abstract justify(value: unknown): string;

  install(engine: Pick<RunEngine, "requestSuspend">): void {
    if (this.#engine !== undefined) throw new Error(`the suspender on ${this.name} is installed in an engine already`);
    this.#engine = engine;
    this.#unwatch = watch(this.signal, (observation) => this.#observe(observation));
  }

  remove(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#engine = undefined;
    this.#letGo();
  }

  protected get name(): string {
    const name = (this.signal as { name?: unknown } | null)?.name;
    return typeof name === "string" ? `Signal ${name}` : "The observed signal";
  }

  #observe(observation: Observation): void {
    if ("trouble" in observation) {
      this.#trip(`${this.name} ${observation.trouble}`);
    } else if (this.shouldSuspend(observation.value)) {
      this.#trip(this.justify(observation.value));
    } else if (this.tripped && this.shouldResume(observation.value)) {
      this.#timer ??= setTimeout(() => this.#letGo(), (this.#options.sleep ?? 0) * 1000);
    }
  }

  #trip(why: string): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.tripped || this.#engine === undefined) return;
    const { trippedMessage, prePlan, postPlan } = this.#options;
    const released = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    this.#engine.requestSuspend(() => released, {
      justification: trippedMessage === undefined || trippedMessage === "" ? why : `${why}: ${trippedMessage}`,
      ...(prePlan !== undefined && { prePlan }),
      ...(postPlan !== undefined && { postPlan }),
    });
  }

  #letGo(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const release = this.#release;
    this.#release = undefined;
    release?.();
  }
}
