import {
  type Document,
  type EngineState,
  type FailedStatus,
  IllegalMessageSequence,
  Msg,
  type Plan,
  type PlanLike,
  RequestAbort,
  RunEngine,
  RunInterrupted,
  type RunResult,
  type Sink,
} from "cerulean";
import type { LiveTable, PeakStats } from "cerulean/callbacks";
import {
  type DataKey,
  type Flyable,
  initDevices,
  type Movable,
  type Readable,
  type Reading,
  type Readings,
  type SignalR,
  type SignalRW,
  Status,
  softSignalRW,
  status,
  t,
} from "cerulean/devices";
import { packEventPage, toWire, unpackEventPage, validate } from "cerulean/documents";
import {
  bulkConnect,
  bulkGet,
  bulkPut,
  caughtPanicCount,
  EpicsMotor,
  epicsSignalR,
  epicsSignalRWRbv,
  getContext,
  shutdownAll,
} from "cerulean/epics";
import { count, fly, gridScan, listScan, relScan, scan } from "cerulean/plans";
import * as bpp from "cerulean/plans/preprocessors";
import * as bps from "cerulean/plans/stubs";
import { JsonlWriter } from "cerulean/sinks/jsonl";
import { MongoWriter } from "cerulean/sinks/mongo";
import { describe, expectTypeOf, it } from "vitest";

/** A detector that knows nothing of this package. */
const det = {
  name: "det",
  read: (): Readings<{ i0: number; shutter: "open" | "shut" }> => ({
    i0: { value: 1, timestamp: 0 },
    shutter: { value: "open", timestamp: 0 },
  }),
  describe: (): Record<string, DataKey> => ({}),
};
const motor = { name: "m", set: (_: number) => Promise.resolve() };

