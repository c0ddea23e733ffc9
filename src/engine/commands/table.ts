import { InvalidCommand } from "../errors.ts";
import type { CommandName, Msg } from "../msg.ts";
import type { RunEngine } from "../run-engine.ts";
import type { Command } from "./command.ts";
import * as builtIn from "./index.ts";

/** Whatever it answers with is the message's result; a promise is awaited. */
export type CustomHandler<C extends string = string> = (
  msg: Msg<C>,
  context: { readonly engine: RunEngine },
) => unknown;

const named = { ...builtIn } satisfies { readonly [C in CommandName]: Command<C> };

/** The engine's own commands. That each type has its command and each command its own messages is checked above; who looks one up can't know which it is. */
export const COMMANDS = named as unknown as Readonly<Record<keyof typeof builtIn, Command>>;

/** The commands that the engine knows, with those that were registered. */
export class CommandTable {
  readonly #own: Readonly<Record<string, Command>>;
  readonly #commands: Map<string, Command>;

  constructor(own: Readonly<Record<string, Command>>) {
    this.#own = own;
    this.#commands = new Map(Object.entries(own));
  }

  get names(): readonly string[] {
    return [...this.#commands.keys()];
  }

  get(name: string): Command | undefined {
    return this.#commands.get(name);
  }

  /** Adds a command, or replaces one; its messages are repeated after a pause. */
  register(name: string, handle: CustomHandler): void {
    if (typeof handle !== "function") throw new TypeError(`registerCommand("${name}"): the handler must be a function`);
    const rules = this.#own[name] ?? { replay: "cache", cut: "ending" };
    this.#commands.set(name, { ...rules, handle });
  }

  /** Takes a command away; one of the engine's own that was replaced comes back. */
  unregister(name: string): void {
    if (!this.#commands.has(name)) throw this.unknown(name);
    const own = this.#own[name];
    if (own === undefined || this.#commands.get(name) === own) this.#commands.delete(name);
    else this.#commands.set(name, own);
  }

  unknown(name: string): InvalidCommand {
    return new InvalidCommand(
      `"${name}" is not a command of this engine; it knows ${this.names.join(", ")}. Add your own with registerCommand`,
    );
  }
}
