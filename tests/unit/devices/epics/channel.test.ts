import { beforeEach, describe, expect, it } from "vitest";
import { Channel } from "../../../../src/devices/epics/channel.ts";
import type { ChannelReading, ConnectionState } from "../../../../src/devices/epics/channel-types.ts";
import {
  ChannelClosedError,
  ChannelTimeoutError,
  ChannelTypeError,
  NotConnectedError,
  PutOutcomeUnknownError,
  WriteAccessError,
} from "../../../../src/devices/epics/errors.ts";
import { Queue } from "../../../../src/devices/epics/queue.ts";
import { FakeAddon } from "./fake-addon.ts";

const DOUBLE = { kind: "float64", isArray: false, count: 1, writable: true, host: "here:5064", typeId: null };
const ENUM = { ...DOUBLE, kind: "enum" };
const NO_LIMITS = { display: null, control: null, warning: null, alarm: null };
const enumMetadata = (choices: string[]) => ({
  info: ENUM,
  units: null,
  precision: null,
  description: null,
  limits: NO_LIMITS,
  choices,
});

describe("a channel", () => {
  let addon: FakeAddon;
  let queue: Queue;
  let channel: Channel;

  beforeEach(() => {
    addon = new FakeAddon();
    queue = new Queue(addon);
    channel = new Channel(queue, 1, "ca", "X");
  });

  it("connects and tells its protocol with what the server said", async () => {
    const connected = channel.connect();
    addon.object(addon.last("connect"), DOUBLE);
    expect(await connected).toEqual({ protocol: "ca", ...DOUBLE });
    expect(channel.connected).toBe(true);
  });

  it("reads a value with its alarm, named, and its time stamp", async () => {
    const reading = channel.read();
    addon.reading(addon.last("read"), 9.5, 2, 3);
    expect(await reading).toEqual({
      value: 9.5,
      timestamp: 1700000000.5,
      alarmSeverity: 2,
      alarmStatus: 3,
      message: "HIHI",
    });
  });

  it("names the alarm status that only pvAccess has", async () => {
    const reading = channel.read();
    addon.reading(addon.last("read"), true, 1, -2);
    expect(await reading).toMatchObject({ value: true, alarmStatus: "driver", message: "driver" });
  });

  it("takes what is no number from beside the numbers, in order", async () => {
    const first = channel.get();
    const one = addon.last("read");
    const second = channel.get();
    const two = addon.last("read");
    addon.batch([
      [2, one, { value: "text" }],
      [2, two, { value: 12n }],
    ]);
    expect([await first, await second]).toEqual(["text", 12n]);
  });

  it.each([Number.NaN, "5", null])(
    "refuses a time-out that is no time, %s, before anything is asked",
    async (timeoutMs) => {
      const options = { timeoutMs: timeoutMs as number };
      for (const operation of [channel.get(options), channel.put(1, options), channel.connect(options)]) {
        await expect(operation).rejects.toThrow(`not ${timeoutMs}`);
      }
      expect(queue.pending).toBe(0);
    },
  );

  it("says that it was not found when the time is over before anything was sent", async () => {
    const read = channel.read({ timeoutMs: 5 });
    await expect(read).rejects.toThrow(NotConnectedError);
    await expect(read).rejects.toThrow("ca://X was not found within 5 ms");
    expect(addon.cancelled).toEqual([addon.last("read")]);
    expect(queue.pending).toBe(0);
  });

  it("says that it did not answer when the request was sent", async () => {
    addon.phase = 2;
    await expect(channel.read({ timeoutMs: 5 })).rejects.toThrow(ChannelTimeoutError);
  });

  it("says that a put's outcome is unknown when it was sent and never confirmed, and does not repeat it", async () => {
    addon.phase = 2;
    const put = channel.put(1, { timeoutMs: 5 });
    await expect(put).rejects.toThrow(PutOutcomeUnknownError);
    await expect(put).rejects.toMatchObject({ source: "ca://X", code: "PUT_OUTCOME_UNKNOWN" });
    expect(addon.asked.filter(({ what }) => what === "put")).toHaveLength(1);
  });

  it("keeps an earlier deadline than the one that the timer waits for", async () => {
    const patient = channel.read({ timeoutMs: 60_000 });
    await expect(channel.read({ timeoutMs: 5 })).rejects.toThrow(NotConnectedError);
    addon.reading(addon.asked[0]?.operation ?? 0, 1);
    expect(await patient).toMatchObject({ value: 1 });
  });

  it("leaves nothing under way when a read is aborted", async () => {
    const controller = new AbortController();
    const read = channel.read({ signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(read).rejects.toThrow("enough");
    expect(addon.cancelled).toEqual([addon.last("read")]);
    expect(queue.pending).toBe(0);
  });

  it("asks nothing when it is aborted before", async () => {
    await expect(channel.read({ signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
    expect(addon.asked).toEqual([]);
  });

  it("rebuilds the error class of the addon's code with the PV in the message", async () => {
    const put = channel.put(1);
    addon.fail(addon.last("put"), 2, "denies write access to this client");
    await expect(put).rejects.toThrow(WriteAccessError);
    await expect(put).rejects.toThrow("ca://X denies write access to this client");
  });

  it("writes a label to an enum as its index, by the choices of this moment", async () => {
    const put = channel.put("Bbb");
    addon.object(addon.last("connect"), ENUM);
    await expect.poll(() => addon.asked.some(({ what }) => what === "metadata")).toBe(true);
    addon.object(addon.last("metadata"), enumMetadata(["Aaa", "Bbb"]));
    await expect.poll(() => addon.asked.some(({ what }) => what === "put")).toBe(true);
    expect(addon.asked.at(-1)?.arguments).toEqual([1, 1, "", true, 1]);
    addon.done(addon.last("put"));
    await put;
  });

  it("looks a label up again when the connection changed before its index was sent", async () => {
    const put = channel.put("Bbb");
    addon.object(addon.last("connect"), ENUM);
    const puts = () => addon.asked.filter(({ what }) => what === "put");
    for (const [attempt, choices] of [
      ["Aaa", "Bbb"],
      ["Bbb", "Aaa"],
    ].entries()) {
      const asked = () => addon.asked.filter(({ what }) => what === "metadata").length;
      await expect.poll(asked).toBe(attempt + 1);
      addon.object(addon.last("metadata"), enumMetadata(choices));
      await expect.poll(() => puts().length).toBe(attempt + 1);
      if (attempt === 0) addon.fail(addon.last("put"), 8, "has another connection");
    }
    expect(puts().map(({ arguments: [, value] }) => value)).toEqual([1, 0]);
    addon.done(addon.last("put"));
    await put;
  });

  it("refuses a label that is no choice, names the choices and writes nothing", async () => {
    const put = channel.put("Ddd");
    addon.object(addon.last("connect"), ENUM);
    await expect.poll(() => addon.asked.some(({ what }) => what === "metadata")).toBe(true);
    addon.object(addon.last("metadata"), enumMetadata(["Aaa", "Bbb"]));
    await expect(put).rejects.toThrow(ChannelTypeError);
    await expect(put).rejects.toThrow('"Ddd" is not a valid choice for ca://X, valid choices: ["Aaa", "Bbb"]');
    expect(addon.asked.some(({ what }) => what === "put")).toBe(false);
  });

  it("writes text to a channel of text as it is", async () => {
    const put = channel.put("hello", { wait: false });
    addon.object(addon.last("connect"), { ...DOUBLE, kind: "string" });
    await expect.poll(() => addon.asked.at(-1)?.what).toBe("put");
    expect(addon.asked.at(-1)?.arguments).toEqual([1, "hello", "", false, 0]);
    addon.done(addon.last("put"));
    await put;
  });

  it("gives all updates in order, what was dropped and each connection state", () => {
    const values: unknown[] = [];
    const states: ConnectionState[] = [];
    const dropped: number[] = [];
    const listener = (reading: ChannelReading) => values.push(reading.value);
    const subscription = channel.subscribe(listener, {
      onConnection: (state) => states.push(state),
      onDropped: (count) => dropped.push(count),
      mask: ["value", "property"],
      queueSize: 50,
    });
    const operation = addon.last("subscribe");
    expect(addon.asked.find(({ what }) => what === "subscribe")?.arguments).toEqual([1, 1 + 8, 50, false, 50, false]);
    addon.readings(operation, [1, 2, 3]);
    addon.dropped(operation, 7);
    addon.connection(addon.last("watch"), 1);
    addon.connection(addon.last("watch"), 0);
    subscription.unsubscribe();
    addon.reading(operation, 4);
    expect(values).toEqual([1, 2, 3]);
    expect(dropped).toEqual([7]);
    expect(states).toEqual(["disconnected", "connected"]);
    expect(queue.pending).toBe(0);
  });

  it("goes on with a batch when a listener throws", async () => {
    const values: unknown[] = [];
    const thrown: unknown[] = [];
    const heard = (error: unknown) => thrown.push(error);
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException").on("uncaughtException", heard);
    try {
      channel.subscribe(({ value }) => {
        values.push(value);
        if (value === 1) throw new Error("a listener's own");
      });
      addon.readings(addon.last("subscribe"), [1, 2]);
      await expect.poll(() => thrown).toHaveLength(1);
    } finally {
      process.removeAllListeners("uncaughtException");
      for (const other of others) process.on("uncaughtException", other);
    }
    expect(values).toEqual([1, 2]);
  });

  it("fails what is under way when it is closed, and stays closed", async () => {
    const read = channel.read();
    channel.close();
    channel.close();
    await expect(read).rejects.toThrow(ChannelClosedError);
    await expect(channel.read()).rejects.toThrow("ca://X is closed");
    expect(() => channel.subscribe(() => {})).toThrow(ChannelClosedError);
    expect(channel.connected).toBe(false);
    expect(addon.opened.size).toBe(0);
  });
});
