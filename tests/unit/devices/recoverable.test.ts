import { expect, test } from "vitest";
import { EpicsMotor } from "../../../src/devices/epics/index.ts";
import {
  derivedSignalRW,
  initDevices,
  PseudoPositioner,
  PvPositioner,
  StandardDetector,
  softSignalR,
  softSignalRW,
  t,
} from "../../../src/devices/index.ts";

const acquire = { start: async () => {}, waitIdle: async () => {}, ensureStopped: async () => {} };

test("a signal tells what it is set to, and where that goes to", async () => {
  const { x } = await initDevices({ x: softSignalRW(t.float, 1.5) });
  await x.set(2).wait();
  expect(await x.recoverable()).toEqual([{ pv: "soft://x", value: 2 }]);
});

test("a motor tells its speed before its position, and stand-ins are told from the motor itself", async () => {
  const motor = new EpicsMotor("IOC:m1", { name: "m" });
  await motor.connect({ mock: true });
  await motor.velocity.set(7).wait();
  await motor.set(3).wait();
  expect(await motor.recoverable()).toEqual([
    { pv: "mock+ca://IOC:m1.VELO", value: 7 },
    { pv: "mock+ca://IOC:m1.VAL", value: 3 },
  ]);
});

test("what is made of others tells what those are", async () => {
  const { a, b, fixed } = await initDevices({
    a: softSignalRW(t.float, 1),
    b: softSignalRW(t.float, 2),
    fixed: softSignalR(t.float, 3),
  });
  const both = [
    { pv: "soft://a", value: 1 },
    { pv: "soft://b", value: 2 },
  ];
  const sum = derivedSignalRW(
    t.float,
    { a, b, fixed },
    (raw) => raw.a + raw.b + raw.fixed,
    () => {},
  );
  await initDevices({ sum });
  expect(await sum.recoverable()).toEqual(both);
  const pseudo = new PseudoPositioner({
    name: "p",
    axes: ["mean"],
    reals: { a, b },
    forward: ({ mean }) => ({ a: mean, b: mean }),
    inverse: (real) => ({ mean: (real.a + real.b) / 2 }),
  });
  expect(await pseudo.axes.mean.recoverable()).toEqual(both);
  const detector = new StandardDetector({ acquire, trigger: { configSignals: [a, fixed] } }, { name: "det" });
  expect(await detector.recoverable()).toEqual([both[0]]);
});

test("a positioner tells its setpoint", async () => {
  const { stage } = await initDevices({ stage: new PvPositioner({ setpoint: softSignalRW(t.float, 4) }) });
  expect(await stage.recoverable()).toEqual([{ pv: "soft://stage-setpoint", value: 4 }]);
});
