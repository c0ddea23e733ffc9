import { expect, it } from "vitest";
import { Context } from "../../../../src/devices/epics/context.ts";
import { epicsSignalR, epicsSignalRW } from "../../../../src/devices/epics/index.ts";
import { Queue } from "../../../../src/devices/epics/queue.ts";
import { child, DeviceMap, defineDevice, NotConnectedError, t } from "../../../../src/devices/index.ts";
import { FakeAddon } from "./fake-addon.ts";

const info = { kind: "float64", isArray: false, count: 1, writable: true, host: "ioc:5064", typeId: null };
const metadata = { info, units: "", precision: 0, limits: {}, choices: [] };

it("connects a whole tree with one native call, however deep it is, and fails only what fails", async () => {
  const addon = new FakeAddon();
  const context = new Context(new Queue(addon), {});
  const Axis = defineDevice({
    setpoint: child((prefix, shared) => epicsSignalRW(t.float, `pva://${prefix}.VAL`, `pva://${prefix}.SP`, shared)),
    readback: child((prefix, shared) => epicsSignalR(t.float, `${prefix}.RBV`, shared)),
  });
  const axes = new DeviceMap(new Map(Array.from({ length: 50 }, (_, at) => [at, new Axis(`m${at}`, { context })])), {
    name: "axes",
  });
  const connected = axes.connect();
  await Promise.resolve();
  expect(addon.calls).toBe(1);
  const asked = addon.asked.filter(({ what }) => what === "metadata");
  expect(asked).toHaveLength(150);
  for (const {
    operation,
    arguments: [handle],
  } of asked) {
    if (addon.opened.get(handle as number)?.name === "m7.RBV") addon.fail(operation, 0, "was not found in time");
    else addon.object(operation, metadata);
  }
  const error = await connected.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(NotConnectedError);
  expect(String(error)).toContain("ca://m7.RBV");
  expect(String(error)).not.toContain("m8");
  expect(addon.calls).toBe(1);
  await axes.dispose();
  expect(addon.opened.size).toBe(0);
  await context.close();
});

it("a tree that is being connected ends with the reason of its signal, and can be connected afterwards", async () => {
  const addon = new FakeAddon();
  const context = new Context(new Queue(addon), {});
  const Axis = defineDevice({ readback: child((prefix, shared) => epicsSignalR(t.float, `${prefix}.RBV`, shared)) });
  const axes = new DeviceMap({ 1: new Axis("m1", { context }), 2: new Axis("m2", { context }) }, { name: "axes" });
  const controller = new AbortController();
  const connected = axes.connect({ signal: controller.signal });
  await Promise.resolve();
  controller.abort(new Error("no longer wanted"));
  await expect(connected).rejects.toThrow(/^no longer wanted$/);
  const again = axes.connect();
  await Promise.resolve();
  for (const { what, operation } of addon.asked.slice(-2)) {
    expect(what).toBe("metadata");
    addon.object(operation, metadata);
  }
  await again;
  await axes.dispose();
  await context.close();
});
