import { afterEach, describe, expect, it } from "vitest";
import { mindClock } from "../../../../src/devices/epics/clock-skew.ts";
import { EpicsMotor } from "../../../../src/devices/epics/motor.ts";
import { MotorError, MotorStoppedError, MoveInterruptedError } from "../../../../src/devices/epics/motor-errors.ts";
import { waitForValue } from "../../../../src/devices/index.ts";
import { FakeMotor, type FakeMotorBehaviour } from "./fake-motor.ts";

const motors: EpicsMotor[] = [];
afterEach(async () => {
  for (const motor of motors.splice(0)) await motor.dispose();
});

async function make(behaviour: Partial<FakeMotorBehaviour> = {}) {
  const fake = new FakeMotor();
  Object.assign(fake.behaviour, behaviour);
  const motor = new EpicsMotor("M", { name: "m", context: fake.ioc, startMs: 5000 });
  motors.push(motor);
  await motor.connect();
  return { motor, fake };
}

describe("home", () => {
  it("is done when the motor stands, also when the record acknowledges at once and starts late", async () => {
    const { motor, fake } = await make({ acknowledgesAtOnce: true, startMs: 20 });
    await motor.set(5).wait();
    await motor.home("forward").wait();
    expect([fake.field("HOMF").puts, fake.field("RBV").value, fake.field("DMOV").value]).toEqual([[1], 0, 1]);
    await motor.home("reverse").wait();
    expect(fake.field("HOMR").puts).toEqual([1]);
  });

  it("fails when the record reports trouble, in its words", async () => {
    const { motor, fake } = await make({ atEnd: () => fake.field("MSTA").post(0x202) });
    await expect(motor.home("forward").wait()).rejects.toThrow("m did not find its home: the driver reports a problem");
  });

  it("is refused while SPMG is Pause, and nothing is written", async () => {
    const { motor, fake } = await make();
    fake.field("SPMG").post(1);
    await expect(motor.home("forward").wait()).rejects.toThrow("its SPMG is Pause; set it to Go first");
    expect(fake.field("HOMF").puts).toEqual([]);
  });

  it("ends as stopped once the motor stands, and gives way to a move", async () => {
    const { motor, fake } = await make({ travelMs: 60_000 });
    const home = motor.home("forward");
    await waitForValue(motor.doneMoving, 0);
    await motor.stop();
    await expect(home.wait()).rejects.toThrow(MotorStoppedError);
    expect(fake.stops).toBe(1);
    const again = motor.home("forward");
    await waitForValue(motor.doneMoving, 0);
    fake.behaviour.travelMs = 10;
    await motor.set(2).wait();
    await expect(again.wait()).rejects.toThrow(MoveInterruptedError);
  });

  it("tells a motor that is late to stop", async () => {
    const { motor, fake } = await make({ travelMs: 60_000, acknowledgesAtOnce: true });
    await expect(motor.home("forward", { timeoutMs: 50 }).wait()).rejects.toThrow("m did not find its home in 50 ms");
    expect(fake.stops).toBe(1);
  });
});

describe("setPosition", () => {
  it("redefines the position without a move and leaves the record in Use", async () => {
    const { motor, fake } = await make();
    await motor.setPosition(7);
    expect([fake.field("RBV").value, fake.field("SET").value, fake.field("SET").puts]).toEqual([7, 0, [1, 0]]);
  });

  it("leaves the record in Use also when the position is refused", async () => {
    const { motor, fake } = await make();
    fake.field("VAL").onPut = () => Promise.reject(new Error("refused"));
    await expect(motor.setPosition(7)).rejects.toThrow("refused");
    expect(fake.field("SET").value).toBe(0);
  });

  it("rejects while the motor moves, and when it does not read so afterwards", async () => {
    const { motor, fake } = await make({ land: (target) => target + 1 });
    await expect(motor.setPosition(7)).rejects.toThrow("m was told that it stands at 7, and it reads 8");
    fake.field("DMOV").post(0);
    await expect(motor.setPosition(7)).rejects.toThrow(MotorError);
  });
});

describe("the time stamp of a record that has never processed", () => {
  it("is not taken for a wrong clock", async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error): void => void warnings.push(warning);
    process.on("warning", listen);
    mindClock("ioc-of-1990:5064", "ca://X", 631_152_000, true);
    mindClock("ioc-of-1970:5064", "ca://X", 0, true);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listen);
    expect(warnings).toEqual([]);
  });
});
