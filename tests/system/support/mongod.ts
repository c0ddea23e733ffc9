import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { type Mongod, startMongod } from "../../../src/cli/mongod.ts";

/** Where tests store that need nothing of the server but that it is there. */
export interface MongoServer {
  /** The URI of a database on it; a new one by default. */
  uri(database?: string): string;
  stop(): Promise<void>;
}

/** The server that `CERULEAN_MONGO_URI` names, whose databases of the tests go at the end; else one of our own. */
export async function anyMongod(): Promise<MongoServer> {
  const named = process.env.CERULEAN_MONGO_URI;
  return named ? new NamedServer(named) : TestMongod.start();
}

class NamedServer implements MongoServer {
  readonly #uri: URL;
  readonly #databases = new Set<string>();

  constructor(uri: string) {
    this.#uri = new URL(uri);
    // A user is known to the database that the URI names, unless it says otherwise.
    const [, database] = this.#uri.pathname.split("/");
    if (this.#uri.username !== "" && !this.#uri.searchParams.has("authSource")) {
      this.#uri.searchParams.set("authSource", database || "admin");
    }
  }

  uri(database = newDatabase()): string {
    this.#databases.add(database);
    const uri = new URL(this.#uri);
    uri.pathname = `/${database}`;
    return String(uri);
  }

  async stop(): Promise<void> {
    await using client = await MongoClient.connect(String(this.#uri));
    for (const database of this.#databases) await client.db(database).dropDatabase();
  }
}

/**
 * A real mongod on a free loopback port with a folder of its own, which ends with the test run: for tests that kill it, freeze it or give it
 * users, which nobody does to a server that somebody else uses.
 */
export class TestMongod implements MongoServer {
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
  uri(database = newDatabase()): string {
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

function newDatabase(): string {
  return `test_${randomUUID().slice(0, 8)}`;
}
