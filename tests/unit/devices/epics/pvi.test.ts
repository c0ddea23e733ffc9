import { expect, it, vi } from "vitest";
import { definePviDevice, pvi } from "../../../../src/devices/epics/index.ts";
import { t } from "../../../../src/devices/index.ts";
import { FakeIoc } from "./fake-channel.ts";

const SLOW_MS = 30;

/** Its PVI structures take their time. It tells how long each of the other channels was given to connect, in ms. */
function slowIoc(structures: Readonly<Record<string, object>>) {
  const ioc = new FakeIoc();
  for (const [name, value] of Object.entries(structures)) ioc.add(name, { kind: "structure", value: value as never });
  const given = new Map<string, number>();
  const open = ioc.channel.bind(ioc);
  vi.spyOn(ioc, "channel").mockImplementation((name) => {
    const channel = open(name);
    const { get, connectAndPrefetch } = channel;
    channel.get = async (options) => {
      await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
      return get.call(channel, options);
    };
    channel.connectAndPrefetch = (options = {}) => {
      given.set(name, options.timeoutMs ?? Number.NaN);
      return connectAndPrefetch.call(channel, options);
    };
    return channel;
  });
  return { ioc, given };
}

it("a PVI device has no more time to connect than it was given, however deep it is", async () => {
  const { ioc, given } = slowIoc({
    "BOX:PVI": { pulse: { d: "PULSE:PVI" } },
    "PULSE:PVI": { __1: { d: "PULSE1:PVI" } },
    "PULSE1:PVI": { level: { d: "LEVEL:PVI" } },
    "LEVEL:PVI": { __1: { rw: "LEVEL1" } },
  });
  ioc.add("LEVEL1", { kind: "float64", value: 2 });
  class Pulse extends definePviDevice({ level: pvi.map(pvi.rw(t.float)) }) {}
  class Box extends definePviDevice({ pulse: pvi.map(pvi.device(Pulse)) }) {}
  const box = new Box("BOX:", { name: "box", context: ioc });
  await box.connect({ timeoutMs: 10_000 });
  expect(await box.pulse.get(1).level.get(1).get()).toBe(2);
  // A timer may fire up to a millisecond early.
  expect(given.get("pva://LEVEL1")).toBeLessThanOrEqual(10_000 - 4 * (SLOW_MS - 1));
});
