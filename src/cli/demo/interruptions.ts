import { createInterface } from "node:readline";
import type { RunEngine } from "../../engine/run-engine.ts";
import { describeError } from "../describe-error.ts";
import { say } from "./report.ts";

export interface Interruptions {
  /** Resolves at the next Ctrl-C. */
  held(): Promise<void>;
  close(): void;
}

/**
 * What follows a Ctrl-C that paused the engine: at a terminal the user is asked, elsewhere nobody could answer and the scan is
 * aborted.
 */
export function watchInterruptions(engine: RunEngine): Interruptions {
  const abort = (): void => {
    engine.abort("Ctrl-C").catch((error) => say(`the scan could not be aborted: ${describeError(error)}`));
  };
  let asking: (() => void) | undefined;
  const subscription = engine.state$.subscribe((state) => {
    if (state !== "paused") {
      asking?.();
      asking = undefined;
    } else if (process.stdin.isTTY) {
      asking = ask(engine, abort);
    } else {
      abort();
    }
  });
  return {
    async held() {
      say("The beamline and the database stay up until Ctrl-C.");
      const hold = setInterval(() => {}, 1 << 30);
      await new Promise<void>((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
      });
      clearInterval(hold);
    },
    close() {
      asking?.();
      subscription.unsubscribe();
    },
  };
}

function ask(engine: RunEngine, abort: () => void): () => void {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  say("\nPaused: the motor stands. Enter goes on, Ctrl-C ends the scan.");
  terminal.once("SIGINT", abort);
  terminal.once("line", () => {
    engine.resume().catch((error) => say(`the scan could not go on: ${describeError(error)}`));
  });
  return () => terminal.close();
}
