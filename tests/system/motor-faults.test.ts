import { type SignalRW, type Status, t, waitForValue } from "cerulean/devices";
import {
  type Context,
  EpicsMotor,
  epicsSignalRW,
  getContext,
  MotorLimitsError,
  MotorStoppedError,
  MoveInterruptedError,
} from "cerulean/epics";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { times } from "../soak.ts";
import type { CaprotoIoc } from "./support/caproto-ioc.ts";
import { startFaultyMotor } from "./support/caproto-motor.ts";
import { independentClient } from "./support/independent-client.ts";

const SHORT_MOVES = times(200, 1000);

let ioc: CaprotoIoc;
let context: Context;
let motor: EpicsMotor;
let fault: ReturnType<typeof epicsSignalRW<string>>;

beforeAll(async () => {
  ioc = await startFaultyMotor();
  context = getContext(ioc.context);
  motor = new EpicsMotor("t:m", { name: "m", context });
  fault = epicsSignalRW(t.string, "t:fault", { name: "fault", context });
  await Promise.all([motor.connect({ timeoutMs: 10_000 }), fault.connect({ timeoutMs: 10_000 })]);
});

afterAll(async () => {
  await motor?.dispose();
  await fault?.dispose();
  await context?.close({ force: true });
  await ioc?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await fault.set("none").wait();
  await motor.mode.set("Go").wait();
  await motor.set(0).wait();
});

const failureOf = (move: Status): Promise<string> =>
  move.wait().then(
    () => "it succeeded",
    (error: Error) => error.message,
  );

describe("a motor record on an axis that misbehaves", () => {
  it.each([
    ["high switch", 10, /^m: high limit switch \(HLS\); it is at .*, sent to 10$/],
    ["low switch", -10, /^m: low limit switch \(LLS\); it is at .*, sent to -10$/],
    ["stall", 10, /^m: slip or stall detected \(MSTA 0x40\); it is at/],
    ["problem", 10, /^m: the driver reports a problem \(MSTA 0x200\); it is at/],
    ["lvio", 10, /^m: soft limit violation \(LVIO\); it is at 0, sent to 10$/],
    ["miss", 10, /^m missed its target by more than 0.01 after its retries \(MISS\); it is at 10.5, sent to 10$/],
  ])("fails a move with what the record says: %s", async (what, target, message) => {
    await fault.set(what).wait();
    expect(await failureOf(motor.set(target))).toMatch(message);
    expect(await motor.doneMoving.get({ cached: false })).toBe(1);
  });

  it("refuses to move while SPMG is Stop or Pause", async () => {
    for (const mode of ["Stop", "Pause"]) {
      await motor.mode.set(mode).wait();
      expect(await failureOf(motor.set(3))).toBe(`m can't move: its SPMG is ${mode}; set it to Go first`);
    }
    expect((await motor.locate()).readback).toBe(0);
  });

  it("waits for Go where it is told to, unless it is stopped meanwhile", async () => {
    await using patient = new EpicsMotor("t:m", { name: "m", context, whenPaused: "wait" });
    await patient.connect();
    await motor.mode.set("Pause").wait();
    const stopped = patient.set(3);
    await patient.stop();
    expect(await failureOf(stopped)).toBe("Device m was stopped.");
    const aborted = patient.set(3);
    aborted.cancel(new Error("no longer wanted"));
    expect(await failureOf(aborted)).toBe("no longer wanted");
    const move = patient.set(3);
    expect((await patient.locate()).readback).toBe(0);
    expect(move.done).toBe(false);
    await motor.mode.set("Go").wait();
    await move.wait();
    expect((await patient.locate()).readback).toBe(3);
  });

  it("fails a move that SPMG ends on the way", async () => {
    const move = motor.set(30);
    await waitForValue(motor.readback, (at) => at > 0);
    await motor.mode.set("Stop").wait();
    expect(await failureOf(move)).toMatch(/^m was (stopped|halted) by somebody else/);
  });

  it("finds its home and takes a new position without a move", async () => {
    await motor.set(4).wait();
    await motor.home("reverse").wait();
    expect((await motor.locate()).readback).toBe(0);
    await motor.setPosition(2.5);
    expect((await motor.locate()).readback).toBe(2.5);
    expect(await motor.useSet.get({ cached: false })).toBe("Use");
  });
});

