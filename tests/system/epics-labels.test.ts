import { ConnectionChangedError, type Context, getContext, shutdownAll } from "cerulean/epics";
import { afterEach, describe, expect, it } from "vitest";
import { CIoc } from "./support/c-ioc.ts";

const PROTOCOLS = ["ca", "pva"] as const;
const records = (labels: readonly [string, string]) =>
  `record(mbbo, "l:mode") { field(ZRST, "${labels[0]}") field(ONST, "${labels[1]}") field(VAL, "0") field(PINI, "YES") }`;

/** Two IOCs with one record, its labels in another order in each. The second one stands still until it takes the first one's place. */
class Succession implements AsyncDisposable {
  readonly context: Context;
  readonly #first: CIoc;
  readonly #second: CIoc;

  private constructor(first: CIoc, second: CIoc) {
    this.#first = first;
    this.#second = second;
    const both = (port: "ca" | "pvaSearch") => [first, second].map(({ ports }) => `127.0.0.1:${ports[port]}`);
    this.context = getContext({
      autoAddrList: false,
      ca: { addrList: both("ca") },
      pva: { addrList: both("pvaSearch") },
    });
  }

  static async start(): Promise<Succession> {
    const [first, second] = await Promise.all([CIoc.start(records(["Off", "On"])), CIoc.start(records(["On", "Off"]))]);
    await second.freeze();
    return new Succession(first, second);
  }

  /** Without a turn of the loop: what was answered before is heard of only when the second IOC serves. */
  happen(connection: () => number): void {
    process.kill(this.#first.pid, "SIGKILL");
    this.#second.thaw();
    const until = performance.now() + 30_000;
    while (connection() < 2) if (performance.now() > until) throw new Error("the second IOC was not found");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await shutdownAll({ force: true });
    await this.#first.stop();
    await this.#second.stop();
  }
}

/** Lets everything be asked that is asked before the next turn of the loop, and be answered, but nobody hear of it. */
async function asked(): Promise<void> {
  for (let step = 0; step < 50; step += 1) await Promise.resolve();
  const until = performance.now() + 200;
  while (performance.now() < until);
}

afterEach(() => shutdownAll({ force: true }));

describe.each(PROTOCOLS)("a label over %s, looked up before another IOC took the record over", (protocol) => {
  const name = `${protocol}://l:mode`;

  it("is written by the labels of the IOC that it is written to", async () => {
    await using succession = await Succession.start();
    const channel = succession.context.channel(name);
    await channel.connect();
    const put = channel.put("On");
    await asked();
    succession.happen(() => channel.connection);
    await put;
    expect(await channel.get()).toBe(0);
    await channel.put("Off");
    expect(await channel.get()).toBe(1);
  });

  it("is so among those that are put in bulk", async () => {
    await using succession = await Succession.start();
    const channel = succession.context.channel(name);
    await succession.context.bulkConnect([name]);
    await channel.put(1);
    const put = succession.context.bulkPut(new Map([[name, "Off"]]));
    await asked();
    succession.happen(() => channel.connection);
    expect(await put).toEqual(new Map([[name, { ok: true }]]));
    expect(await channel.get()).toBe(1);
  });

  it("is not written at all as the index that was made for the first", async () => {
    await using succession = await Succession.start();
    const channel = succession.context.channel(name);
    await channel.connect();
    const { connection } = channel;
    await channel.put(0, { connection });
    succession.happen(() => channel.connection);
    const put = channel.put(1, { connection });
    await expect(put).rejects.toThrow(ConnectionChangedError);
    await expect(put).rejects.toThrow(`${name} has another connection`);
    expect(await channel.get()).toBe(0);
  });
});
