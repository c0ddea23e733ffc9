import { describe, expect, it } from "vitest";
import {
  derivedSignalR,
  derivedSignalRW,
  derivedSignalW,
  softSignalRW,
  t,
  waitForValue,
} from "../../../src/devices/index.ts";
import { mockOf } from "../../../src/testing/index.ts";

const made = () => {
  const low = softSignalRW(t.float, 1, { name: "low" });
  const high = softSignalRW(t.float, 3, { name: "high" });
  return { low, high };
};

describe("a derived signal", () => {
  it("is computed from others and updated when any of them is", async () => {
    const { low, high } = made();
    const gap = derivedSignalR(t.float, { low, high }, ({ low, high }) => high - low, { name: "gap", units: "mm" });
    await gap.connect();
    expect(await gap.get()).toBe(2);
    expect((await gap.describe()).gap).toMatchObject({ source: "derived://gap", units: "mm", dtype: "number" });
    const seen: number[] = [];
    gap.subscribeReading(({ value }) => seen.push(value));
    await high.set(5).wait();
    await low.set(0).wait();
    expect(seen).toEqual([2, 4, 5]);
  });

  it("has the worst alarm and the latest time of what it is made of", async () => {
    const { low, high } = made();
    await Promise.all([low.connect({ mock: true }), high.connect({ mock: true })]);
    const gap = derivedSignalR(t.float, { low, high }, ({ low, high }) => high - low, { name: "gap" });
    await gap.connect();
    mockOf(low).setReading({ value: 1, timestamp: 5, alarmSeverity: 2 });
    mockOf(high).setReading({ value: 2, timestamp: 9, alarmSeverity: 1 });
    expect(await gap.getReading()).toEqual({ value: 1, timestamp: 9, alarmSeverity: 2 });
    mockOf(high).setReading({ value: 2, timestamp: 9, alarmSeverity: -1 });
    expect((await gap.getReading()).alarmSeverity).toBe(-1);
  });

  it("is set by its function, and reads what that did", async () => {
    const { low, high } = made();
    const gap = derivedSignalRW(
      t.float,
      { low, high },
      ({ low, high }) => high - low,
      async (value) => {
        await high.set((await low.get()) + value).wait();
      },
      { name: "gap" },
    );
    await gap.connect();
    await gap.set(7).wait();
    expect(await gap.get()).toBe(7);
    expect(await waitForValue(high, 8)).toBe(8);
  });

  it("that is only set waits for the status of its function and tells its error", async () => {
    const { low } = made();
    const shutter = derivedSignalW(t.bool, (open) => low.set(open ? 1 : 0), { name: "shutter" });
    await shutter.set(true).wait();
    expect(await low.get()).toBe(1);
    const broken = derivedSignalW(t.bool, () => Promise.reject(new Error("stuck")), { name: "broken" });
    await expect(broken.set(true).wait()).rejects.toThrow("stuck");
  });
});
