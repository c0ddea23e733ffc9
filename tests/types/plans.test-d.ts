import { describe, expectTypeOf, it } from "vitest";
import type { Location, Movable, Readable, Readings, Triggerable } from "../../src/devices/protocols.ts";
import type { Status } from "../../src/devices/status.ts";
import type { Msg, Plan, PlanLike } from "../../src/engine/msg.ts";
import { count, gridScan, scan } from "../../src/plans/index.ts";
import * as bpp from "../../src/plans/preprocessors/index.ts";
import * as bps from "../../src/plans/stubs/index.ts";

declare const det: Readable<{ i0: number; shutter: "open" | "shut" }> & Triggerable;
declare const other: Readable<{ temperature: number }>;
declare const loose: Readable;
declare const motor: Movable<number>;
declare const filter: Movable<"in" | "out">;
declare const stage: { readonly name: string } & {
  set(value: number): Promise<void>;
  locate(): Location<number>;
};

describe("readings", () => {
  it("have the type of each field", () => {
    async function* plan(): Plan<number> {
      const readings = yield* bps.read(det);
      expectTypeOf(readings.i0.value).toEqualTypeOf<number>();
      expectTypeOf(readings.shutter.value).toEqualTypeOf<"open" | "shut">();
      // @ts-expect-error there is no such field
      readings.i1;
      return readings.i0.value;
    }
    expectTypeOf(plan).returns.toExtend<Plan<number>>();
  });

  it("of several devices come together", () => {
    async function* plan(): Plan {
      const readings = yield* bps.triggerAndRead([det, other]);
      expectTypeOf(readings.i0.value).toEqualTypeOf<number>();
      expectTypeOf(readings.temperature.value).toEqualTypeOf<number>();
      // @ts-expect-error there is no such field
      readings.pressure;
    }
    expectTypeOf(plan).toBeFunction();
  });

  it("of devices that don't tell their fields can be looked up by any name", () => {
    async function* plan(devices: readonly unknown[]): Plan {
      expectTypeOf(yield* bps.triggerAndRead(devices)).toEqualTypeOf<Record<string, any>>();
      expectTypeOf(yield* bps.triggerAndRead([loose])).toEqualTypeOf<Record<string, any>>();
    }
    expectTypeOf(plan).toBeFunction();
  });

  it("of what is no readable device don't compile", () => {
    // @ts-expect-error a motor that only moves can't be read
    bps.read(motor);
  });
});

describe("moves", () => {
  it("take the type of the device's position", () => {
    expectTypeOf(bps.mv(motor, 1, filter, "in")).toEqualTypeOf<bps.Many<readonly Status[]>>();
    // @ts-expect-error a number motor can't be sent to a word
    bps.mv(motor, "up");
    // @ts-expect-error the second pair is checked too
    bps.mv(motor, 1, filter, "up");
    // @ts-expect-error a position is missing
    bps.mv(motor, 1, filter);
    // @ts-expect-error a detector can't be moved
    bps.mv(det, 1);
    // @ts-expect-error the same holds for a single set
    bps.absSet(filter, 3);
  });

  it("take six pairs and options", () => {
    bps.mv(motor, 1, motor, 2, motor, 3, filter, "in", motor, 5, filter, "out", { timeoutMs: 1000 });
    // @ts-expect-error there is no such option
    bps.mv(motor, 1, { timeout: 1 });
  });

  it("answer with a status, whether they are waited for or not", () => {
    expectTypeOf(bps.absSet(motor, 1)).toEqualTypeOf<Msg<"set", Status>>();
    expectTypeOf(bps.absSet(motor, 1, { wait: true })).toEqualTypeOf<bps.Many<Status>>();
    expectTypeOf(bps.trigger(det)).toEqualTypeOf<Msg<"trigger", Status>>();
  });

  it("and locations are typed", () => {
    expectTypeOf(bps.locate(stage)).toEqualTypeOf<Msg<"locate", Location<number>>>();
    expectTypeOf(bps.rd(stage)).toEqualTypeOf<bps.Many<number>>();
  });
});

describe("plans", () => {
  it("have no use for the value of a bare yield", () => {
    async function* plan(): Plan<number> {
      const value = yield bps.sleep(1);
      expectTypeOf(value).toBeNever();
      return 0;
    }
    expectTypeOf(plan).toBeFunction();
  });

  it("yield messages and nothing else", () => {
    async function* number(): Plan {
      // @ts-expect-error a number is no message
      yield 1;
    }
    async function* forgotten(): Plan {
      // @ts-expect-error a plan is run with yield*
      yield bps.mv(motor, 1);
    }
    expectTypeOf(number).toBeFunction();
    expectTypeOf(forgotten).toBeFunction();
  });

  it("have the result of what they delegate to", () => {
    async function* plan(): Plan<string> {
      const uid = yield* count([det], 3, { delay: 1 });
      expectTypeOf(uid).toEqualTypeOf<string>();
      const ended = yield* bps.wait("moves", { timeoutMs: 100, errorOnTimeout: false });
      expectTypeOf(ended).toEqualTypeOf<boolean>();
      return yield* scan([det], motor, 0, 1, 11, { perStep: bps.oneNdStep });
    }
    expectTypeOf(plan()).toExtend<PlanLike<string>>();
    expectTypeOf(gridScan([det], motor, 0, 1, 2)).toExtend<Plan<string>>();
    // @ts-expect-error the options are checked
    count([det], 3, { dealy: 1 });
  });

  it("need no declared type to delegate to ours", () => {
    async function* plan() {
      yield* bps.mv(motor, 1);
      const readings = yield* bps.triggerAndRead([det]);
      expectTypeOf(readings.i0.value).toEqualTypeOf<number>();
      return yield* bpp.finalizeWrapper(count([det]), () => bps.null());
    }
    expectTypeOf(plan()).toExtend<Plan<string>>();
  });

  it("keep their result through a wrapper", () => {
    expectTypeOf(bpp.finalizeWrapper(bps.rd(stage), () => bps.null())).toExtend<Plan<number>>();
    expectTypeOf(bpp.runWrapper(bps.rd(stage))).toExtend<Plan<string>>();
    expectTypeOf(bpp.stageWrapper(bps.rd(stage), [det])).toExtend<Plan<number>>();
  });
});

describe("statuses and messages", () => {
  it("are not thenable, as yield* would wait for them", () => {
    expectTypeOf<Status>().not.toExtend<PromiseLike<unknown>>();
    expectTypeOf<Msg>().not.toExtend<PromiseLike<unknown>>();
  });

  it("are delegated to in sync stubs and async plans alike", () => {
    function* stub(): bps.Many<Readings<{ temperature: number }>> {
      return yield* bps.read(other);
    }
    async function* plan(): Plan<number> {
      return (yield* stub()).temperature.value;
    }
    expectTypeOf(plan).toBeFunction();
  });
});
