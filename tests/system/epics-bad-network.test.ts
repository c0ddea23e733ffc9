import { type Datatype, DatatypeMismatchError, type Reading, type SignalRW, t } from "cerulean/devices";
import {
  type Channel,
  ChannelError,
  type Context,
  caughtPanicCount,
  epicsSignalRW,
  getContext,
  PutOutcomeUnknownError,
  shutdownAll,
} from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { CIoc } from "./support/c-ioc.ts";
import { expectNothingLeft } from "./support/nothing-left.ts";

const WAIT = { timeout: 30_000, interval: 10 };
const PROTOCOLS = ["ca", "pva"] as const;
const MODES = ["monitored", "asked", "away"].flatMap((name) => PROTOCOLS.map((protocol) => `n:${name}:${protocol}`));

const records = (labels: readonly [string, string], other: string) => `
record(calc, "n:tick") { field(INPA, "n:tick.VAL") field(CALC, "A+1") field(SCAN, ".1 second") }
${MODES.map((pv) => `record(mbbo, "${pv}") { field(ZRST, "${labels[0]}") field(ONST, "${labels[1]}") field(VAL, "0") field(PINI, "YES") }`).join("\n")}
${PROTOCOLS.map(
  (protocol) => `record(longout, "n:count:${protocol}") { field(VAL, "7") field(PINI, "YES") }
record(${other}, "n:other:${protocol}") { field(VAL, "1") field(PINI, "YES") }`,
).join("\n")}
`;

const BEFORE = records(["Off", "On"], "ao");
const AFTER = records(["On", "Off"], "stringout");

/** The clients of one protocol, and what they asked for when the IOC could not answer. */
class Side {
  readonly protocol: string;
  readonly count: Channel;
  readonly ticks: number[] = [];
  readonly modes: Reading<string>[] = [];
  readonly others: Reading<number>[] = [];
  readonly states: string[] = [];
  readonly monitored: SignalRW<"Off" | "On">;
  readonly asked: SignalRW<"Off" | "On">;
  readonly away: SignalRW<"Off" | "On">;
  readonly other: SignalRW<number>;
  /** Of each question its answer or its error. */
  readonly answers = new Map<string, unknown>();
  readonly #context: Context;

  constructor(context: Context, protocol: string) {
    this.protocol = protocol;
    this.#context = context;
    const signal = <T>(datatype: Datatype<T>, name: string) =>
      epicsSignalRW(datatype, `${protocol}://n:${name}:${protocol}`, { name, context });
    const onOff = t.enum(["Off", "On"]);
    this.count = this.raw("count");
    this.monitored = signal(onOff, "monitored");
    this.asked = signal(onOff, "asked");
    this.away = signal(onOff, "away");
    this.other = signal(t.float, "other");
  }

  raw(name: string): Channel {
    return this.#context.channel(`${this.protocol}://n:${name}:${this.protocol}`);
  }

  async connect(): Promise<void> {
    const tick = this.#context.channel(`${this.protocol}://n:tick`);
    tick.subscribe(({ value }) => this.ticks.push(Number(value)));
    await Promise.all(
      [this.monitored, this.asked, this.away, this.other].map((one) => one.connect({ timeoutMs: 5_000 })),
    );
    this.monitored.subscribeReading((reading) => this.modes.push(reading));
    this.other.subscribeReading((reading) => this.others.push(reading));
    this.other.onConnection((state) => this.states.push(state));
    // Whoever has written before has the way of a put prepared, which is what is to be interrupted.
    await Promise.all([this.count.put(7), this.asked.set("Off").wait()]);
    const told = () => expect([this.modes.length, this.others.length, this.ticks.length > 2]).toEqual([1, 1, true]);
    await vi.waitFor(told, WAIT);
  }

  ask(question: string, answer: Promise<unknown>): void {
    const settle = (outcome: unknown) => void this.answers.set(question, outcome);
    answer.then(settle, settle);
  }
}

let ioc: CIoc;
let sides: Side[];
let panics: number;
const at = (protocol: string) => sides[PROTOCOLS.indexOf(protocol as "ca" | "pva")] as Side;

beforeAll(async () => {
  panics = caughtPanicCount();
  ioc = await CIoc.start(BEFORE);
  sides = PROTOCOLS.map((protocol) => new Side(getContext(ioc.context), protocol));
  await Promise.all(sides.map((side) => side.connect()));
});

afterAll(async () => {
  await shutdownAll({ force: true });
  await ioc?.stop();
});

