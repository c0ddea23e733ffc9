import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EpicsBackend } from "../../../../src/devices/epics/epics-backend.ts";
import { type Datatype, SignalRW, t } from "../../../../src/devices/index.ts";
import { FakeIoc, type FakeRecordOptions } from "./fake-channel.ts";

const mode = { kind: "enum", value: 1, choices: ["Off", "On"] } as const;
const double = { kind: "float64", value: 2, precision: 0 } as const;
const PROTOCOLS = ["ca", "pva"] as const;

async function connected<T>(protocol: string, datatype: Datatype<T>, options: FakeRecordOptions) {
  const ioc = new FakeIoc();
  const record = ioc.add("X", { ...options });
  const pv = `${protocol}://X`;
  const signal = new SignalRW(new EpicsBackend(datatype, pv, pv, () => ioc), { name: "sig" });
  await signal.connect();
  // The first updates tell what is.
  await Promise.resolve();
  const events: string[] = [];
  signal.onConnection((event) => events.push(event));
  return { signal, record, events };
}

let warn: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
});
afterEach(() => warn.mockRestore());

describe.each(PROTOCOLS)("labels that change on a live channel over %s", (protocol) => {
  it("are taken at once where they fit, so that no value gets another's label", async () => {
    const { signal, record } = await connected(protocol, t.string, mode);
    expect(await signal.get()).toBe("On");
    record.change({ choices: ["On", "Off"] });
    expect(await signal.get()).toBe("Off");
    await signal.set("On").wait();
    expect(record.puts).toEqual([0]);
  });

  it("make a signal bad that was declared with others, until they are back", async () => {
    const { signal, record, events } = await connected(protocol, t.enum(["Off", "On"]), mode);
    await signal.stage();
    await vi.waitFor(() => expect(signal.latest?.value).toBe("On"));
    record.change({ choices: ["Off", "Standby"] });
    await vi.waitFor(() => expect(events).toEqual(["mismatched"]));
    expect(signal.latest).toMatchObject({ value: "On", alarmSeverity: -1 });
    await expect(signal.get({ cached: false })).rejects.toThrow('the record has ["Standby"] too');
    await expect(signal.set("On").wait()).rejects.toThrow("cannot be read as t.enum");
    await expect(signal.accept()).rejects.toThrow('the record has ["Standby"] too');
    expect(record.puts).toEqual([]);
    record.change({ choices: ["Off", "On"] });
    await vi.waitFor(() => expect(events).toEqual(["mismatched", "connected"]));
    expect(await signal.get({ cached: false })).toBe("On");
    await signal.dispose();
  });

  it("give another value to listeners, also where the server tells of properties only", async () => {
    const { signal, record, events } = await connected(protocol, t.enum(["Off", "On"]), mode);
    const seen: unknown[] = [];
    signal.subscribeReading(({ value, alarmSeverity }) => seen.push([value, alarmSeverity]));
    await vi.waitFor(() => expect(seen).toEqual([["On", 0]]));
    const told = (choices: readonly string[]) => {
      record.options = { ...record.options, choices };
      for (const listener of record.propertyListeners) listener(record.reading);
    };
    told(["On", "Off"]);
    await vi.waitFor(() => expect(signal.latest?.value).toBe("Off"));
    told(["On", "Standby"]);
    await vi.waitFor(() => expect(events).toEqual(["mismatched"]));
    record.post(0);
    told(["On", "Off"]);
    await vi.waitFor(() => expect(events).toEqual(["mismatched", "connected"]));
    expect(seen).toEqual([
      ["On", 0],
      ["Off", 0],
      ["Off", -1],
      ["On", 0],
    ]);
    await signal.dispose();
  });

  it("are the first sign of a server that was silent, which is told as connected once", async () => {
    const { signal, record, events } = await connected(protocol, t.enum(["Off", "On"]), mode);
    const tell = (state: "unresponsive" | "connected") => {
      for (const watcher of record.watchers) watcher(state);
    };
    tell("unresponsive");
    record.change({ choices: ["On", "Off"] });
    tell("connected");
    await vi.waitFor(() => expect(events).toEqual(["unresponsive", "connected"]));
    expect(await signal.get()).toBe("Off");
    tell("unresponsive");
    tell("connected");
    await vi.waitFor(() => expect(events).toEqual(["unresponsive", "connected", "unresponsive", "connected"]));
    await signal.dispose();
  });

  it("are judged when all of them have changed, where one after the other does", async () => {
    const { signal, record, events } = await connected(protocol, t.enum(["Off", "On"]), mode);
    record.change({ choices: ["On", "On"] });
    record.change({ choices: ["On", "Off"] });
    expect(await signal.get({ cached: false })).toBe("Off");
    expect(events).toEqual([]);
    await signal.dispose();
  });

  it("are known also where they changed after the check of a connection, before its first update", async () => {
    const { signal, record, events } = await connected(protocol, t.string, mode);
    record.disconnect();
    record.watchers.add((state) => {
      if (state === "connected") record.options = { ...record.options, choices: ["On", "Off"] };
    });
    record.reconnect();
    await expect.poll(() => signal.get({ cached: false })).toBe("Off");
    expect(events).toEqual(["disconnected", "connected"]);
    await signal.set("On").wait();
    expect(record.puts).toEqual([0]);
    await signal.dispose();
  });

  it("make a signal bad whose type was inferred, until they are accepted", async () => {
    const { signal, record, events } = await connected(protocol, t.any, mode);
    const seen: unknown[] = [];
    signal.subscribeReading(({ value, alarmSeverity }) => seen.push([value, alarmSeverity]));
    await vi.waitFor(() => expect(seen).toEqual([["On", 0]]));
    record.change({ choices: ["Off", "Standby"] });
    await vi.waitFor(() => expect(events).toEqual(["mismatched"]));
    await signal.accept();
    expect(await signal.get({ cached: false })).toBe("Standby");
    expect(signal.datatype.choices).toEqual(["Off", "Standby"]);
    expect(events).toEqual(["mismatched", "connected"]);
    expect(seen).toEqual([
      ["On", 0],
      ["On", -1],
      ["Standby", 0],
    ]);
    await signal.dispose();
  });
});

