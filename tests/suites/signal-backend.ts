import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type * as Devices from "../../src/devices/index.ts";
import type { Datatype, Reading, SignalRW } from "../../src/devices/index.ts";

/** The helpers of the copy of the package whose signals are tested. */
export type DevicesApi = Pick<typeof Devices, "observeValue" | "setAndWaitForValue" | "waitForValue">;

/** What a backend has to bring: a connected signal with a value, and a second value to set. */
export interface BackendUnderTest<T> {
  readonly datatype: Datatype<T>;
  readonly values: readonly [T, T];
  /** A signal that reads the first value, and does so anew for each test. */
  make(): Promise<SignalRW<T>>;
  readonly dataKey: Record<string, unknown>;
}

/** The behaviour that every backend owes its signals; `name` says which backend and type. */
export function signalBackendSuite<T>(name: string, backend: BackendUnderTest<T>, api: DevicesApi): void {
  const { observeValue, setAndWaitForValue, waitForValue } = api;
  const [first, second] = backend.values;

  describe(name, () => {
    let signal: SignalRW<T>;

    beforeEach(async () => {
      signal = await backend.make();
    });

    afterEach(async () => {
      await signal.dispose();
    });

    it("reads its value with a time stamp under the signal's name", async () => {
      const readings = await signal.read();
      expect(Object.keys(readings)).toEqual([signal.name]);
      const reading = readings[signal.name] as Reading<T>;
      expect(reading.value).toEqual(first);
      expect(Math.abs(reading.timestamp - Date.now() / 1000)).toBeLessThan(3600);
      expect(reading.alarmSeverity).toBe(0);
    });

    it("describes itself by the same key, with a source and the form of its values", async () => {
      const keys = await signal.describe();
      expect(Object.keys(keys)).toEqual([signal.name]);
      expect(keys[signal.name]).toMatchObject({ source: signal.source, ...backend.dataKey });
      expect(JSON.stringify(keys)).not.toMatch(/null|NaN/);
    });

    it("reads back what was set, fresh and cached", async () => {
      await signal.stage();
      await signal.set(second).wait();
      expect(await signal.get({ cached: true })).toEqual(second);
      expect(await signal.get({ cached: false })).toEqual(second);
      expect(signal.latest?.value).toEqual(second);
    });

    it("tells setpoint and readback", async () => {
      await signal.set(second).wait();
      expect(await signal.locate()).toEqual({ setpoint: second, readback: second });
    });

    it("gives a subscriber the current reading and then each update in order", async () => {
      const seen: T[] = [];
      const subscription = signal.subscribeReading(({ value }) => seen.push(value));
      await waitForValue(signal, first);
      await signal.set(second).wait();
      await waitForValue(signal, second);
      await signal.set(first).wait();
      await waitForValue(signal, () => seen.length === 3);
      subscription.unsubscribe();
      expect(seen).toEqual([first, second, first]);
    });

    it("gives a later subscriber the reading that is known at once", async () => {
      await signal.stage();
      await waitForValue(signal, first);
      const seen: unknown[] = [];
      signal.subscribe((readings) => seen.push(readings[signal.name]?.value));
      expect(seen).toEqual([first]);
    });

    it("has no cached value unless it is monitored", async () => {
      expect(signal.latest).toBeUndefined();
      await expect(signal.get({ cached: true })).rejects.toThrow(`${signal.source} is not being monitored`);
      await signal.stage();
      await waitForValue(signal, first);
      expect(signal.latest?.value).toEqual(first);
      await signal.unstage();
      expect(signal.latest).toBeUndefined();
    });

    it("keeps its monitor while anyone listens", async () => {
      await signal.stage();
      const subscription = signal.subscribeReading(() => {});
      await waitForValue(signal, first);
      await signal.unstage();
      expect(await signal.get({ cached: true })).toEqual(first);
      subscription.unsubscribe();
      await expect(signal.get({ cached: true })).rejects.toThrow("not being monitored");
    });

    it("yields the current value and every update to a loop, and stops listening when the loop is left", async () => {
      const seen: T[] = [];
      for await (const value of observeValue(signal, { deadlineMs: 5000 })) {
        seen.push(value);
        if (seen.length === 1) await signal.set(second).wait();
        else break;
      }
      expect(seen).toEqual([first, second]);
      expect(signal.latest).toBeUndefined();
    });

    it("sets and waits for the value to come back", async () => {
      await setAndWaitForValue(signal, second, { timeoutMs: 5000 }).wait();
      expect(await signal.get()).toEqual(second);
    });

    it("refuses a value of another type, names itself, and writes nothing", async () => {
      const wrong = { no: "datatype has this" } as unknown as T;
      await expect(signal.set(wrong).wait()).rejects.toThrow(TypeError);
      await expect(signal.set(wrong).wait()).rejects.toThrow(signal.backend.target(signal.name));
      expect(await signal.get({ cached: false })).toEqual(first);
    });
  });
}
