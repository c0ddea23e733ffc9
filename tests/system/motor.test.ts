import { type Progress, type Status, t, waitForValue } from "cerulean/devices";
import {
  BulkFlyer,
  type Context,
  deadTimeCorrection,
  EpicsMotor,
  epicsSignalRW,
  getContext,
  MotorLimitsError,
  MoveInterruptedError,
} from "cerulean/epics";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { times } from "../soak.ts";
import { CIoc } from "./support/c-ioc.ts";
import { independentClient } from "./support/independent-client.ts";
import { type MiniBeamline, startMiniBeamline } from "./support/mini-beamline.ts";

let ioc: MiniBeamline;
let context: Context;
const motors: EpicsMotor[] = [];

beforeAll(async () => {
  ioc = await startMiniBeamline();
  context = getContext(ioc.context);
});

afterAll(async () => {
  await context?.close({ force: true });
  await ioc?.stop();
});

afterEach(async () => {
  for (const motor of motors.splice(0)) {
    await motor.stop();
    await motor.dispose();
  }
});

async function connected(pv: string, name = "m"): Promise<EpicsMotor> {
  const motor = new EpicsMotor(pv, { name, context });
  await motor.connect({ timeoutMs: 5000 });
  motors.push(motor);
  return motor;
}

const failureOf = (move: Status): Promise<Error> =>
  move.wait().then(
    () => new Error("it succeeded"),
    (error) => error,
  );

const READBACKS = 20;

/** Monitors that many readbacks of another IOC, each of which is changed a hundred times a second. */
async function busyReadbacks(protocol: string) {
  const names = Array.from({ length: READBACKS }, (_, at) => `busy:${at}`);
  const other = await CIoc.start(names.map((name) => `record(ao, "${name}") { }`).join("\n"));
  const beside = getContext(other.context);
  const channels = names.map((name) => beside.channel(`${protocol}${name}`));
  let updates = 0;
  for (const channel of channels) channel.subscribe(() => updates++);
  await Promise.all(channels.map((channel) => channel.connect()));
  let value = 0;
  const timer = setInterval(() => {
    value += 1;
    for (const channel of channels) channel.put(value, { wait: false }).catch(() => {});
  }, 10);
  return {
    updates: () => updates,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await beside.close({ force: true });
      await other.stop();
    },
  };
}