describe.each(PROTOCOLS)("a record that comes back as another one over %s", (protocol) => {
  it.each<[string, FakeRecordOptions]>([
    ["another type", { kind: "string", value: "x" }],
    ["an array", { kind: "float64", value: Float64Array.of(1), isArray: true, count: 5 }],
    ["other labels", { ...mode, choices: ["a", "b", "c"] }],
  ])("with %s is bad also where its type was inferred, until it is accepted", async (_what, options) => {
    const { signal, record, events } = await connected(protocol, t.any, options.kind === "enum" ? mode : double);
    record.disconnect();
    record.reconnect(options);
    await vi.waitFor(() => expect(events).toEqual(["disconnected", "mismatched"]));
    await expect(signal.get()).rejects.toThrow(`${protocol}://X is `);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(events).toEqual(["disconnected", "mismatched"]);
    await signal.accept();
    await signal.get();
    expect(events).toEqual(["disconnected", "mismatched", "connected"]);
    await signal.dispose();
  });

  it("is good again by itself when it comes back as it was", async () => {
    const { signal, record, events } = await connected(protocol, t.float, double);
    record.disconnect();
    record.reconnect({ kind: "string", value: "x" });
    await vi.waitFor(() => expect(events).toEqual(["disconnected", "mismatched"]));
    record.disconnect();
    record.reconnect(double);
    await vi.waitFor(() => expect(events.at(-1)).toBe("connected"));
    expect(await signal.get()).toBe(2);
    await signal.dispose();
  });
});

it("a float of whole numbers that gets a precision is no integer any more", async () => {
  for (const protocol of PROTOCOLS) {
    const { signal, record, events } = await connected(protocol, t.int, double);
    await signal.stage();
    await vi.waitFor(() => expect(signal.latest?.value).toBe(2));
    record.change({ precision: 2 });
    await vi.waitFor(() => expect(events).toEqual(["mismatched"]));
    await expect(signal.get({ cached: false })).rejects.toThrow("float64 with precision 2");
    await signal.dispose();
  }
});
