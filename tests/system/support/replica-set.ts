import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Document, MongoClient } from "mongodb";
import { type Mongod, startMongod } from "../../../src/cli/mongod.ts";

const NAME = "cerulean";
const MEMBERS = 3;

/** Three members of the same mongod on loopback, which end with the test run. */
export class ReplicaSet {
  readonly #folder = mkdtempSync(join(tmpdir(), "cerulean-replica-set-"));
  readonly #members: Mongod[] = [];

  static async start(): Promise<ReplicaSet> {
    const set = new ReplicaSet();
    for (let at = 0; at < MEMBERS; at++) set.#members.push(await set.#startMember(at));
    const first = new MongoClient(`${set.#members[0]?.uri}/?directConnection=true`);
    await first.db("admin").command({
      replSetInitiate: {
        _id: NAME,
        members: set.#hosts.map((host, _id) => ({ _id, host })),
        settings: { electionTimeoutMillis: 1_000, heartbeatIntervalMillis: 200 },
      },
    });
    await first.close();
    await set.primary();
    return set;
  }

  uri(database: string): string {
    return `mongodb://${this.#hosts.join(",")}/${database}?replicaSet=${NAME}`;
  }

  /** Which member is the primary, once there is one. */
  async primary(): Promise<number> {
    for (;;) {
      for (const [at, { uri, child }] of this.#members.entries()) {
        if (child.running && (await hello(uri))?.isWritablePrimary === true) return at;
      }
      await sleep(50);
    }
  }

  /** As a power cut would end it; resolves when it is gone. */
  async kill(member: number): Promise<void> {
    const pid = Number(readFileSync(join(this.#folder, String(member), "mongod.lock"), "utf8"));
    process.kill(pid, "SIGKILL");
    await this.#members[member]?.child.exited;
  }

  /** Starts a member on its data again. */
  async restart(member: number): Promise<void> {
    const port = Number(new URL(this.#members[member]?.uri as string).port);
    this.#members[member] = await this.#startMember(member, port);
  }

  /** Resolves when all members are there and have what the primary has. */
  async settled(): Promise<void> {
    await this.primary();
    for (;;) {
      const states = await Promise.all(this.#members.map(({ uri }) => hello(uri)));
      if (states.every((state) => state?.isWritablePrimary === true || state?.secondary === true)) return;
      await sleep(50);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.stop()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #hosts(): string[] {
    return this.#members.map(({ uri }) => uri.slice("mongodb://".length));
  }

  #startMember(at: number, port?: number): Promise<Mongod> {
    return startMongod(join(this.#folder, String(at)), {
      args: ["--replSet", NAME],
      ...(port === undefined ? {} : { port }),
    });
  }
}

async function hello(uri: string): Promise<Document | undefined> {
  const client = new MongoClient(uri, { directConnection: true, serverSelectionTimeoutMS: 1_000 });
  try {
    return await client.db("admin").command({ hello: 1 });
  } catch {
    return undefined;
  } finally {
    await client.close();
  }
}
