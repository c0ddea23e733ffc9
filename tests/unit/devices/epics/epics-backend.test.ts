import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EpicsBackend } from "../../../../src/devices/epics/epics-backend.ts";
import { ConnectionChangedError } from "../../../../src/devices/epics/errors.ts";
import * as devices from "../../../../src/devices/index.ts";
import { type Datatype, SignalRW, t, waitForValue } from "../../../../src/devices/index.ts";
import { signalBackendSuite } from "../../../suites/signal-backend.ts";
import { FakeIoc, type FakeRecordOptions } from "./fake-channel.ts";

const mode = { kind: "enum", value: 0, choices: ["Off", "On"] } as const;

function make<T>(datatype: Datatype<T>, options: FakeRecordOptions) {
  const ioc = new FakeIoc();
  const record = ioc.add("X", { ...options });
  const signal = new SignalRW(new EpicsBackend(datatype, "X", "X", () => ioc), { name: "sig" });
  return { ioc, record, signal };
}

async function connected<T>(datatype: Datatype<T>, options: FakeRecordOptions) {
  const made = make(datatype, options);
  await made.signal.connect();
  return made;
}

let warn: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
});
afterEach(() => warn.mockRestore());

signalBackendSuite(
  "a signal over channels",
  {
    datatype: t.float,
    values: [1.5, 2.5],
    make: async () => (await connected(t.float, { kind: "float64", value: 1.5, precision: 3 })).signal,
    dataKey: { dtype: "number", shape: [], dtype_numpy: "<f8", precision: 3, source: "ca://X" },
  },
  devices,
);

signalBackendSuite<"Off" | "On">(
  "an enum signal over channels",
  {
    datatype: t.enum(["Off", "On"]),
    values: ["Off", "On"],
    make: async () => (await connected(t.enum(["Off", "On"]), mode)).signal,
    dataKey: { dtype: "string", choices: ["Off", "On"] },
  },
  devices,
);

describe("an EPICS signal", () => {
  it("refuses two PVs of differing protocols when it is made, and of differing types when it connects", async () => {
    const ioc = new FakeIoc();
    expect(() => new EpicsBackend(t.float, "X", "pva://Y", () => ioc)).toThrow(
      "Differing protocols: ca://X and pva://Y",
    );
    expect(() => new EpicsBackend(t.float, "http://X", "http://X", () => ioc)).toThrow('there is no protocol "http"');
    ioc.add("A", { kind: "float64", value: 1 });
    ioc.add("B", { kind: "string", value: "" });
    const signal = new SignalRW(new EpicsBackend(t.float, "A", "B", () => ioc), { name: "sig" });
    await expect(signal.connect()).rejects.toThrow("Differing types: ca://A is float64, ca://B is string");
  });

  it("reads one PV and writes the other", async () => {
    const ioc = new FakeIoc();
    const readback = ioc.add("X_RBV", { kind: "float64", value: 1 });
    const setpoint = ioc.add("X", { kind: "float64", value: 5 });
    const signal = new SignalRW(new EpicsBackend(t.float, "X_RBV", "X", () => ioc), { name: "sig" });
    await signal.connect();
    setpoint.onPut = (value) => {
      setpoint.post(value as number);
      readback.post((value as number) / 2);
    };
    await signal.set(8).wait();
    expect(await signal.locate()).toEqual({ setpoint: 8, readback: 4 });
  });

  it("says which PV is not there, and says that it was never connected", async () => {
    const signal = new SignalRW(new EpicsBackend(t.float, "nope", "nope", () => new FakeIoc()), { name: "sig" });
    await expect(signal.get()).rejects.toThrow("ca://nope has not been connected; await connect() first");
    await expect(signal.connect()).rejects.toThrow("ca://nope is not connected");
  });

  it("gives its channels back when it is disposed, and can be connected again", async () => {
    const { ioc, signal } = await connected(t.float, { kind: "float64", value: 1 });
    expect(ioc.open).toBe(1);
    await signal.stage();
    await signal.dispose();
    expect(ioc.open).toBe(0);
    await signal.connect();
    expect(await signal.get()).toBe(1);
  });
});

