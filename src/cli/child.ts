import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { packageFile } from "./package-file.ts";

const KEPT_LINES = 30;
const GRACE_MS = 8_000;

export interface ChildOptions {
  /** Set when the program itself ends once its standard input closes; otherwise a supervisor does that for it. */
  watchesStdin?: boolean;
  env?: Record<string, string>;
  cwd?: string;
}

/**
 * A helper process that ends with this one, however this one ends: it is in a session of its own, so that Ctrl-C does not reach
 * it, and its standard input is a pipe whose closing is its signal to go.
 */
export class Child {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process has ended, with its exit code, or the signal's name. */
  readonly exited: Promise<number | string>;
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  #ended = false;

  constructor(name: string, command: string, args: readonly string[], options: ChildOptions = {}) {
    this.name = name;
    const supervised = options.watchesStdin ? [] : [packageFile("dist/cli/supervisor.js"), command];
    this.#process = spawn(options.watchesStdin ? command : process.execPath, [...supervised, ...args], {
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    this.pid = this.#process.pid ?? 0;
    this.#process.stdin.on("error", () => {});
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      createInterface({ input: stream }).on("line", (line) => this.#onLine(line));
    }
    this.exited = new Promise((resolve) => {
      this.#process.once("error", (error) => {
        this.#lines.push(error.message);
        this.#ended = true;
        resolve(1);
      });
      this.#process.once("close", (code, signal) => {
        this.#ended = true;
        resolve(code ?? signal ?? 1);
      });
    });
  }

  get running(): boolean {
    return !this.#ended;
  }

  /** The last lines that the process printed. */
  get log(): string {
    return this.#lines.join("\n");
  }

  /** Resolves to what `pick` makes of the first line for which it answers something; rejects when the process ends before, or after `timeoutMs`. */
  async line<T>(pick: (line: string) => T | undefined, timeoutMs: number): Promise<T> {
    for (const line of this.#lines) {
      const picked = pick(line);
      if (picked !== undefined) return picked;
    }
    return new Promise<T>((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.#listeners.delete(listener);
        act();
      };
      const listener = (line: string): void => {
        const picked = pick(line);
        if (picked !== undefined) settle(() => resolve(picked));
      };
      const timer = setTimeout(
        () => settle(() => reject(new Error(`${this.name} was not ready within ${timeoutMs} ms:\n${this.log}`))),
        timeoutMs,
      );
      this.#listeners.add(listener);
      void this.exited.then((end) =>
        settle(() => reject(new Error(`${this.name} ended (${end}) before it was ready:\n${this.log}`))),
      );
    });
  }

  /** Resolves when the process has ended; it is asked first and killed after 8 s. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    this.#process.stdin.end();
    const timer = setTimeout(() => this.#killGroup(), GRACE_MS);
    await this.exited;
    clearTimeout(timer);
  }

  #killGroup(): void {
    try {
      process.kill(-this.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  #onLine(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    for (const listener of [...this.#listeners]) listener(line);
  }
}
