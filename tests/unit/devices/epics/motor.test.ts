import { afterEach, describe, expect, it, vi } from "vitest";
import { EpicsMotor, type EpicsMotorOptions } from "../../../../src/devices/epics/motor.ts";
import {
  MotorError,
  MotorLimitsError,
  MotorStoppedError,
  MoveInterruptedError,
  MoveTimeoutError,
} from "../../../../src/devices/epics/motor-errors.ts";
import { moveTimeout } from "../../../../src/devices/epics/motor-timeout.ts";
import { type Progress, type Status, waitForValue } from "../../../../src/devices/index.ts";
import { mockOf } from "../../../../src/testing/index.ts";
import { FakeMotor, type FakeMotorBehaviour } from "./fake-motor.ts";

const motors: EpicsMotor[] = [];
afterEach(async () => {
  for (const motor of motors.splice(0)) await motor.dispose();
});

async function make(behaviour: Partial<FakeMotorBehaviour> = {}, options: EpicsMotorOptions = {}) {
  const fake = new FakeMotor();
  Object.assign(fake.behaviour, behaviour);
  const motor = new EpicsMotor("M", { name: "m", context: fake.ioc, startMs: 60, ...options });
  motors.push(motor);
  await motor.connect();
  return { motor, fake };
}

/** Waits for a motor that begins late for as long as a busy machine may need. */
const PATIENT = { startMs: 10_000 };

const failureOf = (move: Status): Promise<Error> =>
  move.wait().then(
    () => new Error("it succeeded"),
    (error) => error,
  );

