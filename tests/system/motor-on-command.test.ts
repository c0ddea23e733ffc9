import { t } from "cerulean/devices";
import { type Context, EpicsMotor, epicsSignalW, getContext } from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { independentClient } from "./support/independent-client.ts";
import { type MiniBeamline, startMiniBeamline } from "./support/mini-beamline.ts";

let ioc: MiniBeamline;
let context: Context;
let motor: EpicsMotor;
let fault: ReturnType<typeof epicsSignalW<string>>;

beforeAll(async () => {
  ioc = await startMiniBeamline();
  context = getContext(ioc.context);
  motor = new EpicsMotor("mini:dot:mtrx", { name: "m", context });
  fault = epicsSignalW(t.string, "mini:dot:mtrx:Fault", { name: "fault", context });
  await Promise.all([motor.connect({ timeoutMs: 10_000 }), fault.connect({ timeoutMs: 10_000 })]);
});

afterAll(async () => {
  await motor?.dispose();
  await fault?.dispose();
  await context?.close({ force: true });
  await ioc?.stop();
});

describe("a motor of the mini-beamline that goes wrong on command", () => {
  it.each([
    ["Stall", 40, /^m: slip or stall detected \(MSTA 0x40\); it is at/],
    ["Problem", 40, /^m: the driver reports a problem \(MSTA 0x200\); it is at/],
    ["High switch", 40, /^m: high limit switch \(HLS\); it is at/],
    ["Low switch", -40, /^m: low limit switch \(LLS\); it is at/],
    ["Miss", 40, /^m missed its target by more than .* it is at 40.5, sent to 40$/],
  ])("fails the move with what is wrong: %s", async (what, target, message) => {
    await fault.set(what).wait();
    await expect(motor.set(target).wait()).rejects.toThrow(message);
    expect(await motor.doneMoving.get({ cached: false })).toBe(1);
    await fault.set("None").wait();
    await motor.set(0).wait();
  });

  it.each([
    ["High switch", -20],
    ["Low switch", 20],
  ])("lets it go away from a switch: %s", async (what, target) => {
    await fault.set(what).wait();
    await motor.set(target).wait();
    expect((await motor.locate()).readback).toBe(target);
    await fault.set("None").wait();
    await motor.set(0).wait();
  });

  it("never counts as arrived before it has, when it says at first that it is done and drops DMOV later", async () => {
    await using other = await independentClient("mini:dot:mtrx.RBV", ioc.caPort);
    await fault.set("Late").wait();
    await using patient = new EpicsMotor("mini:dot:mtrx", { name: "m", context, startMs: 10_000 });
    await patient.connect({ timeoutMs: 10_000 });
    await patient.set(30).wait();
    expect(await other.read()).toBe(30);
    await fault.set("None").wait();
  });
});
