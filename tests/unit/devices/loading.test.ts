import { expect, it } from "vitest";
import "../../../src/devices/epics/index.ts";
import "../../../src/devices/index.ts";
import { EpicsMotor } from "../../../src/devices/epics/index.ts";

it("making and mocking EPICS devices does not load the addon", async () => {
  const motor = new EpicsMotor("IOC:m1", { name: "m" });
  await motor.connect({ mock: true });
  await motor.set(1).wait();
  const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
  expect(sharedObjects.filter((file) => file.endsWith("cerulean.node"))).toEqual([]);
});
