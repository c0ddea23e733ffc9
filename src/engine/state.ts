import { Tap } from "../documents/tap.ts";
import { TransitionError } from "./errors.ts";

export type EngineState =
  | "idle"
  | "running"
  | "pausing"
  | "paused"
  | "halting"
  | "stopping"
  | "aborting"
  | "suspending"
  | "panicked";

/** Each state and where it may lead. An ending may be made harder on its way: stop, then abort, then halt. */
const TRANSITIONS: Readonly<Record<EngineState, readonly EngineState[]>> = {
  idle: ["running", "panicked"],
  running: ["idle", "pausing", "halting", "stopping", "aborting", "suspending", "panicked"],
  pausing: ["paused", "idle", "halting", "aborting", "panicked"],
  suspending: ["running", "halting", "aborting", "panicked"],
  paused: ["idle", "running", "halting", "stopping", "aborting", "panicked"],
  stopping: ["idle", "aborting", "halting", "panicked"],
  aborting: ["idle", "halting", "panicked"],
  halting: ["idle", "panicked"],
  panicked: [],
};

export type EndingState = "stopping" | "aborting" | "halting";

export function isEnding(state: EngineState): state is EndingState {
  return state === "stopping" || state === "aborting" || state === "halting";
}

/** The engine's state. It changes only along the table; every change is told to `state$`. */
export class StateMachine {
  readonly changes: Tap<EngineState>;
  #current: EngineState = "idle";

  constructor(report: (error: Error) => void) {
    this.changes = new Tap(report, () => this.#current);
  }

  get current(): EngineState {
    return this.#current;
  }

  is(state: EngineState): boolean {
    return this.#current === state;
  }

  /** Throws a TransitionError that names both states when `who` asks for a change that the table does not have. */
  check(next: EngineState, who: string): void {
    if (TRANSITIONS[this.#current].includes(next)) return;
    const possible = TRANSITIONS[this.#current].join(", ") || "nothing: make a new engine";
    throw new TransitionError(
      `${who}: the engine can't go from "${this.#current}" to "${next}"; from "${this.#current}" it can go to ${possible}`,
    );
  }

  to(next: EngineState, who: string): void {
    this.check(next, who);
    this.#current = next;
    this.changes.next(next);
  }
}