describe("a program written against the public names", () => {
  it("gets typed readings and setpoints through a plan", () => {
    async function* plan(): Plan<number> {
      const readings = yield* bps.read(det);
      expectTypeOf(readings.i0.value).toBeNumber();
      expectTypeOf(readings.shutter.value).toEqualTypeOf<"open" | "shut">();
      // @ts-expect-error the detector has no such field
      readings.i1;
      yield* bps.mv(motor, 1);
      // @ts-expect-error a number is expected
      yield* bps.mv(motor, "up");
      // @ts-expect-error what has no set can't be moved
      yield* bps.mv(det, 1);
      expectTypeOf(yield* bps.openRun({ sample: "LaB6" })).toBeString();
      expectTypeOf(yield* bps.wait("group", { timeoutMs: 10 })).toBeBoolean();
      yield* bps.null();
      return readings.i0.value;
    }
    expectTypeOf(plan).returns.toExtend<PlanLike<number>>();
    expectTypeOf(new RunEngine().run(plan())).resolves.toEqualTypeOf<RunResult<number>>();
    expectTypeOf(new RunEngine().run(() => plan())).resolves.toEqualTypeOf<RunResult<number>>();
    expectTypeOf(new RunEngine().iterate(plan())).toEqualTypeOf<AsyncGenerator<Document, RunResult<number>>>();
  });

  it("can't use what a bare yield evaluates to", () => {
    async function* plan(): Plan {
      const readings = yield bps.read(det);
      expectTypeOf(readings).toBeNever();
    }
    expectTypeOf(plan).toBeFunction();
  });

  it("never waits for a Status or a Msg by accident", () => {
    expectTypeOf<Status>().not.toExtend<PromiseLike<unknown>>();
    expectTypeOf<Msg>().not.toExtend<PromiseLike<unknown>>();
    expectTypeOf(bps.absSet(motor, 1, {})).not.toExtend<PromiseLike<unknown>>();
  });

  it("drives the engine from outside", () => {
    const engine = new RunEngine({
      md: { beamline: "b" },
      recordInterruptions: true,
      planTimeoutMs: 1,
      handleSignals: false,
    });
    expectTypeOf(engine.pause({ defer: true })).resolves.toEqualTypeOf<{ paused: boolean }>();
    expectTypeOf(engine.resume()).resolves.toBeVoid();
    expectTypeOf(engine.stop()).resolves.toEqualTypeOf<RunResult | undefined>();
    expectTypeOf(engine.abort("why")).resolves.toEqualTypeOf<RunResult | undefined>();
    expectTypeOf(engine.halt()).resolves.toEqualTypeOf<RunResult | undefined>();
    expectTypeOf(engine.state).toEqualTypeOf<EngineState>();
    expectTypeOf(engine.resumable).toBeBoolean();
    expectTypeOf(engine.commands).toExtend<readonly string[]>();
    engine.state$.subscribe((state) => expectTypeOf(state).toEqualTypeOf<EngineState>()).unsubscribe();
    engine.documents$.subscribe((document) => expectTypeOf(document).toEqualTypeOf<Document>());
    engine.messages$.subscribe((msg) => expectTypeOf(msg).toExtend<Msg>());
    engine.errors$.subscribe((error) => expectTypeOf(error).toEqualTypeOf<Error>());
    engine.subscribe(({ name, doc }) => {
      if (name === "stop") expectTypeOf(doc.exit_status).toExtend<string>();
    }, "stop");
    engine.registerCommand("mine", (msg, context) => [msg.obj, context.engine.state]);
    engine.unregisterCommand("mine");
    engine.requestSuspend(() => Promise.resolve(), { prePlan: () => [bps.null()], justification: "beam dump" });
    engine.waitingHook = (statuses) => expectTypeOf(statuses).toEqualTypeOf<ReadonlySet<Status> | null>();
    const error = new RunInterrupted("why", {} as RunResult);
    expectTypeOf(error.result).toEqualTypeOf<RunResult>();
    for (const Class of [RequestAbort, IllegalMessageSequence]) expectTypeOf(new Class("why")).toExtend<Error>();
    expectTypeOf<FailedStatus["errors"]>().toEqualTypeOf<readonly Error[]>();
  });

  it("builds messages by hand and mixes them with sync generators and iterables", () => {
    const engine = new RunEngine();
    expectTypeOf(new Msg("sleep", null, [1], {}).command).toEqualTypeOf<"sleep">();
    engine.run([new Msg("null"), bps.sleep(1)]);
    function* stub(): Generator<Msg, string, never> {
      return yield* bps.openRun();
    }
    expectTypeOf(engine.run(stub())).resolves.toEqualTypeOf<RunResult<string>>();
  });

  it("wraps plans without losing what they answer", () => {
    expectTypeOf(bpp.finalizeWrapper(count([det], 1), () => bps.mv(motor, 0))).toExtend<PlanLike<string>>();
    expectTypeOf(bpp.runWrapper(bps.mv(motor, 1), { md: {} })).toExtend<PlanLike<string>>();
    expectTypeOf(bpp.baselineWrapper(fly([]), [det], "baseline")).toExtend<PlanLike<string>>();
    const data = bpp.supplementalData({ baseline: [det] });
    expectTypeOf(data(count([det]))).toExtend<PlanLike<any>>();
    data.monitors.push(det);
  });

  it("calls bluesky's plans with bluesky's positional arguments", () => {
    for (const plan of [
      count([det], null, { delay: 0.1 }),
      scan([det], motor, 0, 10, 11, { md: { sample: "a" } }),
      relScan([det], motor, -1, 1, 3),
      listScan([det], motor, [1, 2, 3]),
      gridScan([det], motor, 0, 1, 5, motor, 0, 1, 5, { snakeAxes: true }),
    ]) {
      expectTypeOf(plan).toExtend<Plan<string>>();
    }
  });

  it("makes devices of signals, of EPICS records, and of plain objects", async () => {
    const soft = softSignalRW(t.float, 0);
    expectTypeOf(soft).toExtend<Movable<number>>();
    expectTypeOf(epicsSignalR(t.float, "pva://A")).toExtend<SignalR<number>>();
    expectTypeOf(epicsSignalRWRbv(t.string, "A")).toExtend<SignalRW<string>>();
    const devices = await initDevices({ x: new EpicsMotor("IOC:m1") });
    expectTypeOf(devices.x).toEqualTypeOf<EpicsMotor>();
    expectTypeOf(devices.x).toExtend<Readable & Movable<number> & Flyable>();
    expectTypeOf(motor).toExtend<Movable<number>>();
    expectTypeOf(det).toExtend<Readable<{ i0: number; shutter: "open" | "shut" }>>();
  });

  it("makes statuses of promises", () => {
    const moving = status(async ({ signal, report }) => {
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      report({ current: 1, initial: 0, target: 2 });
    });
    expectTypeOf(moving).toEqualTypeOf<Status>();
    expectTypeOf(moving.wait({ timeoutMs: 1 })).resolves.toBeVoid();
    expectTypeOf(Status.failed(new Error("why")).done).toBeBoolean();
  });

  it("reads and writes many PVs at once", () => {
    expectTypeOf(bulkGet(["A"], { timeoutMs: 1, form: "time" })).resolves.toExtend<
      Map<string, Reading<any> | { error: Error }>
    >();
    expectTypeOf(bulkConnect(["A"])).resolves.toExtend<Map<string, { connected: true } | { error: Error }>>();
    expectTypeOf(bulkPut(new Map([["A", 1]]), { wait: true })).resolves.toExtend<
      Map<string, { ok: true } | { error: Error }>
    >();
    expectTypeOf(getContext().channel("A").get).toBeFunction();
    expectTypeOf(shutdownAll({ force: true })).resolves.toBeVoid();
    expectTypeOf(caughtPanicCount()).toBeNumber();
  });

  it("takes every subscriber as a sink, and documents apart and together", async () => {
    expectTypeOf<LiveTable | PeakStats | JsonlWriter | MongoWriter>().toExtend<Sink>();
    expectTypeOf(
      MongoWriter.connect("mongodb://h/d", { journalDir: "j", fsync: "always" }),
    ).resolves.toEqualTypeOf<MongoWriter>();
    expectTypeOf(new JsonlWriter("d", { fsync: "stop" }).flush()).resolves.toBeVoid();
    expectTypeOf(validate).toBeFunction();
    expectTypeOf(toWire({} as Document)).toExtend<Document>();
    expectTypeOf(packEventPage).toBeFunction();
    expectTypeOf(unpackEventPage).toBeFunction();
  });
});
