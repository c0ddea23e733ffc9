import { spawn } from "node:child_process";
import { once } from "node:events";
import { type Context, getContext, type SubscribeOptions } from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { times } from "../soak.ts";
import { CIoc } from "./support/c-ioc.ts";
import { FlightCounter } from "./support/flight-counter.ts";

const WAIT = { timeout: 10_000, interval: 5 };
const RECORDS = `
record(ao, "m:x") { field(MDEL, "5") field(ADEL, "10") field(HIHI, "90") field(HHSV, "MAJOR") field(VAL, "0") field(PINI, "YES") }
record(ao, "m:y") { field(HIHI, "3.2") field(HHSV, "MAJOR") field(VAL, "0") field(PINI, "YES") }
record(ao, "m:lost") { field(VAL, "1") field(PINI, "YES") }
record(calc, "m:tick") { field(INPA, "m:tick.VAL") field(CALC, "A+1") field(SCAN, ".1 second") }
`;

let ioc: CIoc;
let context: Context;

beforeAll(async () => {
  ioc = await CIoc.start(RECORDS);
  context = getContext(ioc.context);
});
afterAll(async () => {
  await context?.close({ force: true });
  await ioc?.stop();
});

async function told(pv: string, options: SubscribeOptions): Promise<number[]> {
  const values: number[] = [];
  context.channel(pv).subscribe(({ value }) => values.push(Number(value)), options);
  await expect.poll(() => values, WAIT).toEqual([0]);
  return values;
}

const putAll = async (pv: string, values: readonly number[]) => {
  await using channel = context.channel(pv);
  for (const value of values) await channel.put(value);
};

it("a monitor over Channel Access is told of the events of its mask", async () => {
  const value = await told("ca://m:x", { mask: ["value"] });
  const log = await told("ca://m:x", { mask: ["log"] });
  const alarm = await told("ca://m:x", { mask: ["alarm"] });
  const usual = await told("ca://m:x", {});
  await putAll("ca://m:x", [6, 12, 14, 95, 92]);
  await expect.poll(() => value, WAIT).toEqual([0, 6, 12, 95]);
  await expect.poll(() => log, WAIT).toEqual([0, 12, 95]);
  await expect.poll(() => alarm, WAIT).toEqual([0, 95]);
  await expect.poll(() => usual, WAIT).toEqual([0, 6, 12, 95]);
});

describe.each(["ca", "pva"] as const)("a monitor over %s", (protocol) => {
  const pv = (name: string) => `${protocol}://m:${name}`;

  it("with a deadband of the client passes over what is near, unless the alarm changed", async () => {
    await putAll(pv("y"), [0]);
    const values = await told(pv("y"), { clientDeadband: 2 });
    await putAll(pv("y"), [1, 2.5, 3, 3.5, 4, 6]);
    await expect.poll(() => values, WAIT).toEqual([0, 2.5, 3.5, 6]);
  });

  it("as a loop ends with the reason of its signal, at its deadline, and when nothing comes", async () => {
    const follow = async (name: string, options: Parameters<typeof tick.readings>[0]) => {
      let count = 0;
      const channel = name === "tick" ? tick : still;
      try {
        for await (const _ of channel.readings(options)) count += 1;
      } catch (error) {
        return { count, error: String(error) };
      }
      throw new Error("the loop ended by itself");
    };
    await using tick = context.channel(pv("tick"));
    await using still = context.channel(pv("y"));
    await Promise.all([tick.connect(), still.connect()]);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough of it")), 350);
    const aborted = await follow("tick", { signal: controller.signal });
    expect(aborted).toEqual({ count: expect.any(Number), error: "Error: enough of it" });
    expect(aborted.count).toBeGreaterThan(1);
    expect(await follow("tick", { deadlineMs: 250 })).toMatchObject({ error: expect.stringContaining(pv("tick")) });
    expect(await follow("y", { perUpdateMs: 150 })).toEqual({ count: 1, error: expect.stringContaining(pv("y")) });
  });
});

/** What a server sends over pvAccess, message by message; loopback cuts none of so few bytes. */
function* messagesIn(bytes: Buffer): Generator<{ readonly message: Buffer; readonly isUpdate: boolean }> {
  const [header, monitor] = [8, 13];
  for (let at = 0; at < bytes.length; ) {
    const isControl = ((bytes[at + 2] ?? 0) & 1) !== 0;
    const size = isControl ? 0 : bytes.readUInt32LE(at + 4);
    const message = bytes.subarray(at, at + header + size);
    yield { message, isUpdate: !isControl && message[3] === monitor && message[header + 4] === 0 };
    at += header + size;
  }
}

it("a monitor over pvAccess tells what was posted while it began, though its server lost that, and tells nothing twice", async () => {
  await using direct = context.channel("pva://m:lost");
  await direct.connect();
  let posted: Promise<void> | undefined;
  let [losing, lost] = [true, 0];
  await using between = await FlightCounter.start(ioc.ports, (bytes, pass, towards) => {
    if (towards === "server") return pass(bytes);
    for (const { message, isUpdate } of messagesIn(bytes)) {
      if (!isUpdate || !losing) pass(message);
      else if (posted !== undefined) lost += 1;
      else posted = direct.put(2).then(() => pass(message));
    }
  });
  await using elsewhere = getContext(between.context);
  await using channel = elsewhere.channel("pva://m:lost");
  const seen: unknown[] = [];
  channel.subscribe(({ value }) => seen.push(value));
  await expect.poll(() => seen, WAIT).toEqual([1, 2]);
  await posted;
  expect(lost).toBe(1);
  losing = false;
  await direct.put(3);
  await expect.poll(() => seen, WAIT).toEqual([1, 2, 3]);

  const calm: unknown[] = [];
  channel.subscribe(({ value }) => calm.push(value));
  await expect.poll(() => calm, WAIT).toEqual([3]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await direct.put(4);
  await expect.poll(() => calm, WAIT).toEqual([3, 4]);
});

it("a process ends at once and clean with a hundred of them, again and again", async () => {
  const script = `import { getContext } from "cerulean/epics";
const context = getContext(${JSON.stringify(ioc.context)});
let left = 300;
for (let at = 0; at < 100; at += 1) {
  context.channel(at % 2 === 0 ? "ca://m:tick" : "pva://m:tick").subscribe(() => { left -= 1; if (left === 0) process.exit(0); }, { hold: true });
}`;
  const root = new URL("../../", import.meta.url);
  for (let round = 0; round < times(4, 200); round += 1) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd: root, stdio: "inherit" });
    expect(await once(child, "exit")).toEqual([0, null]);
  }
}, 600_000);
