import { describe, expect, it, vi } from "vitest";
import {
  observeValue,
  type Reading,
  type SignalBackend,
  SignalRW,
  SignalX,
  SoftBackend,
  setAndWaitForValue,
  softSignalRAndSetter,
  softSignalRW,
  status,
  t,
  waitForValue,
} from "../../../src/devices/index.ts";
import { mockOf } from "../../../src/testing/index.ts";

/** A backend whose monitor lags behind its writes: updates go out when the test says so. */
class LaggingBackend extends SoftBackend<number> implements SignalBackend<number> {
  readonly held: Reading<number>[] = [];
  lag = false;
  #emit: ((reading: Reading<number>) => void) | undefined;

  override setListener(listener: ((reading: Reading<number>) => void) | undefined): void {
    this.#emit = listener;
    super.setListener(listener && ((reading) => (this.lag ? this.held.push({ ...reading }) : listener(reading))));
  }

  flush(): void {
    for (const reading of this.held.splice(0)) this.#emit?.(reading);
  }
}

describe("an awaited set", () => {
  it("is seen by a cached read although the monitor's update has not come yet", async () => {
    const backend = new LaggingBackend(t.float, 1);
    const signal = new SignalRW(backend, { name: "sig" });
    await signal.stage();
    backend.lag = true;
    await signal.set(2).wait();
    expect(await signal.get({ cached: true })).toBe(2);
  });

  it("is not undone by an update from before it that arrives late", async () => {
    const backend = new LaggingBackend(t.float, 1);
    const signal = new SignalRW(backend, { name: "sig" });
    const seen: number[] = [];
    signal.subscribeReading(({ value }) => seen.push(value));
    backend.lag = true;
    await signal.set(2).wait();
    backend.held.splice(0);
    backend.held.push({ value: 1.5, timestamp: Date.now() / 1000 - 0.2 });
    backend.flush();
    expect(await signal.get({ cached: true })).toBe(2);
    expect(seen).toEqual([1, 1.5]);
  });
});

describe("a signal", () => {
  it("keeps a listener that throws from the others, and reports it", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const signal = softSignalRW(t.int, 1, { name: "sig" });
    const seen: number[] = [];
    signal.subscribeReading(() => {
      throw new Error("listener broke");
    });
    signal.subscribeReading(({ value }) => seen.push(value));
    await signal.set(2).wait();
    expect(seen).toEqual([1, 2]);
    expect(String(warn.mock.calls[0]?.[0])).toContain("listener broke");
    warn.mockRestore();
  });

  it("refuses a fraction for a whole number and a label that there is not", async () => {
    const whole = softSignalRW(t.int, 1, { name: "whole" });
    await expect(whole.set(1.5).wait()).rejects.toThrow("soft://whole: 1.5 is not a whole number");
    const mode = softSignalRW(t.enum(["Off", "On"]), "Off", { name: "mode" });
    await expect(mode.set("Maybe" as "On").wait()).rejects.toThrow('"Maybe" is not a valid choice');
  });

  it("takes neither null nor undefined for a value", async () => {
    const number = softSignalRW(t.float, 1, { name: "number" });
    const mode = softSignalRW(t.enum(["Off", "On"]), "Off", { name: "mode" });
    await Promise.all([number.connect({ mock: true }), mode.connect({ mock: true })]);
    for (const none of [null, undefined] as never[]) {
      await expect(number.set(none).wait()).rejects.toThrow(`${none} is not a number`);
      await expect(mode.set(none).wait()).rejects.toThrow(`${none} is not a label`);
    }
    expect([mockOf(number).calls, mockOf(mode).calls]).toEqual([[], []]);
  });

  it("waits for completion only where its predicate says so", async () => {
    const signal = softSignalRW(t.int, 0, { name: "sig", wait: (value) => value === 1 });
    await signal.connect({ mock: true });
    const mock = mockOf(signal);
    mock.block();
    const waiting = signal.set(1);
    await signal.set(2).wait();
    expect(waiting.done).toBe(false);
    expect(mock.calls).toEqual([
      { value: 1, wait: true },
      { value: 2, wait: false },
    ]);
    mock.unblock();
    await waiting.wait();
  });

  it("tells -1 when it is away, asks anew without an explicit choice, and answers from the cache when told to", async () => {
    const signal = softSignalRW(t.float, 1, { name: "sig" });
    await signal.connect({ mock: true });
    await signal.stage();
    const states: string[] = [];
    signal.onConnection((state) => states.push(state));
    mockOf(signal).setConnection("disconnected");
    expect(signal.latest).toMatchObject({ alarmSeverity: -1, message: "disconnected" });
    mockOf(signal).setConnection("connected");
    expect(signal.latest?.alarmSeverity).toBe(0);
    expect(states).toEqual(["disconnected", "connected"]);
  });

  it("writes its starting value when triggered", async () => {
    const go = new SignalX(new SoftBackend(t.enum(["Idle", "Go"])), { name: "go" });
    await go.connect({ mock: true });
    await go.trigger().wait();
    expect(mockOf(go).calls).toEqual([{ value: "Go", wait: true }]);
  });

  it("that only its owner changes follows the owner's setter", async () => {
    const [signal, setValue] = softSignalRAndSetter(t.float, 1, { name: "sig" });
    setValue(3);
    expect(await signal.get()).toBe(3);
    expect("set" in signal).toBe(false);
  });

  it("polls its getter while it is monitored", async () => {
    let n = 0;
    const signal = softSignalRW(t.int, 0, { name: "sig", getter: () => ++n, pollMs: 5 });
    expect(await waitForValue(signal, (value) => value >= 3, { timeoutMs: 2000 })).toBeGreaterThanOrEqual(3);
    expect(signal.latest).toBeUndefined();
  });
});

