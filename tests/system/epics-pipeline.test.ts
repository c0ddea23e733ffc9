import { type Context, getContext, type SubscribeOptions, shutdownAll } from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { times } from "../soak.ts";
import { CIoc } from "./support/c-ioc.ts";
import { FlightCounter } from "./support/flight-counter.ts";
import { startP4pServer } from "./support/p4p-server.ts";

const MONITOR = 13;
const WAIT = { timeout: 20_000, interval: 5 };
const ROUNDS = 100;
const BURST = 10_000;

/** What a client tells of a monitor: its subcommand, what it asks for as text, and the number at its end. */
interface Told {
  readonly subcommand: number;
  readonly text: string;
  readonly last: number;
}

/** The monitor frames in bytes that begin with a frame. */
function monitors(bytes: Buffer): Told[] {
  const all: Told[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const isBig = ((bytes[at + 2] ?? 0) & 0x80) !== 0;
    const isControl = ((bytes[at + 2] ?? 0) & 1) !== 0;
    const number = (from: number) => (isBig ? bytes.readUInt32BE(from) : bytes.readUInt32LE(from));
    const end = at + 8 + (isControl ? 0 : number(at + 4));
    if (!isControl && bytes[at + 3] === MONITOR) {
      const [subcommand, text] = [bytes[at + 16] ?? 0, bytes.toString("latin1", at + 17, end)];
      all.push({ subcommand, text, last: number(end - 4) });
    }
    at = end;
  }
  return all;
}