describe("an IOC that hangs for a moment", () => {
  it.each(PROTOCOLS)("answers every get, put and monitor late and whole over %s", async (protocol) => {
    const { count, ticks } = at(protocol);
    await ioc.freeze();
    const get = count.get();
    const put = count.put(8);
    await new Promise((resolve) => setTimeout(resolve, 200));
    ioc.thaw();
    expect([7, 8]).toContain(await get);
    await put;
    expect(await count.get()).toBe(8);
    const heard = ticks.length;
    await expect.poll(() => ticks.length).toBeGreaterThan(heard + 2);
    expect(ticks).toEqual(ticks.map((_, index) => (ticks[0] ?? 0) + index));
  });
});

describe("an IOC that is killed while it is asked, and comes back with other labels and types", () => {
  beforeAll(async () => {
    await ioc.freeze();
    for (const side of sides) {
      side.ask("get in time", side.count.get({ timeoutMs: 1_000 }));
      side.ask("put", side.count.put(10, { timeoutMs: 30_000 }));
      side.ask("get of a label", side.asked.get({ cached: false, timeoutMs: 30_000 }));
      side.ask("put of a label", side.asked.set("On", { timeoutMs: 30_000 }).wait());
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    await ioc.kill();
    for (const side of sides) {
      await vi.waitFor(() => expect(side.states).toEqual(["disconnected"]), WAIT);
      await vi.waitFor(() => expect(side.answers.has("put of a label")).toBe(true), WAIT);
      side.ask("get while away", side.monitored.get({ cached: false, timeoutMs: 30_000 }));
      side.ask("put while away", side.away.set("Off", { timeoutMs: 30_000 }).wait());
      side.ask("get of another type", side.other.get({ cached: false, timeoutMs: 30_000 }));
      side.ask("put of another type", side.other.set(2.5, { timeoutMs: 30_000 }).wait());
    }
    await ioc.restart(AFTER);
    for (const side of sides) await vi.waitFor(() => expect(side.answers.size).toBe(8), WAIT);
  });

  describe.each(PROTOCOLS)("over %s", (protocol) => {
    it("fails the get by its PV and leaves the put unknown, never repeated", async () => {
      const { answers, count } = at(protocol);
      expect(answers.get("get in time")).toBeInstanceOf(ChannelError);
      expect(String(answers.get("get in time"))).toContain(count.source);
      expect(answers.get("put")).toBeInstanceOf(PutOutcomeUnknownError);
      expect(await count.get()).toBe(7);
      await count.put(11);
      expect(await count.get()).toBe(11);
    });

    it("takes up its monitors", async () => {
      const { ticks } = at(protocol);
      const heard = ticks.length;
      await expect.poll(() => ticks.length, WAIT).toBeGreaterThan(heard + 2);
    });

    it("gets and gives labels by their new order only", async () => {
      const { answers, modes, monitored } = at(protocol);
      expect(answers.get("get while away")).toBe("On");
      await expect.poll(() => modes.length, WAIT).toBe(3);
      expect(modes).toMatchObject([
        { value: "Off", alarmSeverity: 0 },
        { value: "Off", alarmSeverity: -1, message: "disconnected" },
        { value: "On", alarmSeverity: 0 },
      ]);
      await monitored.set("Off").wait();
      expect(await at(protocol).raw("monitored").get()).toBe(1);
    });

    it("never writes a label by its old index", async () => {
      const { answers } = at(protocol);
      expect(answers.get("put of a label")).toBeInstanceOf(PutOutcomeUnknownError);
      const got = answers.get("get of a label");
      expect(got instanceof ChannelError || got === "On", String(got)).toBe(true);
      expect(await at(protocol).raw("asked").get()).toBe(0);
      expect(answers.get("put while away")).toBeUndefined();
      expect(await at(protocol).raw("away").get()).toBe(1);
    });

    it("refuses what is now of another type, until the signal is connected again", async () => {
      const { answers, others, states } = at(protocol);
      expect(answers.get("get of another type")).toBeInstanceOf(DatatypeMismatchError);
      expect(answers.get("put of another type")).toBeInstanceOf(DatatypeMismatchError);
      await expect.poll(() => states, WAIT).toEqual(["disconnected", "mismatched"]);
      expect(others.every(({ value }) => value === 1)).toBe(true);
      expect(others.at(-1)).toMatchObject({ alarmSeverity: -1 });
      expect(await at(protocol).raw("other").get()).toBe("1");
    });
  });

  it("leaves nothing under way and no panic behind", async () => {
    await expectNothingLeft(panics);
  });
});