describe("a soft signal's mistakes", () => {
  it("are told when they are its getter's, and the value stays", async () => {
    const warnings = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    let n = 0;
    const getter = (): number => {
      if (n++ === 0) return 1;
      throw new Error("the getter broke");
    };
    const signal = softSignalRW(t.int, 0, { name: "sig", getter, pollMs: 5 });
    using _ = signal.subscribeReading(() => {});
    await vi.waitFor(() => expect(warnings.mock.calls.flat().join()).toContain("the getter broke"));
    warnings.mockRestore();
  });

  it("are not its false values: what was given is kept", async () => {
    expect(await softSignalRW(t.float, Number.NaN, { name: "a" }).get()).toBeNaN();
    expect(await softSignalRW(t.bool, false, { name: "b" }).get()).toBe(false);
    expect(await softSignalRW(t.enum(["", "x"]), "", { name: "c" }).get()).toBe("");
  });
});

describe("a stand-in", () => {
  it("changes its readback before a blocked put completes", async () => {
    const signal = softSignalRW(t.float, 0, { name: "sig" });
    await signal.connect({ mock: true });
    mockOf(signal).block();
    const put = signal.set(3);
    await waitForValue(signal, 3);
    expect(put.done).toBe(false);
    mockOf(signal).unblock();
    await put.wait();
  });

  it("reads what its put callback answers, while the setpoint is what was set", async () => {
    const signal = softSignalRW(t.float, 0, { name: "sig" });
    await signal.connect({ mock: true });
    mockOf(signal).onPut = (value) => value * 2;
    await signal.set(3).wait();
    expect(await signal.locate()).toEqual({ setpoint: 3, readback: 6 });
  });
});

describe("waiting for values", () => {
  it("tells what was waited for and what came last", async () => {
    const signal = softSignalRW(t.string, "blah", { name: "sig" });
    const lessThanFortyTwo = (value: string) => value === "never";
    await expect(waitForValue(signal, "x", { timeoutMs: 20 })).rejects.toThrow(
      'sig didn\'t match "x" in 20 ms, last value "blah"',
    );
    await expect(waitForValue(signal, lessThanFortyTwo, { timeoutMs: 20 })).rejects.toThrow("match lessThanFortyTwo");
  });

  it("takes a number within the tolerance", async () => {
    const signal = softSignalRW(t.float, 1, { name: "sig" });
    await signal.connect({ mock: true });
    mockOf(signal).onPut = (value) => value + 0.01;
    await setAndWaitForValue(signal, 2, { tolerance: 0.05, timeoutMs: 1000 }).wait();
    await expect(setAndWaitForValue(signal, 3, { tolerance: 0.001, timeoutMs: 20 }).wait()).rejects.toThrow(
      "last value 3.01",
    );
  });

  it("tells a failed write at once instead of waiting for its value", async () => {
    const setter = () => Promise.reject(new Error("refused"));
    const signal = softSignalRW(t.float, 1, { name: "sig", setter });
    const begun = performance.now();
    await expect(setAndWaitForValue(signal, 2, { timeoutMs: 5000 }).wait()).rejects.toThrow("refused");
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  it("gives a slow observer only the newest, where that is asked for", async () => {
    const signal = softSignalRW(t.int, 0);
    await signal.connect();
    const seen: number[] = [];
    for await (const value of observeValue(signal, { updates: "latest" })) {
      seen.push(value);
      if (value === 5) break;
      for (let next = 1; next <= 5; next++) await signal.set(next).wait();
    }
    expect(seen).toEqual([0, 5]);
  });

  it("ends a loop with its status, and with the status's error", async () => {
    const signal = softSignalRW(t.int, 1, { name: "sig" });
    const seen: number[] = [];
    const fine = status(async () => {
      await waitForValue(signal, 1);
      await signal.set(2).wait();
    });
    for await (const value of observeValue(signal, { until: fine })) seen.push(value);
    expect(seen).toEqual([1, 2]);
    const failed = status(() => Promise.reject(new Error("broken")));
    const loop = async () => {
      for await (const _ of observeValue(signal, { until: failed }));
    };
    await expect(loop()).rejects.toThrow("broken");
  });

  it("ends a loop whose body is slow at its deadline", async () => {
    const signal = softSignalRW(t.int, 1, { name: "sig" });
    const loop = async () => {
      for await (const _ of observeValue(signal, { deadlineMs: 30 })) {
        await new Promise((resolve) => setTimeout(resolve, 40));
        await signal.set(5).wait();
      }
    };
    await expect(loop()).rejects.toThrow("still observing soft://sig after 30 ms, last value 1");
    expect(signal.latest).toBeUndefined();
  });
});