describe("an EpicsMotor", () => {
  it("reads as its readback under its own name, with speed, offset and units as configuration", async () => {
    const { motor } = await make();
    expect(Object.keys(await motor.read())).toEqual(["m"]);
    expect((await motor.describe()).m).toMatchObject({ source: "ca://M.RBV", dtype: "number", precision: 3 });
    expect(Object.keys(await motor.readConfiguration())).toEqual(["m-velocity", "m-offset", "m-units"]);
    expect(motor.hints).toEqual({ fields: ["m"] });
    expect(await motor.locate()).toEqual({ setpoint: 0, readback: 0 });
  });

  it("is done only when it is at rest on its target, and reports its progress with units", async () => {
    const { motor, fake } = await make();
    const seen: Progress[] = [];
    const move = motor.set(5);
    move.watch((progress) => seen.push(progress));
    await move.wait();
    expect(fake.field("DMOV").value).toBe(1);
    expect((await motor.read()).m?.value).toBe(5);
    expect(seen.map(({ current }) => current)).toEqual([0, 2.5, 5]);
    expect(seen[1]).toMatchObject({ initial: 0, target: 5, unit: "mm", precision: 3, fraction: 0.5 });
  });

  it("does not take an answer that an update has overtaken for the end of its move", async () => {
    const { motor, fake } = await make({ acknowledgesAtOnce: true, startMs: 20, travelMs: 50 }, PATIENT);
    const get = motor.doneMoving.get.bind(motor.doneMoving);
    vi.spyOn(motor.doneMoving, "get").mockImplementation(async (options) => {
      const answer = await get(options);
      if (answer === 1 && fake.field("RBV").value === 0) await waitForValue(motor.readback, (at) => at > 0);
      return answer;
    });
    await motor.set(5).wait();
    expect(fake.field("RBV").value).toBe(5);
  });

  it("gives subscribers its readback under its name", async () => {
    const { motor } = await make();
    const seen: unknown[] = [];
    const listen = (readings: Record<string, { value: number }>) => seen.push(readings.m?.value);
    motor.subscribe(listen);
    await motor.set(4).wait();
    motor.clearSub(listen);
    await motor.set(6).wait();
    expect(seen).toEqual([0, 2, 4]);
  });

  it("waits for a motor whose put is acknowledged before it moves", async () => {
    const { motor } = await make({ acknowledgesAtOnce: true, startMs: 30 }, PATIENT);
    await motor.set(5).wait();
    expect((await motor.locate()).readback).toBe(5);
  });

  it("waits for a motor that says that it is done, and missed, before it begins to move", async () => {
    const { motor, fake } = await make({ acknowledgesAtOnce: true, startMs: 40, startsFalsely: true }, PATIENT);
    await motor.set(5).wait();
    expect(fake.field("RBV").value).toBe(5);
  });

  it("does not take the problem of its last move for one of this", async () => {
    const { motor, fake } = await make({ acknowledgesAtOnce: true, startMs: 40 }, PATIENT);
    fake.field("MSTA").post(0x40);
    fake.field("HLS").post(1);
    const move = motor.set(5);
    await waitForValue(motor.doneMoving, 0);
    fake.field("MSTA").post(0x2);
    fake.field("HLS").post(0);
    await move.wait();
    expect(fake.field("RBV").value).toBe(5);
  });

  it("does not wait for motion when it is there already", async () => {
    const { motor } = await make({ hidesMotion: true, travelMs: 0 }, { startMs: 5000 });
    const begun = performance.now();
    await motor.set(0).wait();
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  it("believes neither DMOV nor the put alone", async () => {
    const { motor } = await make({ acknowledgesAtOnce: true });
    const move = motor.set(5);
    await waitForValue(motor.doneMoving, 0);
    expect(move.done).toBe(false);
    await move.wait();
  });

  it("makes a hundred moves back to back without an early arrival", async () => {
    const { motor, fake } = await make({ travelMs: 1 });
    for (let i = 1; i <= 100; i++) {
      await motor.set(i % 7).wait();
      expect(fake.field("RBV").value).toBe(i % 7);
    }
  });
});

describe("a move that does not end at its target", () => {
  it.each<[string, Partial<FakeMotorBehaviour>, (fake: FakeMotor) => void, RegExp]>([
    ["a problem", {}, (f) => f.field("MSTA").post(0x202), /m: the driver reports a problem \(MSTA 0x200\); it is at 5/],
    ["a stall", {}, (f) => f.field("MSTA").post(0x42), /slip or stall/],
    ["a limit violation", { land: () => 0 }, (f) => f.field("LVIO").post(1), /soft limit violation \(LVIO\)/],
    [
      "the switch ahead",
      { land: () => 3 },
      (f) => f.field("HLS").post(1),
      /high limit switch \(HLS\); it is at 3, sent to 5/,
    ],
    [
      "retries that missed",
      { land: () => 4 },
      (f) => f.field("MISS").post(1),
      /missed its target by more than 0.01 after its retries/,
    ],
    ["no motion", { land: () => 0, hidesMotion: true }, () => {}, /missed its target by more than 0.01; it is at 0/],
    ["an alarm", {}, (f) => (f.field("RBV").alarmSeverity = 2), /readback is in alarm \(severity 2\)/],
  ])("fails and names %s", async (_what, behaviour, atEnd, message) => {
    const { motor, fake } = await make(behaviour);
    fake.behaviour.atEnd = () => atEnd(fake);
    const error = await failureOf(motor.set(5));
    expect(error).toBeInstanceOf(MotorError);
    expect(error.message).toMatch(message);
  });

  it("is a success within a tolerance and an alarm severity of one's own", async () => {
    const { motor, fake } = await make({ land: (target) => target + 0.3 }, { tolerance: 0.5, toleratedSeverity: 2 });
    fake.field("RBV").alarmSeverity = 2;
    await motor.set(5).wait();
  });

  it("minds the switch in the direction of travel only", async () => {
    const { motor, fake } = await make();
    fake.behaviour.atEnd = () => fake.field("LLS").post(1);
    await motor.set(5).wait();
    expect((await failureOf(motor.set(2))).message).toContain("low limit switch (LLS)");
  });

  it("fails when somebody else stopped or redirected it", async () => {
    const { motor, fake } = await make({ travelMs: 50 });
    const stopped = motor.set(50);
    await waitForValue(motor.readback, 25);
    fake.halt();
    const error = await failureOf(stopped);
    expect(error).toBeInstanceOf(MoveInterruptedError);
    expect(error.message).toBe("m was stopped by somebody else; it is at 25, sent to 50");
    const redirected = motor.set(50);
    await waitForValue(motor.doneMoving, 0);
    fake.behaviour.atEnd = () => fake.field("VAL").post(7);
    expect((await failureOf(redirected)).message).toMatch(/m was sent to 7 by somebody else/);
  });

  it("fails when its own next set takes its place, and that one goes on", async () => {
    const { motor } = await make({ travelMs: 30 });
    const first = motor.set(50);
    await waitForValue(motor.doneMoving, 0);
    const second = motor.set(10);
    const error = await failureOf(first);
    expect(error).toBeInstanceOf(MoveInterruptedError);
    expect(error.message).toBe("m was redirected to 10 on its way to 50");
    await second.wait();
    expect((await motor.locate()).readback).toBe(10);
  });

  it("that takes too long fails, and the motor is told to stop", async () => {
    const { motor, fake } = await make({ travelMs: 60_000 }, { moveTimeoutMs: 50 });
    const error = await failureOf(motor.set(5));
    expect(error).toBeInstanceOf(MoveTimeoutError);
    expect(fake.stops).toBe(1);
  });
});

describe("what a motor refuses", () => {
  it("is a target beyond its limits, which it names", async () => {
    const { motor, fake } = await make();
    const message = "m can't move to 101: its limits are -100 to 100 (dial -100 to 100)";
    expect((await failureOf(motor.set(101))).message).toBe(message);
    await expect(motor.checkValue(101)).rejects.toThrow(MotorLimitsError);
    await motor.checkValue(100);
    expect(fake.field("VAL").puts).toEqual([]);
  });

  it("is nothing when the dial limits are 0 and 0", async () => {
    const { motor, fake } = await make();
    for (const field of ["DLLM", "DHLM", "LLM", "HLM"]) fake.field(field).post(0);
    await motor.set(500).wait();
  });

  it("is not the way back into its range", async () => {
    const { motor, fake } = await make();
    fake.field("RBV").post(150);
    await motor.set(90).wait();
    expect((await motor.locate()).readback).toBe(90);
  });

  it("is any move while SPMG is not Go", async () => {
    const { motor, fake } = await make();
    fake.field("SPMG").post(1);
    expect((await failureOf(motor.set(5))).message).toBe("m can't move: its SPMG is Pause; set it to Go first");
    expect(fake.field("VAL").puts).toEqual([]);
  });

  it("is any move at zero velocity", async () => {
    const { motor, fake } = await make();
    fake.field("VELO").post(0);
    expect((await failureOf(motor.set(5))).message).toBe("m has zero velocity.");
  });
});

describe("stopping a motor", () => {
  it("writes 1 once, and fails the move once the motor stands", async () => {
    const { motor, fake } = await make({ travelMs: 1000 });
    const move = motor.set(50);
    await waitForValue(motor.doneMoving, 0);
    await motor.stop();
    const error = await failureOf(move);
    expect(error).toBeInstanceOf(MotorStoppedError);
    expect(error.message).toBe("Device m was stopped.");
    expect(fake.field("DMOV").value).toBe(1);
    expect(fake.field("STOP").puts).toEqual([1]);
  });

  it("lets the move succeed when it was told so", async () => {
    const { motor } = await make({ travelMs: 1000 });
    const move = motor.set(50);
    await waitForValue(motor.doneMoving, 0);
    await motor.stop({ success: true });
    await move.wait();
  });

  it("before the put was sent means that nothing is sent", async () => {
    const { motor, fake } = await make();
    const move = motor.set(50);
    await motor.stop();
    await expect(move.wait()).rejects.toThrow("Device m was stopped.");
    expect(fake.field("VAL").puts).toEqual([]);
    expect(fake.stops).toBe(1);
  });

  it("writes nothing when a fresh answer says that the motor stands and no move is pending", async () => {
    const { motor, fake } = await make();
    await motor.set(5).wait();
    await motor.stop();
    expect(fake.stops).toBe(0);
  });

  it("writes when somebody else moves the motor, and when the motor does not answer", async () => {
    const { motor, fake } = await make();
    fake.field("DMOV").post(0);
    await motor.stop();
    expect(fake.stops).toBe(1);
    fake.field("DMOV").disconnect();
    await motor.stop();
    expect(fake.stops).toBe(2);
  });

  it("is done again when the record begins only after it, and the move fails once the motor stands", async () => {
    const { motor, fake } = await make({ losesEarlyStops: true, startMs: 200, travelMs: 60_000 }, { startMs: 1000 });
    const move = motor.set(50);
    await vi.waitFor(() => expect(fake.field("VAL").puts).toEqual([50]));
    await motor.stop();
    await expect(move.wait()).rejects.toThrow("Device m was stopped.");
    expect(fake.field("DMOV").value).toBe(1);
    expect(fake.stops).toBe(2);
  });

  it("is done again when the record begins after its move was cancelled, unless another move has taken its place", async () => {
    const { motor, fake } = await make({ losesEarlyStops: true, startMs: 200, travelMs: 60_000 }, { startMs: 1000 });
    const cancelled = motor.set(50);
    await vi.waitFor(() => expect(fake.field("VAL").puts).toEqual([50]));
    cancelled.cancel();
    await vi.waitFor(() => expect(fake.stops).toBe(2));
    expect(fake.field("DMOV").value).toBe(1);
    fake.behaviour.travelMs = 10;
    motor.set(60).cancel();
    await motor.set(70).wait();
    expect(fake.field("RBV").value).toBe(70);
    expect(fake.stops).toBe(3);
  });

  it("happens when a move is cancelled", async () => {
    const { motor, fake } = await make({ travelMs: 1000 });
    const move = motor.set(50);
    await waitForValue(motor.doneMoving, 0);
    move.cancel("no longer wanted");
    await waitForValue(motor.doneMoving, 1);
    expect(move.success).toBe(false);
    expect(fake.stops).toBe(1);
  });
});

describe("the time that a move may take", () => {
  const plain = {
    velocity: 2,
    accelerationTime: 0.5,
    backlash: 0,
    backlashVelocity: 0,
    backlashAccelerationTime: 0,
    delay: 0,
    retries: 0,
  };

  it("follows from way, speed and acceleration", () => {
    expect(moveTimeout("m", -10, plain)).toBe(5 + 1 + 10);
    expect(moveTimeout("m", 10, { ...plain, velocity: -2 })).toBe(16);
  });

  it("grows with backlash, delay and retries", () => {
    const slow = {
      ...plain,
      backlash: -1,
      backlashVelocity: 0.5,
      backlashAccelerationTime: 0.25,
      delay: 1,
      retries: 2,
    };
    expect(moveTimeout("m", 10, slow)).toBe(5 + 1 + 2.5 + 1 + 2 * (2.5 + 1 + 1) + 10);
  });
});

describe("a sweep", () => {
  it("runs up, goes at its speed, and puts VELO back when it is complete", async () => {
    const { motor, fake } = await make();
    await motor.prepare({ startPosition: -5, endPosition: 5, timeForMove: 2 }).wait();
    expect(fake.field("RBV").value).toBe(-5.25);
    expect(fake.field("VELO").puts).toEqual([5]);
    await motor.kickoff().wait();
    await motor.complete().wait();
    expect(fake.field("RBV").value).toBe(5.25);
    expect(fake.field("VELO").value).toBe(10);
  });

  it("does not take a subscription that begins with an old position for the start of the sweep", async () => {
    const { motor, fake } = await make();
    await motor.prepare({ startPosition: -5, endPosition: 5, timeForMove: 2 }).wait();
    const subscribe = motor.readback.subscribeReading.bind(motor.readback);
    vi.spyOn(motor.readback, "subscribeReading").mockImplementation((listen, ...options) => {
      listen({ value: 20, timestamp: 0 });
      return subscribe(listen, ...options);
    });
    await motor.kickoff().wait();
    expect(fake.field("RBV").value).toBeGreaterThanOrEqual(-5);
    await motor.complete().wait();
  });

  it("puts VELO back when the device is unstaged without a sweep", async () => {
    const { motor, fake } = await make();
    await motor.prepare({ startPosition: 0, endPosition: 1, timeForMove: 1 }).wait();
    await motor.unstage();
    expect(fake.field("VELO").value).toBe(10);
  });

  it("that is stopped on its way puts VELO back too", async () => {
    const { motor, fake } = await make();
    await motor.prepare({ startPosition: -5, endPosition: 5, timeForMove: 2 }).wait();
    fake.behaviour.travelMs = 1000;
    const kickoff = motor.kickoff();
    const complete = motor.complete();
    await waitForValue(motor.doneMoving, 0);
    await motor.stop();
    await expect(complete.wait()).rejects.toThrow("Device m was stopped.");
    await expect(kickoff.wait()).rejects.toThrow("Device m was stopped.");
    expect(fake.field("VELO").value).toBe(10);
  });

  it("is refused beyond VMAX, which is none when it is 0, and before it was prepared", async () => {
    const { motor, fake } = await make();
    expect(() => motor.kickoff()).toThrow("m: prepare() must be called before kickoff()");
    expect(() => motor.complete()).toThrow("m: kickoff() must be called before complete()");
    fake.field("VMAX").post(3);
    await expect(motor.prepare({ startPosition: -5, endPosition: 5, timeForMove: 2 }).wait()).rejects.toThrow(
      "m would sweep at 5 a second and its maximum (VMAX) is 3",
    );
    fake.field("VMAX").post(0);
    await motor.prepare({ startPosition: -5, endPosition: 5, timeForMove: 2 }).wait();
    expect(fake.field("VELO").value).toBe(5);
  });
});

describe("a mocked EpicsMotor", () => {
  it("is there at once", async () => {
    const motor = new EpicsMotor("M", { name: "m" });
    await motor.connect({ mock: true });
    await motor.set(3).wait();
    expect((await motor.read()).m?.value).toBe(3);
    expect(mockOf(motor.setpoint).calls).toEqual([{ value: 3, wait: true }]);
  });
});
