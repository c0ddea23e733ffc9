import { describe, expectTypeOf, it } from "vitest";
import { BulkFlyer, EpicsMotor, pv, SimDetector, Xspress3Flyer } from "../../src/devices/epics/index.ts";
import {
  child,
  defineDevice,
  initDevices,
  type Locatable,
  type Movable,
  PseudoPositioner,
  type Readable,
  type SignalR,
  type SignalRW,
  StandardReadable,
  StaticFilenameProvider,
  StaticPathProvider,
  type Status,
  type Subscribable,
  softSignalR,
  softSignalRW,
  t,
  type ValueOf,
} from "../../src/devices/index.ts";
import { SynAxis } from "../../src/sim/index.ts";

describe("datatypes", () => {
  it("infer the values of a signal", () => {
    expectTypeOf(softSignalRW(t.enum(["Off", "On"]))).toEqualTypeOf<SignalRW<"Off" | "On">>();
    expectTypeOf(softSignalRW(t.int64)).toEqualTypeOf<SignalRW<bigint>>();
    expectTypeOf<ValueOf<typeof t.array.f64>>().toExtend<Float64Array>();
    expectTypeOf<ValueOf<typeof t.strings>>().toEqualTypeOf<readonly string[]>();
  });

  it("refuse a wrong value when it is set", () => {
    const mode = softSignalRW(t.enum(["Off", "On"]));
    mode.set("On");
    // @ts-expect-error there is no such label
    mode.set("Maybe");
    // @ts-expect-error a number is no label
    mode.set(1);
  });

  it("let a subset have the record's other labels", () => {
    const mode = softSignalRW(t.subset(["Off", "On"]));
    mode.set("Anything");
  });
});

describe("signals", () => {
  it("fit the protocols by their capabilities", () => {
    expectTypeOf<SignalRW<number>>().toExtend<Locatable<number>>();
    expectTypeOf<SignalRW<number>>().toExtend<Movable<number>>();
    expectTypeOf<SignalR<number>>().toExtend<Readable>();
    expectTypeOf<SignalR<number>>().toExtend<Subscribable<Record<string, number>>>();
    expectTypeOf<SignalR<number>>().not.toExtend<Movable<number>>();
    expectTypeOf<SynAxis>().toExtend<Locatable<number>>();
  });

  it("answer with a Status that is not thenable", () => {
    expectTypeOf<ReturnType<SignalRW<number>["set"]>>().toEqualTypeOf<Status>();
    expectTypeOf<Status>().not.toExtend<PromiseLike<unknown>>();
  });
});

describe("a declared device", () => {
  it("has typed children", () => {
    const Slit = defineDevice({
      gap: child(() => softSignalRW(t.float), "hinted"),
      mode: child(() => softSignalR(t.enum(["Open", "Shut"]))),
    });
    const slit = new Slit("P:");
    expectTypeOf(slit.gap).toEqualTypeOf<SignalRW<number>>();
    expectTypeOf(slit.mode).toEqualTypeOf<SignalR<"Open" | "Shut">>();
  });

  it("can't have a child with a name that the device uses itself", () => {
    // @ts-expect-error "read" is reserved
    defineDevice({ read: child(() => softSignalRW(t.float)) });
    // @ts-expect-error "set" is reserved
    defineDevice({ set: child(() => softSignalRW(t.float)) });
    // @ts-expect-error "children" is reserved
    defineDevice({ children: pv.r(t.float, "X") });
    defineDevice({ set_: child(() => softSignalRW(t.float)) });
  });

  it("is held to its names by hand, too", () => {
    class Handmade extends StandardReadable {
      readonly gap = this.addReadable("gap", softSignalRW(t.float), "hinted");
      readonly top = this.add("top", new SynAxis());
      // @ts-expect-error "stage" is reserved
      readonly wrong = this.add("stage", softSignalRW(t.float));
      // @ts-expect-error "hints" is reserved
      readonly worse = this.addReadable("hints", softSignalRW(t.float), "config");
      constructor(keys: readonly string[]) {
        super();
        for (const key of keys) this.add(key, softSignalRW(t.float));
      }
    }
    expectTypeOf(new Handmade([]).gap).toEqualTypeOf<SignalRW<number>>();
  });

  it("has the values of its PVs as types, and refuses others", () => {
    class Shutter extends defineDevice({
      position: pv.rbv(t.enum(["Open", "Closed"]), "Pos"),
      dose: pv.r(t.float, "Dose_RBV", { kind: "hinted" }),
    }) {}
    const shutter = new Shutter("S:");
    expectTypeOf(shutter.position.get()).resolves.toEqualTypeOf<"Open" | "Closed">();
    // @ts-expect-error there is no such position
    shutter.position.set("Ajar");
    // @ts-expect-error what is only read can't be set
    shutter.dose.set(1);
    // @ts-expect-error a prefix is needed
    new Shutter();
    // @ts-expect-error there is no such kind
    pv.r(t.float, "X", { kind: "important" });
    // @ts-expect-error there is no such child
    shutter.angle;
  });
});

describe("a readable device", () => {
  it("is staged with values that its signals can have", () => {
    const mode = softSignalRW(t.enum(["Off", "On"]));
    expectTypeOf(new StandardReadable().stageWith(mode, "On")).toEqualTypeOf<StandardReadable>();
    // @ts-expect-error there is no such label
    new StandardReadable().stageWith(mode, "Maybe");
    // @ts-expect-error what is only read can't be set
    new StandardReadable().stageWith(softSignalR(t.float), 1);
  });
});

describe("initDevices", () => {
  it("keeps the type of each device", () => {
    expectTypeOf(initDevices({ m: new SynAxis(), s: softSignalRW(t.bool) })).resolves.toEqualTypeOf<{
      m: SynAxis;
      s: SignalRW<boolean>;
    }>();
  });
});

describe("detectors, flyers and pseudo axes", () => {
  it("refuse what they can't be prepared for", () => {
    const paths = new StaticPathProvider(new StaticFilenameProvider("x"), "/data");
    const det = new SimDetector("SIM:", paths);
    det.prepare({ livetime: 0.1, numberOfEvents: [3, 2] });
    // @ts-expect-error there is no such trigger
    det.prepare({ trigger: "sometimes" });
    // @ts-expect-error times are numbers, in seconds
    det.prepare({ livetime: "0.1 s" });
    // @ts-expect-error there is no such format
    new SimDetector("SIM:", paths, { format: "png" });
    // @ts-expect-error a path provider is needed
    new SimDetector("SIM:");
  });

  it("know their axes and columns", () => {
    const reals = { left: new EpicsMotor("l"), right: new EpicsMotor("r") };
    const table = new PseudoPositioner({
      axes: ["height", "tilt"],
      reals,
      forward: ({ height, tilt }) => ({ left: height - tilt / 2, right: height + tilt / 2 }),
      inverse: ({ left, right }) => ({ height: (left + right) / 2, tilt: right - left }),
    });
    table.set({ height: 1, tilt: 0 });
    table.axes.height.set(2);
    // @ts-expect-error there is no such axis
    table.axes.roll;
    // @ts-expect-error an axis has no place
    table.set({ height: 1 });
    // @ts-expect-error a motor goes to a number
    reals.left.set("home");
    // @ts-expect-error it is fed by no number of channels
    new Xspress3Flyer("X:", { rois: { Fe: 1 } });
    // @ts-expect-error waveforms have PVs
    new BulkFlyer({ waveforms: { i0: 3 }, acquire: "A", numPoints: 3, dwell: 0.1 });
  });
});
