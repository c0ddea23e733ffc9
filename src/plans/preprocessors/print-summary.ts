import type { Msg, PlanLike } from "../../engine/msg.ts";
import type { Composable } from "../composable.ts";
import { msgMutator } from "./msg-mutator.ts";

/** Prints a line for each run, move and reading of the plan while it passes. `print` writes to standard output by default. */
export function printSummaryWrapper<T>(
  plan: PlanLike<T>,
  options: { print?: (line: string) => void } = {},
): Composable<T> {
  const { print = (line) => process.stdout.write(`${line}\n`) } = options;
  let names: string[] = [];
  return msgMutator(plan, (msg: Msg) => {
    const name: string = msg.obj?.name ?? "";
    switch (msg.command) {
      case "open_run":
        print(heading(" Open Run "));
        break;
      case "close_run":
        print(heading(" Close Run "));
        break;
      case "set":
        print(`${name} -> ${String(msg.args[0])}`);
        break;
      case "create":
        names = [];
        break;
      case "read":
        names.push(name);
        break;
      case "save":
        print(`  Read [${names.join(", ")}]`);
        break;
    }
    return msg;
  });
}

function heading(text: string): string {
  const rest = 80 - text.length;
  return text.padStart(text.length + Math.floor(rest / 2), "=").padEnd(80, "=");
}
