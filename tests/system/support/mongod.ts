import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Mongod, startMongod } from "../../../src/cli/mongod.ts";

/** A real mongod on a free loopback port with a folder of its own, which ends with the test run. */
export class TestMongod {
  readonly #folder = mkdtempSync(join(tmpdir(), "cerulean-mongod-"));
  readonly #args: readonly string[];
  #server: Mongod | undefined;

  private constructor(args: readonly string[]) {
    this.#args = args;
  }

  /** `args` are further arguments of mongod, such as `--auth`. */
  static async start(...args: string[]): Promise<TestMongod> {
    const mongod = new TestMongod(args);
    await mongod.restart();
    return mongod;
  }

  /** The URI of a database on this server; a new one by default. */
  uri(database = `test_${randomUUID().slice(0, 8)}`): string {
    return `${this.#running.uri}/${database}`;
  }

  get port(): number {
    return Number(new URL(this.#running.uri).port);
  }

  /** As a power cut would end it; the data folder stays. */
  async kill(): Promise<void> {
    process.kill(this.#pid, "SIGKILL");
    await this.#running.child.exited;
  }

  /** It hangs: its sockets stay open and nothing answers. */
  freeze(): void {
    process.kill(this.#pid, "SIGSTOP");
  }

  thaw(): void {
    process.kill(this.#pid, "SIGCONT");
  }

  /** Starts it on the same data, after `kill` at the same port. */
  async restart(): Promise<void> {
    const port = this.#server === undefined ? undefined : Number(new URL(this.#server.uri).port);
    this.#server = await startMongod(join(this.#folder, "data"), {
      args: this.#args,
      ...(port === undefined ? {} : { port }),
    });
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #running(): Mongod {
    if (this.#server === undefined) throw new Error("mongod was not started");
    return this.#server;
  }

  get #pid(): number {
    return Number(readFileSync(join(this.#folder, "data", "mongod.lock"), "utf8"));
  }
}
