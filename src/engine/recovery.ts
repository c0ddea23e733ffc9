import { supports } from "../devices/protocols.ts";
import { isStatus } from "../devices/status.ts";
import type { Command } from "./commands/command.ts";
import { messageOf, nameOf } from "./groups.ts";
import type { Msg } from "./msg.ts";
import { type Change, newEntry, type RecoveryEntry, RecoveryFile } from "./recovery-file.ts";
import type { Session } from "./session.ts";
import { isEnding } from "./state.ts";

type Commands = Readonly<Record<string, Command>>;

const CHANGES: Readonly<Record<string, Change>> = {
  set: "set",
  prepare: "prepared",
  kickoff: "kicked off",
  configure: "configured",
  stage: "staged",
};

/** Writes down what a plan is about to change before it changes it, and forgets it when the engine has brought the plan to its end. */
export class Recovery {
  readonly #file: RecoveryFile;
  /** What an earlier process has left; kept until somebody deals with it. */
  readonly #left: readonly RecoveryEntry[];
  readonly #entries = new Map<object, RecoveryEntry>();
  #watched: Session | undefined;

  constructor(path: string, report: (error: Error) => void) {
    this.#file = new RecoveryFile(path);
    this.#left = [...this.#file.entries];
    if (this.#left.length === 0) return;
    const devices = this.#left.map(({ device }) => device).join(", ");
    report(
      new Error(
        `an earlier process ended without putting back ${devices}; "cerulean doctor --recover ${path}" shows what it was`,
      ),
    );
  }

  /** The commands that change devices, with what is written down around them. */
  around(commands: Commands): Commands {
    const wrapped: Record<string, Command> = {};
    for (const [name, change] of Object.entries(CHANGES)) {
      const command = commands[name] as Command;
      wrapped[name] = { ...command, handle: (msg, session) => this.#change(change, command, msg, session) };
    }
    const unstage = commands.unstage as Command;
    wrapped.unstage = { ...unstage, handle: (msg, session) => this.#unstage(unstage, msg, session) };
    return { ...commands, ...wrapped };
  }

  #change(change: Change, command: Command, msg: Msg, session: Session): unknown {
    const asked = this.#note(change, msg.obj, session);
    if (asked === undefined) return command.handle(msg, session);
    const wasEnding = session.ending;
    let isCut = false;
    session.onCut(() => {
      isCut = true;
    });
    return asked.then(() => {
      // The plan may have been told to end meanwhile, and what moves has been stopped: nothing new must begin to move.
      if (isCut || (isEnding(session.engine.state) && session.engine.state !== wasEnding)) {
        throw session.endingError ?? new Error(`"${msg.command}" of ${nameOf(msg.obj)} was given up`);
      }
      return command.handle(msg, session);
    });
  }

  /** Undefined when nothing has to be waited for. */
  #note(change: Change, device: unknown, session: Session): Promise<void> | undefined {
    if (typeof device !== "object" || device === null) return undefined;
    this.#watch(session);
    const known = this.#entries.get(device);
    if (known !== undefined) {
      if (known.changes.includes(change)) return undefined;
      known.changes.push(change);
      this.#save();
      return undefined;
    }
    const entry = newEntry(nameOf(device), session.plan.name);
    entry.changes.push(change);
    this.#entries.set(device, entry);
    if (!supports(device, "Recoverable")) {
      this.#save();
      return undefined;
    }
    return this.#ask(device, entry, session);
  }

  async #ask(device: { recoverable(): unknown }, entry: RecoveryEntry, session: Session): Promise<void> {
    try {
      entry.before = (await device.recoverable()) as RecoveryEntry["before"];
    } catch (error) {
      const what = `what ${entry.device} is before it is ${entry.changes[0]} can't be written down for a recovery`;
      session.report(new Error(`${what}: ${messageOf(error)}`, { cause: error }));
    }
    this.#save();
  }

  #unstage(command: Command, msg: Msg, session: Session): unknown {
    const answer = command.handle(msg, session);
    if (isStatus(answer)) answer.onDone(({ success }) => success && this.#unstaged(msg.obj));
    else this.#unstaged(msg.obj);
    return answer;
  }

  #unstaged(device: object): void {
    const entry = this.#entries.get(device);
    const at = entry?.changes.indexOf("staged") ?? -1;
    if (entry === undefined || at < 0) return;
    entry.changes.splice(at, 1);
    if (entry.changes.length === 0) this.#entries.delete(device);
    this.#save();
  }

  #watch(session: Session): void {
    if (this.#watched === session) return;
    this.#watched = session;
    const subscription = session.engine.state$.subscribe((state) => {
      if (state !== "idle") return;
      queueMicrotask(() => subscription.unsubscribe());
      this.#watched = undefined;
      this.#entries.clear();
      this.#save();
    });
  }

  #save(): void {
    this.#file.entries.splice(0, Number.POSITIVE_INFINITY, ...this.#left, ...this.#entries.values());
    this.#file.save();
  }
}