describe.each(["", "pva://"])("a motor record over %s", (protocol) => {
  const dot = `${protocol}mini:dot:mtrx`;

  it("is done when it is at rest on its target, and tells its progress", async () => {
    const motor = await connected(dot);
    await motor.set(0).wait();
    const progress: Progress[] = [];
    const done: number[] = [];
    const watching = motor.doneMoving.subscribeReading(({ value }) => {
      if (value !== done.at(-1)) done.push(value);
    });
    await waitForValue(motor.doneMoving, 1);
    const move = motor.set(50);
    move.watch((one) => progress.push(one));
    await move.wait();
    watching.unsubscribe();
    expect(done).toEqual([1, 0, 1]);
    expect(await motor.doneMoving.get({ cached: false })).toBe(1);
    expect(Math.abs((await motor.locate()).readback - 50)).toBeLessThanOrEqual(0.01);
    expect(progress.length).toBeGreaterThan(2);
    for (const one of progress) expect(one).toMatchObject({ initial: 0, target: 50, unit: "px", precision: 4 });
    expect(progress.some(({ current }) => current > 0 && current < 50)).toBe(true);
    expect(Object.keys(await motor.read())).toEqual(["m"]);
  });

  it(
    "never reports an arrival while it moves, in moves back to back",
    async () => {
      const motor = await connected(dot);
      await using watcher = await independentClient("mini:dot:mtrx.RBV", ioc.caPort);
      await using busy = await busyReadbacks(protocol);
      const moves = times(20, 1_000);
      for (let i = 0; i < moves; i++) {
        const target = (i % 5) * 2;
        await motor.set(target).wait();
        const [done, seen, { readback }] = await Promise.all([
          motor.doneMoving.get({ cached: false }),
          watcher.read(),
          motor.locate(),
        ]);
        expect(
          [done, seen, readback].map((value, index) => Math.abs(value - (index === 0 ? 1 : target)) <= 0.01),
        ).toEqual([true, true, true]);
      }
      expect(busy.updates()).toBeGreaterThan(moves * READBACKS);
    },
    times(60_000, 3_600_000),
  );

  it("stands within a moment of stop, and the move fails", async () => {
    const motor = await connected(dot);
    await motor.set(0).wait();
    const move = motor.set(400);
    await waitForValue(motor.doneMoving, 0);
    await motor.stop();
    expect((await failureOf(move)).message).toBe("Device m was stopped.");
    expect(await motor.doneMoving.get({ cached: false })).toBe(1);
    expect((await motor.locate()).readback).toBeLessThan(300);
  });

  it("fails when somebody else stops or redirects it", async () => {
    const motor = await connected(dot);
    await motor.set(0).wait();
    const other = epicsSignalRW(t.any, `${protocol}mini:dot:mtrx.STOP`, { name: "other", context, wait: false });
    const setpoint = epicsSignalRW(t.float, `${protocol}mini:dot:mtrx.VAL`, { name: "val", context, wait: false });
    await Promise.all([other.connect(), setpoint.connect()]);
    const stopped = motor.set(400);
    await waitForValue(motor.doneMoving, 0);
    await other.set(1).wait();
    expect(await failureOf(stopped)).toBeInstanceOf(MoveInterruptedError);
    expect((await failureOf(stopped)).message).toMatch(/m was stopped by somebody else; it is at .* sent to 400/);
    const redirected = motor.set(400);
    await waitForValue(motor.doneMoving, 0);
    await setpoint.set(10).wait();
    expect(await failureOf(redirected)).toBeInstanceOf(MoveInterruptedError);
    expect((await failureOf(redirected)).message).toMatch(/m was sent to 10 by somebody else/);
    await Promise.all([other.dispose(), setpoint.dispose()]);
  });

  it("takes a new position without a move, and finds its home", async () => {
    const motor = await connected(dot);
    await motor.set(20).wait();
    await motor.setPosition(5);
    expect(await motor.locate()).toEqual({ setpoint: 5, readback: 5 });
    expect(await motor.useSet.get({ cached: false })).toBe("Use");
    await motor.set(10).wait();
    await motor.home("forward", { timeoutMs: 15_000 }).wait();
    expect(await motor.doneMoving.get({ cached: false })).toBe(1);
    expect((await motor.locate()).readback).toBe(-15);
    await motor.setPosition(0);
  });

  it("refuses a target beyond its limits and stays where it is", async () => {
    const motor = await connected(dot);
    const before = await motor.locate();
    expect((await failureOf(motor.set(501))).message).toMatch(/m can't move to 501: its limits are -500 to 500/);
    expect(await motor.locate()).toEqual(before);
  });

  it("has no limits when its dial limits are 0 and 0, and may come back into its limits from beyond", async () => {
    const motor = await connected(dot);
    await motor.set(0).wait();
    const [dialLow, dialHigh] = await Promise.all(
      ["DLLM", "DHLM"].map(async (field) => {
        const signal = epicsSignalRW(t.float, `${protocol}mini:dot:mtrx.${field}`, { name: field, context });
        await signal.connect();
        return signal;
      }),
    );
    const limit = async (low: number, high: number): Promise<void> => {
      await dialLow?.set(low).wait();
      await dialHigh?.set(high).wait();
    };
    try {
      await limit(-10, 10);
      expect(await failureOf(motor.set(20))).toBeInstanceOf(MotorLimitsError);
      await limit(0, 0);
      await motor.set(20).wait();
      await limit(-10, 10);
      await motor.set(0).wait();
      expect((await motor.locate()).readback).toBe(0);
    } finally {
      await limit(-500, 500);
      await Promise.all([dialLow?.dispose(), dialHigh?.dispose()]);
    }
  });

  it("sweeps at its speed with a run-up, and has its own speed again afterwards", async () => {
    const motor = await connected(dot);
    await motor.set(0).wait();
    const before = await motor.velocity.get({ cached: false });
    const acceleration = await motor.accelerationTime.get({ cached: false });
    await motor.accelerationTime.set(0.5).wait();
    try {
      await motor.prepare({ startPosition: -5, endPosition: 5, timeForMove: 2 }).wait();
      expect((await motor.locate()).readback).toBeCloseTo(-6.25, 2);
      expect(await motor.velocity.get({ cached: false })).toBe(5);
      await motor.kickoff().wait();
      await motor.complete().wait();
      expect((await motor.locate()).readback).toBeCloseTo(6.25, 2);
      expect(await motor.velocity.get({ cached: false })).toBe(before);
      await motor.prepare({ startPosition: -5, endPosition: 5, timeForMove: 2 }).wait();
      await motor.unstage();
      expect(await motor.velocity.get({ cached: false })).toBe(before);
    } finally {
      await motor.accelerationTime.set(acceleration).wait();
    }
  });
});

describe("a set that is stopped after 20 ms", () => {
  it("never moves the motor further than half a second of travel", async () => {
    const motor = await connected("mini:ph:mtr");
    await motor.set(0).wait();
    for (let i = 0; i < 50; i++) {
      const start = (await motor.locate()).readback;
      const move = motor.set(start + 10);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await motor.stop();
      await failureOf(move);
      expect(await motor.doneMoving.get({ cached: false })).toBe(1);
      expect(Math.abs((await motor.locate()).readback - start)).toBeLessThan(2.5);
    }
  });
});

describe("a fly scan of the scaler", () => {
  const channels = Array.from({ length: 48 }, (_, i) => `ch${i + 1}`);
  const pvOf = (i: number): string => `mini:fly:Ch${String(i + 1).padStart(2, "0")}`;

  it("sweeps the motor, reads fifty fresh waveforms and finds each channel's peak where it is", async () => {
    const motor = await connected("mini:ph:mtr", "ph");
    await motor.set(0).wait();
    const velocity = await motor.velocity.get();
    const flyer = new BulkFlyer({
      name: "fly",
      context,
      waveforms: {
        position: { pv: "mini:fly:Position", units: "mm" },
        i0: "mini:fly:I0",
        ...Object.fromEntries(channels.map((key, i) => [key, pvOf(i)])),
      },
      acquire: "mini:fly:Acquire",
      stop: "mini:fly:Stop",
      numPoints: "mini:fly:NumPoints",
      dwell: "mini:fly:Dwell",
      clock: { start: "mini:fly:StartTime", times: "mini:fly:Time" },
      settings: { "mini:fly:Motor": "mini:ph:mtr", "mini:fly:DeadTime": 1e-7 },
      correct: deadTimeCorrection({ deadTime: 1e-7, keys: channels }),
      sweep: { motor, start: -5, stop: 5 },
    });
    await flyer.connect({ timeoutMs: 5000 });
    const sums: number[] = [];
    for (let scan = 0; scan < 2; scan++) {
      await flyer.prepare({ numPoints: 1000, dwell: 0.001 }).wait();
      await flyer.kickoff().wait();
      await flyer.complete().wait();
      for await (const page of flyer.collectPages()) {
        const time = Array.from(page.time);
        expect(time.every((at, i) => i === 0 || at > (time[i - 1] as number))).toBe(true);
        expect(Math.abs((time[0] as number) - Date.now() / 1000)).toBeLessThan(10);
        const position = page.data.position as Float64Array;
        expect(position).toHaveLength(1000);
        const middle = page.data.ch24 as Float64Array;
        const centre = weighted(position, middle);
        expect(Math.abs(centre - (-4 + (8 * 23) / 47))).toBeLessThan(0.5);
        sums.push(middle.reduce((sum, value) => sum + value, 0));
      }
    }
    expect(sums[0]).not.toBe(sums[1]);
    expect(await motor.velocity.get({ cached: false })).toBe(velocity);
    expect(flyer.timings?.readMs).toBeLessThan(500);
    await flyer.dispose();
  });
});

/** The centre of a peak over its background. */
function weighted(position: Float64Array, counts: Float64Array): number {
  const floor = counts.reduce((max, value) => Math.max(max, value), 0) / 2;
  let sum = 0;
  let weight = 0;
  counts.forEach((count, i) => {
    if (count < floor) return;
    sum += count * (position[i] as number);
    weight += count;
  });
  return sum / weight;
}
