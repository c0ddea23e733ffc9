import { supports } from "../devices/protocols.ts";
import { isStatus, type Status } from "../devices/status.ts";
import type { StatusGroups } from "./groups.ts";
import type { Msg } from "./msg.ts";

/** An object that was told to move or to fly and has not arrived, with the message that told it. */
export interface Motion {
  readonly obj: any;
  readonly msg: Msg;
  readonly statuses: Set<Status>;
  /** Whether the engine has told it to stop. */
  isStopped: boolean;
}

/** What the plan has set going, staged and touched, so that the engine can stop it and put it back. */
export class Hardware {
  readonly #moves = new Map<Status, Motion>();
  readonly #flights = new Map<object, Motion>();
  readonly #staged = new Set<object>();
  readonly #seen = new Set<object>();
  readonly #pausable: any[] = [];
  readonly #report: (error: Error) => void;

  constructor(report: (error: Error) => void) {
    this.#report = report;
  }

  /** Remembers an object that a message names, because a pause has to be told to those that know what that is. */
  see(obj: object): void {
    if (this.#seen.has(obj)) return;
    this.#seen.add(obj);
    if (supports(obj, "Pausable")) this.#pausable.push(obj);
  }

  get pausable(): readonly any[] {
    return this.#pausable;
  }

  set(msg: Msg, status: Status): void {
    if (status.done) return;
    this.#moves.set(status, { obj: msg.obj, msg, statuses: new Set([status]), isStopped: false });
    status.onDone(() => this.#moves.delete(status));
  }

  /** A flyer flies from its kickoff until its `complete` has succeeded. */
  kickedOff(msg: Msg, status: Status): void {
    this.#flights.set(msg.obj, { obj: msg.obj, msg, statuses: new Set([status]), isStopped: false });
  }

  completing(obj: object, status: Status): void {
    this.#flights.get(obj)?.statuses.add(status);
    status.onDone(({ success }) => {
      if (success) this.#flights.delete(obj);
    });
  }

  staged(obj: object): void {
    this.#staged.add(obj);
  }

  unstaged(obj: object): void {
    this.#staged.delete(obj);
  }

  /** What is on its way now, each object once or more. */
  unfinished(): Motion[] {
    return [...this.#moves.values(), ...this.#flights.values()];
  }

  /** Writes stop to every object that is on its way, at once; the promise is for those who want to know that it was answered. */
  stop(motions: readonly Motion[], success: boolean): Promise<unknown> {
    const answers: unknown[] = [];
    for (const motion of motions) motion.isStopped = true;
    for (const obj of new Set(motions.map((motion) => motion.obj))) {
      if (!supports(obj, "Stoppable")) continue;
      try {
        answers.push(obj.stop({ success }));
      } catch (error) {
        answers.push(Promise.reject(error));
      }
    }
    return this.#settled(answers, "stop");
  }

  /** Unstages what is still staged, the last first. Resolves when all have answered. */
  async unstage(): Promise<void> {
    for (const obj of [...this.#staged].reverse()) {
      this.#staged.delete(obj);
      await this.#settled([this.#try(() => (obj as { unstage(): unknown }).unstage())], "unstage");
    }
  }

  #try(call: () => unknown): unknown {
    try {
      const answer = call();
      return isStatus(answer) ? answer.wait() : answer;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #settled(answers: readonly unknown[], what: string): Promise<void> {
    for (const outcome of await Promise.allSettled(answers)) {
      if (outcome.status === "rejected") {
        this.#report(
          new Error(`${what} failed during the engine's cleanup: ${outcome.reason}`, { cause: outcome.reason }),
        );
      }
    }
  }
}

/**
 * Stops what is on its way for good because of `why`. What becomes of the moves does not reach the plan, unless it waits for them.
 * Who asks for it `again` has stop written again to what was told to stop and has not arrived.
 */
export function stopForGood(
  hardware: Hardware,
  groups: StatusGroups,
  { success, why, again = false }: { success: boolean; why: unknown; again?: boolean },
): Promise<unknown> {
  const motions = hardware.unfinished().filter(({ isStopped }) => again || !isStopped);
  if (motions.length === 0) return NOTHING;
  for (const { msg, statuses } of motions) for (const status of statuses) groups.stopped(msg, status, why);
  return hardware.stop(motions, success);
}

const NOTHING: Promise<void> = Promise.resolve();
