import { asError } from "../documents/tap.ts";
import { Msg, type PlanSource } from "./msg.ts";
import { planFrom } from "./plan-stack.ts";

export interface SuspendOptions {
  /** Runs before the engine waits. */
  prePlan?: PlanSource;
  /** Runs when the engine has waited, before it goes on. */
  postPlan?: PlanSource;
  justification?: string;
}

export interface Suspension {
  readonly justification: string;
  /** In Unix seconds. */
  readonly since: number;
}

export interface SuspendRequest extends SuspendOptions {
  readonly justification: string;
}

/** What holds the engine, and what was asked for and not yet begun. The engine goes on when nothing holds it any more. */
export class Suspensions {
  readonly #holds = new Set<Suspension>();
  readonly #waiting = new Set<() => void>();
  #requests: SuspendRequest[] = [];

  get holding(): readonly Suspension[] {
    return [...this.#holds];
  }

  get isHeld(): boolean {
    return this.#holds.size > 0;
  }

  /** Whether a suspension waits to be begun. */
  get isDue(): boolean {
    return this.#requests.length > 0;
  }

  /** Holds the engine until `released` resolves. When it rejects, nobody will ever release the engine: `failed` is told. */
  hold(released: () => Promise<unknown>, options: SuspendOptions, failed: (error: Error) => void): void {
    const justification = options.justification ?? "";
    const suspension = { justification, since: Date.now() / 1000 };
    this.#holds.add(suspension);
    const release = (): void => {
      this.#holds.delete(suspension);
      if (this.#holds.size > 0) return;
      for (const wake of [...this.#waiting]) wake();
      this.#waiting.clear();
    };
    Promise.resolve()
      .then(released)
      .catch((error) => failed(asError(error)))
      .finally(release);
    this.#requests.push({ ...options, justification });
  }

  take(): SuspendRequest | undefined {
    return this.#requests.shift();
  }

  /** Forgets what was asked for; what holds the engine goes on holding it. */
  forget(): void {
    this.#requests = [];
  }

  /** Resolves when nothing holds the engine. */
  async released(signal: AbortSignal): Promise<void> {
    while (this.isHeld && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  /** The message that a run begins with when something holds the engine already. */
  wait(): Msg {
    return new Msg("wait_for", null, [[(signal: AbortSignal) => this.released(signal)]]);
  }
}

/** What runs while the engine is suspended. None of it is repeated after a pause. An error ends it, and goes on to the plan that was suspended: its cleanup must not wait for the beam. */
export async function* suspensionPlan(
  request: SuspendRequest,
  suspensions: Suspensions,
  engine: { rewindable: boolean },
): AsyncGenerator<Msg, void, never> {
  const wasRewindable = engine.rewindable;
  try {
    yield new Msg("rewindable", null, [false]);
    if (request.prePlan !== undefined) yield* planFrom(request.prePlan) as AsyncGenerator<Msg, void, never>;
    yield suspensions.wait();
    yield new Msg("_resume_from_suspender", null, [], { justification: request.justification });
    if (request.postPlan !== undefined) yield* planFrom(request.postPlan) as AsyncGenerator<Msg, void, never>;
    yield new Msg("rewindable", null, [wasRewindable]);
  } finally {
    engine.rewindable = wasRewindable;
  }
}