describe("a pipelined subscription", () => {
  let ioc: CIoc;
  let between: FlightCounter;
  let context: Context;
  const told: Told[] = [];

  beforeAll(async () => {
    ioc = await CIoc.start('record(calcout, "p:n") { field(INPA, "p:n.VAL") field(CALC, "A+1") }');
    between = await FlightCounter.start(ioc.ports, (bytes, pass, towards) => {
      if (towards === "server" && bytes[0] === 0xca) told.push(...monitors(bytes));
      pass(bytes);
    });
    context = getContext(between.context);
  });
  afterAll(async () => {
    await shutdownAll({ force: true });
    await between?.stop();
    await ioc?.stop();
  });

  /** Processes the record and waits for its update, many times; resolves to all values. */
  async function followed(options: SubscribeOptions): Promise<number[]> {
    const values: number[] = [];
    await using channel = context.channel("pva://p:n");
    await using process = context.channel("ca://p:n.PROC");
    channel.subscribe(({ value }) => values.push(Number(value)), options);
    await expect.poll(() => values.length, WAIT).toBe(1);
    for (let round = 1; round <= ROUNDS; round += 1) {
      await process.put(1);
      await expect.poll(() => values.length, WAIT).toBe(round + 1);
    }
    return values;
  }

  /** What was told since the last subscription was asked for. */
  const since = (): Told[] => told.slice(told.findLastIndex(({ subcommand }) => (subcommand & 0x08) !== 0));
  const acknowledged = (): number =>
    since()
      .filter(({ subcommand }) => subcommand === 0x80)
      .reduce((sum, { last }) => sum + last, 0);

  it("asks for its window and acknowledges each update of a C IOC, which waits for that", async () => {
    const values = await followed({ pipeline: true, queueSize: 7 });
    expect(values).toEqual(values.map((_, index) => (values[0] ?? 0) + index));
    const [asked, started] = since();
    expect(asked).toMatchObject({ subcommand: 0x88, last: 7 });
    expect(asked?.text).toMatch(/queueSize.*pipeline|pipeline.*queueSize/s);
    expect(asked?.text).toContain("true");
    expect(started?.subcommand).toBe(0x44);
    await expect.poll(acknowledged, WAIT).toBe(values.length);
  });

  it("is none by default, which has nothing to acknowledge", async () => {
    await followed({ queueSize: 7 });
    const [asked] = since();
    expect(asked).toMatchObject({ subcommand: 0x08 });
    expect(asked?.text).toContain("false");
    expect(acknowledged()).toBe(0);
  });

  it("loses nothing of a p4p server's burst where the window holds it", async () => {
    await using server = await startP4pServer({ "p:n": "i" });
    const values: number[] = [];
    const channel = getContext(server.context).channel("pva://p:n");
    channel.subscribe(({ value }) => values.push(Number(value)), { pipeline: true, queueSize: 5_000 });
    await expect.poll(() => values.length, WAIT).toBe(1);
    await server.burst("p:n", 4_000);
    await expect.poll(() => values.length, WAIT).toBe(4_001);
    expect(values).toEqual(values.map((_, index) => index));
  });

  it.each([1, 100])("of %s updates ends on the newest value of a p4p server's burst", async (queueSize) => {
    await using server = await startP4pServer({ "p:n": "i" });
    const values: number[] = [];
    const channel = getContext(server.context).channel("pva://p:n");
    channel.subscribe(({ value }) => values.push(Number(value)), { pipeline: true, queueSize });
    await expect.poll(() => values.length, WAIT).toBe(1);
    for (let round = 1; round <= times(2, 50); round += 1) {
      await server.burst("p:n", BURST);
      await expect.poll(() => values.at(-1), WAIT).toBe(BURST);
      const told = values.splice(0);
      expect(told).toEqual([...told].sort((a, b) => a - b));
    }
  });

  it("tells of what a C IOC merged while nothing was acknowledged", async () => {
    const held: (() => void)[] = [];
    let isHolding = false;
    const circuits = await FlightCounter.start(ioc.ports, (bytes, pass, towards) => {
      const acknowledges =
        towards === "server" && bytes[0] === 0xca && monitors(bytes).some(({ subcommand }) => subcommand === 0x80);
      if (isHolding && acknowledges) held.push(() => pass(bytes));
      else pass(bytes);
    });
    const channel = getContext(circuits.context).channel("pva://p:n");
    await using process = context.channel("ca://p:n.PROC");
    const values: number[] = [];
    let dropped = 0;
    const onDropped = (count: number) => {
      dropped += count;
    };
    channel.subscribe(({ value }) => values.push(Number(value)), { pipeline: true, queueSize: 100, onDropped });
    await expect.poll(() => values.length, WAIT).toBe(1);
    const last = Number(values[0]) + 10;
    isHolding = true;
    for (let round = 0; round < 10; round += 1) await process.put(1);
    await expect.poll(() => held.length, WAIT).toBeGreaterThan(0);
    isHolding = false;
    for (const acknowledgement of held.splice(0)) acknowledgement();
    await expect.poll(() => values.at(-1), WAIT).toBe(last);
    const gaps = values.filter((value, at) => at > 0 && value !== Number(values[at - 1]) + 1).length;
    expect(gaps).toBeGreaterThan(0);
    expect(dropped).toBe(gaps);
    await channel.close();
    await circuits.stop();
  });

  it("tells nothing twice of a server that repeats its value at each start", async () => {
    await using served = await CIoc.start('record(calcout, "p:n") { field(INPA, "p:n.VAL") field(CALC, "A+1") }', {
      pva: "pvxs",
    });
    const sent: Told[] = [];
    const circuits = await FlightCounter.start(served.ports, (bytes, pass) => {
      if (bytes[0] === 0xca) sent.push(...monitors(bytes));
      pass(bytes);
    });
    const values: number[] = [];
    const channel = getContext(circuits.context).channel("pva://p:n");
    channel.subscribe(({ value }) => values.push(Number(value)), { pipeline: true, queueSize: 4 });
    await using process = getContext(served.context).channel("ca://p:n.PROC");
    for (let round = 0; round < 6; round += 1) {
      await expect.poll(() => values.length, WAIT).toBe(round + 1);
      await process.put(1);
    }
    const starts = () => sent.filter(({ subcommand }) => subcommand === 0x44).length;
    await expect.poll(starts, WAIT).toBe(2);
    const repeated = sent.findLastIndex(({ subcommand }) => subcommand === 0x44);
    await expect.poll(() => sent.slice(repeated).some(({ subcommand }) => subcommand === 0), WAIT).toBe(true);
    await process.put(1);
    await expect.poll(() => values.length, WAIT).toBe(8);
    expect(values).toEqual(values.map((_, index) => (values[0] ?? 0) + index));
    await circuits.stop();
  });
});
