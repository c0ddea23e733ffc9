import type { Status } from "../devices/status.ts";
import { FailedStatus } from "./errors.ts";
import type { Msg } from "./msg.ts";

interface Failure {
  readonly group: unknown;
  readonly error: Error;
  readonly msg: Msg;
}

interface Group {
  readonly pending: Map<Status, Msg>;
  waiting: (() => void) | undefined;
}

/**
 * The actions that go on, by the group that the plan gave them. A failed one reaches the plan once, whatever message it is at;
 * one that the engine stopped itself does not.
 */
export class StatusGroups {
  readonly #groups = new Map<unknown, Group>();
  readonly #pardoned = new WeakSet<Status>();
  readonly #stopped = new Map<object, Failure>();
  readonly #wake: () => void;
  #failures: Failure[] = [];

  constructor(wake: () => void) {
    this.#wake = wake;
  }

  get failed(): boolean {
    return this.#failures.length > 0;
  }

  /** Whether the group of the first failure has actions left that may fail too. */
  get mayFailMore(): boolean {
    const [first] = this.#failures;
    return first !== undefined && this.pending(first.group).size > 0;
  }

  add(group: unknown, status: Status, msg: Msg): void {
    this.#stopped.delete(msg.obj);
    if (status.done) {
      if (!status.success) this.#fail(group, status, msg);
      return;
    }
    const { pending } = this.#group(group);
    pending.set(status, msg);
    status.onDone(() => {
      pending.delete(status);
      if (!status.success) this.#fail(group, status, msg);
      this.#settle(group);
    });
  }

  /** The unfinished actions of a group, with the messages that started them. */
  pending(group: unknown): ReadonlyMap<Status, Msg> {
    return this.#groups.get(group)?.pending ?? NONE;
  }

  /** Calls back when the group has nothing left to wait for; one waiter at a time. */
  whenDone(group: unknown, done: () => void): () => void {
    const waited = this.#group(group);
    waited.waiting = done;
    return () => {
      waited.waiting = undefined;
    };
  }

  /** The failures that fell together, as the one error that the plan gets. */
  takeFailure(): FailedStatus {
    const group = this.#failures[0]?.group;
    const taken = this.#failures.filter((failure) => failure.group === group);
    this.#failures = this.#failures.filter((failure) => failure.group !== group);
    return failedStatus(taken);
  }

  /** Takes actions that the engine stopped out of their groups: how they end is nobody's concern, since they will be repeated. */
  pardon(status: Status): void {
    this.#pardoned.add(status);
    for (const [group, { pending }] of this.#groups) if (pending.delete(status)) this.#settle(group);
  }

  /** A move that the engine stopped for good, because something else failed: a plan that goes on and waits for it is told so. */
  stopped(msg: Msg, status: Status, why: unknown): void {
    this.pardon(status);
    const error = new Error(`${nameOf(msg.obj)} was stopped on its way by the engine, because: ${messageOf(why)}`, {
      cause: why,
    });
    this.#stopped.set(msg.obj, { group: msg.kwargs.group, error, msg });
  }

  /** The error for waiting for a group whose moves the engine has stopped; once. */
  takeStopped(group: unknown): FailedStatus | undefined {
    if (this.#stopped.size === 0) return undefined;
    const failures = [...this.#stopped.values()].filter((failure) => failure.group === group);
    for (const { msg } of failures) this.#stopped.delete(msg.obj);
    return failures.length > 0 ? failedStatus(failures) : undefined;
  }

  /** Forgets everything; what fails from now on fails for nobody. */
  clear(): void {
    for (const { pending } of this.#groups.values()) for (const status of pending.keys()) this.#pardoned.add(status);
    this.#groups.clear();
    this.#failures = [];
  }

  #group(group: unknown): Group {
    let found = this.#groups.get(group);
    if (found === undefined) {
      found = { pending: new Map(), waiting: undefined };
      this.#groups.set(group, found);
    }
    return found;
  }

  #settle(group: unknown): void {
    const settled = this.#groups.get(group);
    if (settled === undefined || settled.pending.size > 0) return;
    this.#groups.delete(group);
    settled.waiting?.();
  }

  #fail(group: unknown, status: Status, msg: Msg): void {
    if (this.#pardoned.has(status)) return;
    this.#pardoned.add(status);
    const error = status.error ?? new Error("it failed and did not say why");
    this.#failures.push({ group, error, msg });
    this.#wake();
  }
}

const NONE: ReadonlyMap<Status, Msg> = new Map();

function failedStatus(failures: readonly Failure[]): FailedStatus {
  const what = failures.map(({ msg, error }) => `${msg.command} of ${nameOf(msg.obj)} failed: ${error.message}`);
  return new FailedStatus(
    what.join("; "),
    failures.map(({ error }) => error),
  );
}

export function nameOf(device: unknown): string {
  const name = (device as { name?: unknown } | null)?.name;
  return typeof name === "string" && name !== "" ? name : "an object without a name";
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