describe("a lost connection", () => {
  it("is an event and a reading of severity -1, and heals by itself", async () => {
    const { record, signal } = await connected(t.float, { kind: "float64", value: 1 });
    const events: string[] = [];
    const severities: (number | undefined)[] = [];
    signal.onConnection((state) => events.push(state));
    signal.subscribeReading(({ alarmSeverity }) => severities.push(alarmSeverity));
    await waitForValue(signal, 1);
    record.disconnect();
    expect(signal.latest).toMatchObject({ value: 1, alarmSeverity: -1, message: "disconnected" });
    await expect(signal.get({ timeoutMs: 10 })).rejects.toThrow("ca://X was not found within 10 ms");
    expect(await signal.get({ cached: true })).toBe(1);
    const early = signal.get();
    record.reconnect({ kind: "float64", value: 7 });
    await waitForValue(signal, 7);
    expect(await early).toBe(7);
    expect(events).toEqual(["disconnected", "connected"]);
    expect(severities).toEqual([0, -1, 0]);
  });

  it("checks what came back before anything of it is passed on", async () => {
    const { record, signal } = await connected(t.float, { kind: "float64", value: 1 });
    const events: string[] = [];
    signal.onConnection((state) => events.push(state));
    const seen: unknown[] = [];
    signal.subscribeReading(({ value, alarmSeverity }) => seen.push([value, alarmSeverity]));
    await waitForValue(signal, 1);
    record.disconnect();
    record.reconnect({ kind: "string", value: "surprise" });
    await vi.waitFor(() => expect(events).toEqual(["disconnected", "mismatched"]));
    expect(seen).toEqual([
      [1, 0],
      [1, -1],
      [1, -1],
    ]);
    await expect(signal.get()).rejects.toThrow("ca://X is string and cannot be read as t.float");
    await expect(signal.set(2).wait()).rejects.toThrow("cannot be read as t.float");
    expect(record.puts).toEqual([]);
  });

  it("maps labels by their new order after a restart with another order", async () => {
    const { record, signal } = await connected(t.enum(["Off", "On"]), mode);
    const seen: string[] = [];
    signal.subscribeReading(({ value, alarmSeverity }) => {
      if (alarmSeverity === 0) seen.push(value);
    });
    await waitForValue(signal, "Off");
    record.disconnect();
    record.reconnect({ kind: "enum", value: 0, choices: ["On", "Off"] });
    await waitForValue(signal, "On");
    expect(seen).toEqual(["Off", "On"]);
    await signal.set("Off").wait();
    expect(record.puts).toEqual([1]);
  });

  it("writes the label that was asked for while it was away, by its new index", async () => {
    const { record, signal } = await connected(t.enum(["Off", "On"]), mode);
    record.disconnect();
    const set = signal.set("Off").wait();
    record.reconnect({ kind: "enum", value: 0, choices: ["On", "Off"] });
    await set;
    expect(record.puts).toEqual([1]);
  });

  it("makes the value of a put anew that was refused because the connection is another one", async () => {
    const { record, signal } = await connected(t.enum(["Off", "On"]), mode);
    const taken: unknown[] = [];
    record.onPut = (value) => {
      if (record.puts.length > 1) return void taken.push(value);
      record.disconnect();
      record.reconnect({ kind: "enum", value: 0, choices: ["On", "Off"] });
      throw new ConnectionChangedError("ca://X", "ca://X has another connection");
    };
    await signal.set("On").wait();
    expect(record.puts).toEqual([1, 0]);
    expect(taken).toEqual([0]);
  });

  it("reads again when the answer may be of the connection before", async () => {
    const { record, signal } = await connected(t.enum(["Off", "On"]), mode);
    const get = signal.get();
    record.disconnect();
    record.reconnect({ kind: "enum", value: 0, choices: ["On", "Off"] });
    expect(await get).toBe("On");
  });

  it("ends what waits for it when the signal is disposed of, and with the reason of an abort", async () => {
    const { record, signal } = await connected(t.float, { kind: "float64", value: 1 });
    record.disconnect();
    const abort = new AbortController();
    const aborted = expect(signal.get({ signal: abort.signal })).rejects.toThrow("not now");
    const disposed = expect(signal.set(3).wait()).rejects.toThrow("ca://X was disposed of");
    abort.abort(new Error("not now"));
    await aborted;
    await signal.dispose();
    await disposed;
    expect(record.puts).toEqual([]);
  });

  it("stays refused until the signal is connected again", async () => {
    const { record, signal } = await connected(t.float, { kind: "float64", value: 1 });
    record.disconnect();
    record.reconnect({ kind: "string", value: "surprise" });
    await vi.waitFor(() => expect(warn).toHaveBeenCalled());
    record.options = { kind: "float64", value: 3 };
    await expect(signal.get()).rejects.toThrow("cannot be read");
    await signal.connect({ force: true });
    expect(await signal.get()).toBe(3);
  });
});

describe("an update that can't be taken", () => {
  it("is warned about and leaves the last value in doubt, never a wrong one", async () => {
    const { record, signal } = await connected(t.enum(["Off", "On"]), mode);
    await signal.stage();
    await waitForValue(signal, "Off");
    record.post(7);
    expect(signal.latest).toMatchObject({ value: "Off", alarmSeverity: -1 });
    expect(String(warn.mock.calls[0]?.[0])).toContain("an update of ca://X can't be taken");
  });
});

describe("a server whose clock is not ours", () => {
  it("is told once, with how far it is off", async () => {
    const { record, signal } = make(t.float, { kind: "float64", value: 1 });
    record.host = "ioc-ahead:5064";
    record.clockAhead = 30;
    await signal.connect();
    await signal.get();
    await signal.get();
    expect(warn.mock.calls).toHaveLength(1);
    expect(String(warn.mock.calls[0]?.[0])).toMatch(/the clock of ioc-ahead:5064 is (30\.0|29\.9) s ahead of ours/);
  });

  it("is told by updates and not by values that are old", async () => {
    const { record, signal } = make(t.float, { kind: "float64", value: 1 });
    record.host = "ioc-behind:5064";
    record.clockAhead = -60;
    await signal.connect();
    await signal.get();
    await signal.stage();
    await waitForValue(signal, 1);
    expect(warn).not.toHaveBeenCalled();
    record.clockAhead = -30;
    record.post(3);
    expect(String(warn.mock.calls[0]?.[0])).toContain("the clock of ioc-behind:5064 is 30.0 s behind ours");
  });
});
