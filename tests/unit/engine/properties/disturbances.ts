import fc from "fast-check";
import { Msg } from "../../../../src/engine/msg.ts";
import type { RunEngine } from "../../../../src/engine/run-engine.ts";
import { isEnding } from "../../../../src/engine/state.ts";
import type { WorldBeam } from "./world.ts";

export type Ending = "stop" | "abort" | "halt";

/** Something that happens at the nth message, within its handling or right after. */
export interface Disturbance {
  readonly at: number;
  readonly what: "pause" | "defer" | "suspend" | "suspend twice" | "update" | Ending;
  readonly isLater: boolean;
}

export const disturbance: fc.Arbitrary<Disturbance> = fc.record({
  at: fc.nat(45),
  what: fc.constantFrom(
    "pause",
    "pause",
    "defer",
    "suspend",
    "suspend",
    "suspend twice",
    "update",
    "stop",
    "abort",
    "halt",
  ),
  isLater: fc.boolean(),
});

/** What is done when the engine is paused, once more at each pause. */
export const answers: fc.Arbitrary<readonly ("resume" | Ending)[]> = fc.array(
  fc.constantFrom("resume", "resume", "resume", "stop", "abort", "halt"),
  { maxLength: 3 },
);

const SUSPENDED_MS = 1;

/** Disturbs a run and writes down how the engine was told to end it. */
export class Disturber {
  /** When the engine was first told to end the run, in the time of `performance.now()`. */
  endedAt: number | undefined;
  /** Messages of the suspensions' own plans. */
  readonly between = new Set<Msg>();
  readonly #engine: RunEngine;
  readonly #beam: WorldBeam;
  #handled = 0;
  #isOver = false;

  constructor(
    engine: RunEngine,
    beam: WorldBeam,
    disturbances: readonly Disturbance[],
    onPause: readonly ("resume" | Ending)[],
  ) {
    this.#engine = engine;
    this.#beam = beam;
    const left = [...onPause];
    engine.messages$.subscribe(() => {
      if (this.#isOver) return;
      const now = this.#handled++;
      for (const { at, what, isLater } of disturbances) {
        if (at !== now) continue;
        if (isLater) setImmediate(() => this.#act(what));
        else this.#act(what);
      }
    });
    engine.state$.subscribe((state) => {
      if (this.#isOver) return;
      if (isEnding(state)) this.endedAt ??= performance.now();
      if (state === "paused") setImmediate(() => this.#answer(left.shift() ?? "resume"));
    });
  }

  /** Leaves the engine alone from now on. */
  end(): void {
    this.#isOver = true;
  }

  #answer(what: "resume" | Ending): void {
    // What was asked for meanwhile goes before.
    if (this.#engine.state === "paused") void this.#engine[what]().catch(() => {});
  }

  #act(what: Disturbance["what"]): void {
    if (this.#isOver) return;
    switch (what) {
      case "pause":
      case "defer":
        void this.#engine.pause({ defer: what === "defer" }).catch(() => {});
        break;
      case "suspend":
        this.#suspend(SUSPENDED_MS);
        break;
      case "suspend twice":
        this.#suspend(SUSPENDED_MS);
        this.#suspend(2 * SUSPENDED_MS);
        break;
      case "update":
        this.#beam.update();
        break;
      default:
        void this.#engine[what]().catch(() => {});
    }
  }

  #suspend(ms: number): void {
    const between = (): Msg[] => {
      const msg = new Msg("null");
      this.between.add(msg);
      return [msg];
    };
    const released = () => new Promise((resolve) => setTimeout(resolve, ms));
    this.#engine.requestSuspend(released, { prePlan: between, postPlan: between });
  }
}
