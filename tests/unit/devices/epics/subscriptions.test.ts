import { describe, expect, it } from "vitest";
import type { ChannelReading, SubscribeOptions } from "../../../../src/devices/epics/channel-types.ts";
import { prometheusText } from "../../../../src/devices/epics/counters.ts";
import { outsideDeadband } from "../../../../src/devices/epics/deadband.ts";
import { ChannelTimeoutError } from "../../../../src/devices/epics/errors.ts";
import { readingsOf } from "../../../../src/devices/epics/readings.ts";

const reading = (value: number, alarmSeverity = 0): ChannelReading => ({
  value,
  timestamp: 1,
  alarmSeverity,
  alarmStatus: 0,
});

describe("a deadband of ours", () => {
  it("passes over what is near the last one that it passed on, unless the alarm changed", () => {
    const seen: unknown[] = [];
    const listen = outsideDeadband(0.5, ({ value }) => seen.push(value));
    for (const value of [1, 1.2, 1.4, 1.6, 1.3, 1.0]) listen(reading(value));
    listen(reading(1.1, 2));
    listen(reading(1.1, 2));
    expect(seen).toEqual([1, 1.6, 1.0, 1.1]);
  });
});

class Source {
  readonly source = "ca://X";
  listener: (reading: ChannelReading) => void = () => {};
  options: SubscribeOptions = {};
  open = 0;

  subscribe(listener: (reading: ChannelReading) => void, options: SubscribeOptions = {}) {
    this.listener = listener;
    this.options = options;
    this.open += 1;
    const unsubscribe = (): void => {
      this.open -= 1;
    };
    return { unsubscribe, [Symbol.dispose]: unsubscribe };
  }
}

describe("a loop over a channel's readings", () => {
  it("has every update in order, holds the process, and ends its subscription when it is left", async () => {
    const source = new Source();
    const seen: unknown[] = [];
    setTimeout(() => {
      for (const value of [1, 2, 3]) source.listener(reading(value));
    });
    for await (const { value } of readingsOf(source, {})) {
      seen.push(value);
      if (value === 3) break;
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(source.options.hold).toBe(true);
    expect(source.open).toBe(0);
  });

  it("keeps only the newest where that is asked for", async () => {
    const source = new Source();
    const loop = readingsOf(source, { buffer: "latest" });
    const first = loop.next();
    source.listener(reading(1));
    expect((await first).value).toMatchObject({ value: 1 });
    for (const value of [2, 3, 4]) source.listener(reading(value));
    expect((await loop.next()).value).toMatchObject({ value: 4 });
    await loop.return();
  });

  it.each([
    ["no update comes in time", { perUpdateMs: 20 }, "ca://X was not updated within 20 ms"],
    ["it goes on too long", { deadlineMs: 20 }, "ca://X was not updated within 20 ms"],
  ])("rejects when %s", async (_what, options, message) => {
    const source = new Source();
    const next = readingsOf(source, options).next();
    await expect(next).rejects.toThrow(ChannelTimeoutError);
    await expect(next).rejects.toThrow(message);
    expect(source.open).toBe(0);
  });

  it("rejects with the signal's reason, and with an error of the subscription", async () => {
    const source = new Source();
    const controller = new AbortController();
    const aborted = readingsOf(source, { signal: controller.signal }).next();
    controller.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    const failed = readingsOf(source, {}).next();
    source.options.onError?.(new Error("refused"));
    await expect(failed).rejects.toThrow("refused");
    expect(source.open).toBe(0);
  });
});

it("counters are told as Prometheus reads them", () => {
  const none = { requests: 12, updates: 0, overruns: 0, connections: 0, disconnections: 0, retries: 0, panics: 0 };
  const text = prometheusText({
    ...none,
    circuits: 2,
    channels: 3,
    connectedChannels: 3,
    pendingOperations: 0,
    wakeUps: 9,
  });
  expect(text).toContain("# TYPE cerulean_epics_circuits gauge\ncerulean_epics_circuits 2\n");
  expect(text).toContain("# TYPE cerulean_epics_requests_total counter\ncerulean_epics_requests_total 12\n");
  expect(text.endsWith("\n")).toBe(true);
  for (const line of text.trimEnd().split("\n")) expect(line).toMatch(/^(# (HELP|TYPE) )?cerulean_epics_[a-z_]+ /);
});
