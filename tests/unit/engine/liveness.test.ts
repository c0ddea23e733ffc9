import { getEventListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import type { Plan, PlanLike } from "../../../src/engine/msg.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { scan } from "../../../src/plans/index.ts";
import * as bps from "../../../src/plans/stubs/index.ts";
import { soaking } from "../../soak.ts";
import { Detector, Motor } from "./fixtures/devices.ts";
import { Pulse } from "./fixtures/pulse.ts";

const POINTS = soaking ? 1_000_000 : 50_000;
const SLEEPS = soaking ? 1_000_000 : 1_000;
const WARM_UP = 20_000;
const TIMEOUT_MS = soaking ? 3_600_000 : 60_000;

const LATE_MS = 5;
/** Few may be as late as this: the processor time includes that of the compiler's and the garbage collector's threads. */
const LATEST_MS = 50;
/** What the heap may differ by, however often something is done. */
const FLAT_BYTES = 1_000_000;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** A motor that is there at once, and keeps no record of where it was. */
class SwiftMotor extends Motor {
  override set(value: number): ReturnType<Motor["set"]> {
    this.calls.length = 0;
    return super.set(value);
  }
}

function inUse(signal: AbortSignal): { heap: number; timers: number; listeners: number } {
  collectGarbage();
  const listeners = process.eventNames().map((name) => process.listenerCount(name));
  return {
    heap: process.memoryUsage().heapUsed,
    timers: process.getActiveResourcesInfo().filter((name) => name === "Timeout").length,
    listeners: listeners.reduce((sum, count) => sum + count, getEventListeners(signal, "abort").length),
  };
}

test.each([
  ["the engine's own", (points: number): PlanLike<unknown> => scan([new Detector()], new SwiftMotor(), 0, 1, points)],
  ["one of async generators", (points: number): PlanLike<unknown> => userScan(points)],
])(
  "timers, signals and sockets are served within 5 ms in a long scan of devices that answer at once: %s",
  async (_, plan) => {
    const engine = new RunEngine();
    const longScan = plan(POINTS);
    await using pulse = await Pulse.start();
    // Code that is new to the compiler takes longer than the engine can know.
    await engine.run(plan(WARM_UP));
    pulse.forget();
    await engine.run(longScan);
    for (const late of Object.values(pulse.late)) {
      late.sort((a, b) => a - b);
      expect(late[Math.floor(0.99 * late.length)]).toBeLessThan(LATE_MS);
      expect(late.at(-1)).toBeLessThan(LATEST_MS);
      expect(late.length).toBeGreaterThan(50);
    }
  },
  TIMEOUT_MS,
);

async function* userScan(points: number): Plan {
  const detector = new Detector();
  const motor = new SwiftMotor();
  yield* bps.openRun();
  for (let i = 0; i < points; i++) yield* bps.one1dStep([detector], motor, i);
  yield* bps.closeRun();
}

test(
  "listeners, timers and memory don't grow with the events of a run",
  async () => {
    const { signal } = new AbortController();
    const used: ReturnType<typeof inUse>[] = [];
    async function* plan(): Plan {
      const detector = new Detector();
      const motor = new SwiftMotor();
      yield* bps.openRun();
      for (let i = 0; i <= POINTS; i++) {
        if (i === POINTS / 2 || i === POINTS) used.push(inUse(signal));
        yield* bps.one1dStep([detector], motor, i);
      }
      yield* bps.closeRun();
    }
    await new RunEngine().run(plan, { signal });
    expectFlat(used);
  },
  TIMEOUT_MS,
);

test(
  "listeners, timers and memory don't grow with sleeps and waits",
  async () => {
    const { signal } = new AbortController();
    const used: ReturnType<typeof inUse>[] = [];
    async function* plan(): Plan {
      for (let i = 0; i <= SLEEPS; i++) {
        if (i === SLEEPS / 2 || i === SLEEPS) used.push(inUse(signal));
        // What comes after a checkpoint is kept, to be repeated after a pause.
        yield* bps.checkpoint();
        yield* bps.sleep(0);
        yield* bps.waitFor([() => Promise.resolve()]);
      }
    }
    await new RunEngine().run(plan, { signal });
    expectFlat(used);
  },
  TIMEOUT_MS,
);

function expectFlat([before, after]: ReturnType<typeof inUse>[]): void {
  if (before === undefined || after === undefined) throw new Error("the plan was not looked at twice");
  expect({ ...after, heap: 0 }).toEqual({ ...before, heap: 0 });
  expect(after.heap - before.heap).toBeLessThan(FLAT_BYTES);
}
