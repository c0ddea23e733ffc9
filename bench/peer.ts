import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Measured } from "./interleave.ts";

/** A peer that hangs is ended, so that the others are measured all the same. */
const ANSWER_MS = 120_000;

/** A peer in a process of its own, which measures itself on request, so that only its own work is in its figures. */
export class Peer {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  static python(name: string, python: string, script: string, env: NodeJS.ProcessEnv = {}): Peer {
    return new Peer(name, python, [fileURLToPath(new URL(`./peers/${script}`, import.meta.url))], env);
  }

  static node(name: string, script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Peer {
    const path = fileURLToPath(new URL(`./peers/${script}`, import.meta.url));
    return new Peer(name, process.execPath, [path, ...args], env);
  }

  constructor(name: string, program: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
    this.name = name;
    this.#child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...env } });
    if (this.#child.stdout === null) throw new Error(`${name}: no standard output`);
    this.#reader = createInterface({ input: this.#child.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  /** The durations in microseconds of one request; an error names the peer. */
  async ask(request: Record<string, unknown>): Promise<readonly number[]> {
    return (await this.measure(request)).us;
  }

  /** The same, and what it cost, where the peer tells. */
  async measure(request: Record<string, unknown>): Promise<Measured> {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    const overdue = setTimeout(() => this.#child.kill("SIGKILL"), ANSWER_MS);
    try {
      return await this.#answer(request);
    } finally {
      clearTimeout(overdue);
    }
  }

  async #answer(request: Record<string, unknown>): Promise<Measured> {
    let line = await this.#lines.next();
    // Some clients print on standard output, their worker threads too.
    while (!line.done && !line.value.startsWith("{")) line = await this.#lines.next();
    if (line.done)
      throw new Error(`${this.name} ended, or was ended after ${ANSWER_MS / 1000} s, before it answered ${request.op}`);
    const answer = JSON.parse(line.value) as Partial<Measured> & { error?: string };
    if (answer.us === undefined) throw new Error(`${this.name}: ${answer.error}`);
    return { ...answer, us: answer.us };
  }

  async close(): Promise<void> {
    this.#child.stdin?.end();
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, "exit");
    this.#reader.close();
  }
}
