import fc from "fast-check";
import { expect, test } from "vitest";
import type { Msg, Plan } from "../../../src/engine/msg.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { Beam, Detector, Motor } from "./fixtures/devices.ts";
import { msg } from "./fixtures/plans.ts";
import { record } from "./fixtures/record.ts";

interface Disturbance {
  readonly at: number;
  readonly what: "pause" | "defer" | "suspend" | "fail" | "update" | "stop" | "abort" | "halt";
  readonly isLater: boolean;
}

const disturbance: fc.Arbitrary<Disturbance> = fc.record({
  at: fc.nat(40),
  what: fc.constantFrom("pause", "defer", "suspend", "fail", "update", "pause", "suspend", "stop", "abort", "halt"),
  isLater: fc.boolean(),
});

const points = fc.array(
  fc.record({
    ms: fc.constantFrom(0, 0, 2),
    sleeps: fc.boolean(),
    awaits: fc.boolean(),
    lingers: fc.constantFrom(false, false, true),
    isRewindable: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Longer than the engine waits for a plan that is to end. */
const LINGERS_MS = 5;
const PLAN_TIMEOUT_MS = 2;

class Stage {
  readonly name = "stage";
  staged = 0;
  stage(): readonly unknown[] {
    this.staged++;
    return [];
  }
  unstage(): readonly unknown[] {
    this.staged--;
    return [];
  }
}

/** A motor that knows whether it is on its way. */
class Watched extends Motor {
  moving = false;
  sets = 0;
  override set(value: number) {
    this.sets++;
    const status = super.set(value);
    this.moving = !status.done;
    status.onDone(() => {
      this.moving = false;
    });
    return status;
  }
}

type Points = readonly { ms: number; sleeps: boolean; awaits: boolean; lingers: boolean; isRewindable: boolean }[];

async function* randomScan(shape: Points, motor: Watched, stage: Stage, beam: Beam): Plan<string> {
  const det = new Detector();
  yield* msg("stage", stage);
  const uid: string = yield* msg("open_run");
  yield* msg("monitor", beam, [], { name: "beam" });
  for (const [index, { ms, sleeps, awaits, lingers, isRewindable }] of shape.entries()) {
    motor.ms = ms;
    yield* msg("checkpoint");
    if (!isRewindable) yield* msg("rewindable", null, [false]);
    yield* msg("set", motor, [index + 1], { group: "move" });
    if (awaits) await new Promise(setImmediate);
    if (lingers) await new Promise((resolve) => setTimeout(resolve, LINGERS_MS));
    yield* msg("wait", null, [], { group: "move" });
    if (sleeps) yield* msg("sleep", null, [0.001]);
    yield* msg("create", null, [], { name: "primary" });
    const readings: any = yield* msg("read", motor);
    expect(readings.motor.value).toBe(index + 1);
    yield* msg("read", det);
    yield* msg("save");
    if (!isRewindable) yield* msg("rewindable", null, [true]);
  }
  yield* msg("unmonitor", beam);
  yield* msg("close_run");
  yield* msg("unstage", stage);
  return uid;
}

function disturb(engine: RunEngine, disturbances: readonly Disturbance[], motor: Watched, beam: Beam): void {
  const act = (what: Disturbance["what"]): void => {
    if (what === "pause" || what === "defer") void engine.pause({ defer: what === "defer" }).catch(() => {});
    else if (what === "suspend") engine.requestSuspend(() => new Promise((resolve) => setTimeout(resolve, 1)));
    else if (what === "fail") motor.failure = new Error("stuck");
    else if (what === "update") beam.put(1);
    else void engine[what]().catch(() => {});
  };
  let handled = 0;
  engine.messages$.subscribe((_: Msg) => {
    const now = handled++;
    for (const { at, what, isLater } of disturbances) {
      if (at !== now) continue;
      if (isLater) setImmediate(() => engine.state !== "idle" && act(what));
      else act(what);
    }
  });
  engine.state$.subscribe((state) => {
    if (state === "paused") setImmediate(() => void engine.resume().catch(() => {}));
  });
}

test("whatever disturbs a scan, its documents fit together, nothing stays staged or moves, and the engine ends idle with nothing to follow", async () => {
  await fc.assert(
    fc.asyncProperty(points, fc.array(disturbance, { maxLength: 4 }), async (shape, disturbances) => {
      const engine = new RunEngine({ planTimeoutMs: PLAN_TIMEOUT_MS });
      const recording = record(engine);
      const [motor, stage, beam] = [new Watched(), new Stage(), new Beam()];
      disturb(engine, disturbances, motor, beam);
      const outcome = await engine.run(() => randomScan(shape, motor, stage, beam)).catch((error) => error);
      expect(engine.state).toBe("idle");
      const [starts, stops] = [recording.named("start"), recording.named("stop")];
      expect(stops.map((stop) => stop.run_start)).toEqual(starts.map((start) => start.uid));
      const streams = new Map<string, string>();
      const numbers: Record<string, number> = {};
      for (const { name, doc } of recording.documents as { name: string; doc: any }[]) {
        if (name === "descriptor") {
          streams.set(doc.uid, doc.name);
          numbers[doc.name] ??= 0;
        }
        if (name !== "event") continue;
        const stream = streams.get(doc.descriptor) as string;
        expect(stream).toBeDefined();
        expect(doc.seq_num).toBeLessThanOrEqual((numbers[stream] ?? 0) + 1);
        numbers[stream] = Math.max(numbers[stream] ?? 0, doc.seq_num);
        if (stream === "primary") expect(doc.data.motor).toBe(doc.seq_num);
      }
      if (stops.length > 0) expect(stops[0].num_events).toEqual(numbers);
      expect(stage.staged).toBe(0);
      expect(motor.moving).toBe(false);
      expect(beam.subscribers).toBe(0);
      const { sets } = motor;
      await new Promise((resolve) => setTimeout(resolve, LINGERS_MS + 1));
      expect([motor.sets, stage.staged, motor.moving, beam.subscribers]).toEqual([sets, 0, false, 0]);
      const isEnded = disturbances.some(({ what }) => ["stop", "abort", "halt", "fail"].includes(what));
      if (!isEnded) {
        expect(outcome.exitStatus).toBe("success");
        expect(numbers.primary).toBe(shape.length);
      }
    }),
    { numRuns: 150 },
  );
}, 60_000);
