import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { EpicsMotor, epicsSignalR } from "../../../src/devices/epics/index.ts";
import { child, defineDevice, Status, softSignalRW, status, t } from "../../../src/devices/index.ts";
import { mockOf } from "../../../src/testing/index.ts";

class Slit extends defineDevice({
  gap: child(() => softSignalRW(t.float, 1.5), "hinted"),
  blades: child(() => new (defineDevice({ left: child(() => softSignalRW(t.int)) }))("")),
}) {}

describe("what a person sees of a device", () => {
  it("is the tree below it, with what is known without asking", async () => {
    const slit = new Slit("", { name: "slit" });
    await slit.connect();
    await slit.gap.stage();
    expect(inspect(slit)).toBe(
      [
        'Slit("slit")',
        '  gap: SignalRW("slit-gap"): 1.5 (t.float, soft://slit-gap, connected)',
        '  blades: Defined("slit-blades")',
        '    left: SignalRW("slit-blades-left") (t.int, soft://slit-blades-left, connected)',
      ].join("\n"),
    );
    expect(inspect(slit, { depth: 0 })).toContain("    ... 1 children");
  });

  it("is one line where the device is a part of something else", () => {
    expect(inspect({ obj: new Slit("", { name: "slit" }) })).toBe('{ obj: Slit("slit") }');
  });

  it("tells of a signal whether it is connected, and its alarm", async () => {
    const signal = epicsSignalR(t.float, "pva://X:Y", { name: "s" });
    expect(String(signal)).toBe('SignalR("s") (t.float, pva://X:Y, not connected)');
    await signal.connect({ mock: true });
    await signal.stage();
    mockOf(signal).setReading({ value: 2, timestamp: 1, alarmSeverity: 2 });
    expect(inspect(signal)).toBe('SignalR("s"): 2 MAJOR (t.float, mock+pva://X:Y, connected)');
    mockOf(signal).setConnection("disconnected");
    expect(inspect(signal)).toBe('SignalR("s"): 2 (unknown) (t.float, mock+pva://X:Y, disconnected)');
  });

  it("is short enough to read for a motor", () => {
    const lines = inspect(new EpicsMotor("IOC:m1", { name: "x" })).split("\n");
    expect(lines[0]).toBe('EpicsMotor("x")');
    expect(lines.length).toBeLessThan(40);
  });
});

describe("what a person sees of a Status", () => {
  it("is how far it has come, and how it ended", async () => {
    let end = (_error?: Error): void => {};
    const move = status(({ report }) => {
      report({ current: 2, initial: 0, target: 8, unit: "mm", precision: 1, fraction: 0.25 });
      return new Promise((resolve, reject) => {
        end = (error) => (error === undefined ? resolve(undefined) : reject(error));
      });
    });
    expect(inspect(move)).toMatch(/^Status: pending for 0\.\d s, at 2\.0 from 0\.0 to 8\.0 mm \(25 %\)$/);
    end(new RangeError("too far"));
    await move.wait().catch(() => {});
    expect(inspect({ move })).toBe("{ move: Status: failed: RangeError: too far }");
    expect(String(Status.finished())).toBe("Status: done");
  });
});
