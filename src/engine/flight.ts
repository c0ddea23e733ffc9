import type { Command } from "./commands/command.ts";
import type { Msg } from "./msg.ts";
import type { Frame } from "./plan-stack.ts";

/**
 * A message whose handler has not answered yet. It settles once; after it is cut, whatever the handler does is for nobody.
 */
export class Flight {
  readonly frame: Frame;
  readonly msg: Msg;
  readonly command: Command;
  settled = false;
  failed = false;
  result: unknown;
  #cancel: (() => void) | undefined;
  #cut = false;

  constructor(frame: Frame, msg: Msg, command: Command) {
    this.frame = frame;
    this.msg = msg;
    this.command = command;
  }

  start(answer: PromiseLike<unknown>, cancel: (() => void) | undefined, wake: () => void): void {
    this.#cancel = cancel;
    const settle = (failed: boolean) => (result: unknown) => {
      if (this.#cut) return;
      this.settled = true;
      this.failed = failed;
      this.result = result;
      wake();
    };
    answer.then(settle(false), settle(true));
  }

  cut(): void {
    this.#cut = true;
    this.#cancel?.();
  }
}
