import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { markedProcesses } from "../support/marked-processes.ts";

const command = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const MARK = "CERULEAN_TEST_MARK";

/** The command `cerulean demo` under way, with everything that it prints. */
export class DemoRun {
  readonly child: ChildProcess;
  readonly ended: Promise<number | string>;
  readonly #mark = randomUUID();
  readonly #listeners = new Set<() => void>();
  #printed = "";

  constructor(...args: string[]) {
    const { CERULEAN_MONGO_URI: _, ...inherited } = process.env;
    this.child = spawn(process.execPath, [command, "demo", ...args], {
      env: { ...inherited, [MARK]: this.#mark },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#printed += text;
        for (const listener of [...this.#listeners]) listener();
      });
    }
    this.ended = once(this.child, "close").then(([code, signal]) => {
      for (const listener of [...this.#listeners]) listener();
      return code ?? signal;
    });
  }

  get printed(): string {
    return this.#printed;
  }

  /** Every process of this demo that is alive. */
  get processes(): string[] {
    return markedProcesses(MARK, this.#mark);
  }

  /** What a terminal does on Ctrl-C: the signal goes to the whole process group. */
  interrupt(): void {
    process.kill(-(this.child.pid ?? 0), "SIGINT");
  }

  /** Resolves when the demo has printed something that matches. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    let settle = (): void => {};
    try {
      return await new Promise((resolve, reject) => {
        settle = () => {
          const match = pattern.exec(this.#printed);
          if (match !== null) resolve(match);
          else if (this.child.exitCode !== null) reject(new Error(`it ended without ${pattern}:\n${this.#printed}`));
        };
        this.#listeners.add(settle);
        settle();
      });
    } finally {
      this.#listeners.delete(settle);
    }
  }

  /** The runs that it told about, with the lines of Python that open each. */
  get runs(): { uid: string; stored: string; python: string }[] {
    const found = this.#printed.matchAll(/^ {2}uid {5}(\S+)\n {2}stored {2}(.+)\n {2}Python:\n((?: {4}.+\n){3})/gm);
    return [...found].map(([, uid = "", stored = "", python = ""]) => ({
      uid,
      stored,
      python: python.replace(/^ {4}/gm, ""),
    }));
  }
}