describe("a motor record of another make", () => {
  const field = async (name: string): Promise<SignalRW<any>> => {
    const signal = epicsSignalRW(t.any, `t:m.${name}`, { name, context, wait: false });
    await signal.connect();
    return signal;
  };

  it("fails a move that somebody else stops or redirects, and says where it is", async () => {
    await using stop = await field("STOP");
    await using value = await field("VAL");
    const stopped = motor.set(30);
    await waitForValue(motor.readback, (at) => at > 0);
    await stop.set(1).wait();
    await expect(stopped.wait()).rejects.toThrow(MoveInterruptedError);
    expect(await failureOf(stopped)).toMatch(/^m was stopped by somebody else; it is at .*, sent to 30$/);
    const redirected = motor.set(30);
    await waitForValue(motor.doneMoving, 0);
    await value.set(-10).wait();
    await expect(redirected.wait()).rejects.toThrow(MoveInterruptedError);
    expect(await failureOf(redirected)).toMatch(/^m was sent to -10 by somebody else/);
  });

  it("is held to its user limits unless its dial limits are 0 and 0, and may come back into them", async () => {
    await using low = await field("LLM");
    await using high = await field("HLM");
    await using dialLow = await field("DLLM");
    await using dialHigh = await field("DHLM");
    const write = (...pairs: (readonly [SignalRW<any>, number])[]) =>
      Promise.all(pairs.map(([signal, to]) => signal.set(to, { wait: true }).wait()));
    try {
      await write([low, -10], [high, 10]);
      await expect(motor.set(20).wait()).rejects.toThrow(MotorLimitsError);
      expect(await failureOf(motor.set(20))).toMatch(/^m can't move to 20: its limits are -10 to 10.*-1000 to 1000/);
      await write([dialLow, 0], [dialHigh, 0]);
      // The axis of this IOC minds the user limits whatever the dial limits are.
      await write([low, -1000], [high, 1000]);
      await motor.set(20).wait();
      await write([low, -10], [high, 10], [dialLow, -1000], [dialHigh, 1000]);
      await motor.set(0).wait();
      expect((await motor.locate()).readback).toBe(0);
    } finally {
      await write([low, -1000], [high, 1000], [dialLow, -1000], [dialHigh, 1000]);
    }
  });

  it("fails a move whose target is beyond a limit that is changed on the way", async () => {
    await using high = await field("HLM");
    const move = motor.set(30);
    await waitForValue(motor.readback, (at) => at > 0);
    try {
      await high.set(5, { wait: true }).wait();
      expect(await failureOf(move)).toMatch(/^m: soft limit violation \(LVIO\); it is at .*, sent to 30$/);
    } finally {
      await high.set(1000, { wait: true }).wait();
    }
  });

  it("sweeps at its speed with a run-up, and has its own speed again afterwards", async () => {
    await using acceleration = await field("ACCL");
    await acceleration.set(0.5, { wait: true }).wait();
    try {
      expect(() => motor.kickoff()).toThrow("m: prepare() must be called before kickoff()");
      await motor.prepare({ startPosition: -5, endPosition: 5, timeForMove: 2 }).wait();
      expect((await motor.locate()).readback).toBe(-6.25);
      expect(await motor.velocity.get({ cached: false })).toBe(5);
      await motor.kickoff().wait();
      expect(await motor.readback.get({ cached: false })).toBeGreaterThanOrEqual(-5);
      await motor.complete().wait();
      expect((await motor.locate()).readback).toBe(6.25);
      expect(await motor.velocity.get({ cached: false })).toBe(20);
      await motor.prepare({ startPosition: -5, endPosition: 5, timeForMove: 2 }).wait();
      await motor.unstage();
      expect(await motor.velocity.get({ cached: false })).toBe(20);
    } finally {
      await acceleration.set(0.02, { wait: true }).wait();
    }
  });
});

describe("a set that is stopped after 20 ms", () => {
  it("never ends beyond half a second of travel, fifty times", async () => {
    // Slow enough for half a second of travel to be less than the whole way.
    const velocity = 5;
    await motor.velocity.set(velocity).wait();
    for (let i = 0; i < 50; i++) {
      const start = (await motor.locate()).readback;
      const move = motor.set(start + 10);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await motor.stop();
      await expect(move.wait()).rejects.toThrow(MotorStoppedError);
      const { readback } = await motor.locate();
      expect(Math.abs(readback - start)).toBeLessThan(velocity / 2);
      expect(await motor.doneMoving.get({ cached: false })).toBe(1);
    }
    await motor.velocity.set(20).wait();
  });
});

describe("an awaited move", () => {
  it(
    `has never been reported off its target by a client of another make, ${SHORT_MOVES} times`,
    async () => {
      await using other = await independentClient("t:m.RBV", ioc.caPort);
      for (let i = 0; i < SHORT_MOVES; i++) {
        const target = (i % 7) * 0.15;
        await motor.set(target).wait();
        expect(Math.abs((await other.read()) - target)).toBeLessThanOrEqual(0.01);
      }
    },
    SHORT_MOVES * 500,
  );
});
