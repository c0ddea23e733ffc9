import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { status } from "../../src/devices/status.ts";
import { Gate } from "../../src/documents/sinks/journal/gate.ts";
import { Msg } from "../../src/engine/msg.ts";
import { RunEngine } from "../../src/engine/run-engine.ts";
import { after } from "../../src/timer.ts";

const DAY_MS = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

it("acts when its time has passed, also after more days than Node's timers hold, and never after infinity", () => {
  const acted: string[] = [];
  after(5, () => acted.push("soon"));
  after(40 * DAY_MS, () => acted.push("late"));
  after(Number.POSITIVE_INFINITY, () => acted.push("never"));
  after(10, () => acted.push("called off"))();
  vi.advanceTimersByTime(5);
  expect(acted).toEqual(["soon"]);
  vi.advanceTimersByTime(40 * DAY_MS - 6);
  expect(acted).toEqual(["soon"]);
  vi.advanceTimersByTime(1);
  expect(acted).toEqual(["soon", "late"]);
  vi.advanceTimersByTime(400 * DAY_MS);
  expect(acted).toEqual(["soon", "late"]);
});

it("refuses what is no time, at once", () => {
  for (const ms of [Number.NaN, "5", undefined, null, 5n]) {
    expect(() => after(ms as number, () => {}), String(ms)).toThrow(`not ${String(ms)}`);
  }
  expect(() => new RunEngine({ planTimeoutMs: Number.NaN })).toThrow("not NaN");
});

it("lets everything that takes a time-out wait for ever", async () => {
  const forever = { timeoutMs: Number.POSITIVE_INFINITY };
  let finish = (): void => {};
  const action = status(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  const gate = new Gate();
  const engine = new RunEngine({ planTimeoutMs: Number.POSITIVE_INFINITY });
  function* plan(): Generator<Msg, unknown, unknown> {
    yield new Msg("set", { name: "axis", parent: null, set: () => action }, [1], { group: "a" });
    yield new Msg("wait", null, [], { group: "a", ...forever });
    return yield new Msg("wait_for", null, [[() => gate.promise]], forever);
  }
  const ended: string[] = [];
  const all = [
    action.wait(forever).then(() => ended.push("status")),
    gate.within(Number.POSITIVE_INFINITY).then(() => ended.push("gate")),
    engine.run(plan()).then(() => ended.push("plan")),
  ];
  await new Promise(setImmediate);
  await vi.advanceTimersByTimeAsync(DAY_MS);
  expect(ended).toEqual([]);
  finish();
  gate.open();
  await Promise.all(all);
  expect(ended.sort()).toEqual(["gate", "plan", "status"]);
});

it("lets a plan sleep for ever, until it is aborted", async () => {
  const engine = new RunEngine();
  const run = engine.run([new Msg("sleep", null, [Number.POSITIVE_INFINITY])]).catch((error: Error) => error.name);
  await new Promise(setImmediate);
  await vi.advanceTimersByTimeAsync(DAY_MS);
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  expect(engine.state).toBe("running");
  vi.useRealTimers();
  await engine.abort("enough");
  expect(await run).toBe("RunInterrupted");
});
