import { afterEach, describe, expect, it, vi } from "vitest";
import { EpicsMotor, type EpicsMotorOptions } from "../../../../src/devices/epics/motor.ts";
import { waitForValue } from "../../../../src/devices/index.ts";
import { FakeMotor, type FakeMotorBehaviour } from "./fake-motor.ts";

const motors: EpicsMotor[] = [];
afterEach(async () => {
  for (const motor of motors.splice(0)) await motor.dispose();
});

async function make(behaviour: Partial<FakeMotorBehaviour>, options: EpicsMotorOptions) {
  const fake = new FakeMotor();
  Object.assign(fake.behaviour, behaviour);
  const motor = new EpicsMotor("M", { name: "m", context: fake.ioc, startMs: 30, ...options });
  motors.push(motor);
  await motor.connect();
  return { motor, fake };
}

describe("a motor whose DMOV is no use", () => {
  it("is done when the put is, where it is told so, and has to be on its target all the same", async () => {
    const { motor, fake } = await make({ travelMs: 20 }, { completion: "put" });
    fake.behaviour.atEnd = () => queueMicrotask(() => fake.field("DMOV").post(0));
    await motor.set(5).wait();
    expect([fake.field("RBV").value, fake.field("DMOV").value]).toEqual([5, 0]);
    fake.behaviour.land = () => 3;
    await expect(motor.set(6).wait()).rejects.toThrow("m missed its target by more than 0.01; it is at 3, sent to 6");
  });
});

describe("a motor whose put is never acknowledged", () => {
  it("is done when DMOV says so, where it is told so", async () => {
    const { motor, fake } = await make({ travelMs: 20 }, { completion: "dmov" });
    const { onPut } = fake.field("VAL");
    fake.field("VAL").onPut = (value) => {
      onPut(value);
      return new Promise(() => {});
    };
    const move = motor.set(5);
    await waitForValue(motor.doneMoving, 0);
    expect(move.done).toBe(false);
    await move.wait();
    expect([fake.field("RBV").value, fake.field("DMOV").value]).toEqual([5, 1]);
  });
});

describe("a motor that settles", () => {
  it("is done so long after its arrival, unless it is stopped meanwhile", async () => {
    const { motor, fake } = await make({ travelMs: 5 }, { settleMs: 60 });
    const move = motor.set(5);
    await waitForValue(motor.doneMoving, 0);
    await waitForValue(motor.doneMoving, 1);
    const arrived = performance.now();
    expect(move.done).toBe(false);
    await move.wait();
    // A timer may fire up to a millisecond early.
    expect(performance.now() - arrived).toBeGreaterThan(50);
    const settling = motor.set(6);
    await waitForValue(motor.readback, 6);
    await motor.stop();
    await expect(settling.wait()).rejects.toThrow("Device m was stopped.");
    expect(fake.field("RBV").value).toBe(6);
  });
});

describe("a sweep that is stopped while it is prepared", () => {
  const sweep = { startPosition: 0, endPosition: 1, timeForMove: 1 };

  it("does not begin to move, and leaves VELO as it is", async () => {
    const { motor, fake } = await make({}, {});
    const early = motor.prepare(sweep);
    await motor.stop();
    await expect(early.wait()).rejects.toThrow("Device m was stopped.");
    const get = motor.velocity.get.bind(motor.velocity);
    vi.spyOn(motor.velocity, "get").mockImplementation(async (options) => {
      // The last that is asked for before VELO is changed.
      if (fake.field("RBV").value !== 0 && fake.field("DMOV").value === 1) await motor.stop();
      return get(options);
    });
    await expect(motor.prepare(sweep).wait()).rejects.toThrow("Device m was stopped.");
    expect(fake.field("RBV").value).toBe(-0.05);
    expect(fake.field("VAL").puts).toEqual([-0.05]);
    expect(fake.field("VELO").puts).toEqual([]);
    expect(() => motor.kickoff()).toThrow("m: prepare() must be called before kickoff()");
  });
});
