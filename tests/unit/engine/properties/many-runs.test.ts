import fc from "fast-check";
import { expect, test } from "vitest";
import type { Document, RunStop } from "../../../../src/documents/document.ts";
import { RunInterrupted } from "../../../../src/engine/errors.ts";
import type { Msg } from "../../../../src/engine/msg.ts";
import { RunEngine } from "../../../../src/engine/run-engine.ts";
import { isEnding } from "../../../../src/engine/state.ts";
import { soaking, times } from "../../../soak.ts";
import { Detector } from "../fixtures/devices.ts";
import { count } from "../fixtures/plans.ts";
import { record } from "../fixtures/record.ts";
import { answers, type Disturbance, Disturber, disturbance, type Ending } from "./disturbances.ts";
import { expectWhole } from "./invariants.ts";
import { LINGERS_MS, LONG_MS, RandomPlan, type Shape, shape } from "./random-plan.ts";
import { type Fault, World, WorldMotor } from "./world.ts";

const PLAN_TIMEOUT_MS = 2;
const STOPPED_WITHIN_MS = 100;

const fault: fc.Arbitrary<Fault> = fc.record({
  method: fc.constantFrom(
    "set",
    "set",
    "read",
    "trigger",
    "kickoff",
    "complete",
    "collect",
    "stage",
    "unstage",
    "stop",
  ),
  call: fc.integer({ min: 1, max: 4 }),
  how: fc.constantFrom("throws", "fails", "fails late"),
});

interface Case {
  readonly shape: Shape;
  readonly disturbances: readonly Disturbance[];
  readonly onPause: readonly ("resume" | Ending)[];
  readonly faults: readonly Fault[];
  readonly recordInterruptions: boolean;
}

const cases: fc.Arbitrary<Case> = fc.record({
  shape,
  disturbances: fc.array(disturbance, { maxLength: 4 }),
  onPause: answers,
  faults: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(fault, { minLength: 1, maxLength: 3 }) },
  ),
  recordInterruptions: fc.boolean(),
});

test(
  "whatever is done to several runs at once and goes wrong in them, the engine keeps its word",
  async () => {
    await fc.assert(fc.asyncProperty(cases, keepsItsWord), { numRuns: times(200, 20_000) });
  },
  soaking ? 3_600_000 : 120_000,
);

async function keepsItsWord({ shape, disturbances, onPause, faults, recordInterruptions }: Case): Promise<void> {
  const world = new World(faults);
  const engine = new RunEngine({ planTimeoutMs: PLAN_TIMEOUT_MS, recordInterruptions });
  const plan = new RandomPlan(shape, world);
  const recording = record(engine);
  const strays = watchHolds(engine, plan);
  const ending = new EndingSeen(engine, plan, world);
  const disturber = new Disturber(engine, plan.beam, disturbances, onPause);

  const outcome: any = await engine.run(() => plan.steps()).catch((error) => error);
  disturber.end();

  expect(engine.state, "the engine ends idle").toBe("idle");
  const numbers = expectWhole(recording.documents, faults.length === 0 && !plan.wasRefused);
  expect(world.unfinished, "nothing moves, flies, is staged or monitored").toEqual([]);
  expect(strays, "nothing of the plan is handled while the engine is held or paused").toEqual([]);
  const stops = recording.named("stop").map((stop) => stop.exit_status);
  if (ending.isAsked) {
    expect(outcome, "a run that was ended rejects").toBeInstanceOf(RunInterrupted);
    expect(ending.wrongStops(outcome.result.exitStatus), "runs that are open then end as the engine was told").toEqual(
      [],
    );
    expect(ending.stoppedLate(), "what moves is stopped at once").toEqual([]);
  } else if (outcome.exitStatus === "success") {
    expect(new Set([...stops, "success"]), "a success is one").toEqual(new Set(["success"]));
  }
  if (!ending.isAsked && faults.length === 0 && shape.cleanup !== "fails" && !plan.wasRefused) {
    expect(outcome, "what nothing ends comes to its end").toMatchObject({ exitStatus: "success", planResult: "done" });
    const starts = recording.named("start");
    expect(starts).toHaveLength(shape.runs.length);
    expect([...numbers.values()].map(({ primary = 0 }) => primary).sort()).toEqual(plan.points);
  }

  const { length } = world.calls;
  const next = await engine.run(count(new Detector("next"), 1));
  expect(next.exitStatus, "the engine can be used again").toBe("success");
  await new Promise((resolve) => setTimeout(resolve, LINGERS_MS + 1));
  expect(world.calls.slice(length), "nothing of a plan that is over reaches a device").toEqual([]);
}

/** Complaints about messages of the plan that were handled while the engine was paused, held or halted. */
function watchHolds(engine: RunEngine, plan: RandomPlan): string[] {
  const strays: string[] = [];
  engine.messages$.subscribe((msg) => {
    if (!plan.has(msg)) return;
    if (["paused", "halting"].includes(engine.state)) strays.push(`${msg.command} while ${engine.state}`);
    if (engine.suspensions.length > 0 && !isEnding(engine.state)) strays.push(`${msg.command} while held`);
  });
  return strays;
}

/** What was under way when the engine was told to end the run, and what became of it. */
class EndingSeen {
  readonly #documents: Document[] = [];
  #moving: WorldMotor[] = [];
  #askedAt: number | undefined;
  #last: Msg | undefined;
  /** The message that was being handled then: it is let finish. */
  #inFlight: Msg | undefined;

  constructor(engine: RunEngine, plan: RandomPlan, world: World) {
    engine.state$.subscribe((state) => {
      if (!isEnding(state) || this.isAsked || plan.isOver) return;
      this.#askedAt = performance.now();
      this.#inFlight = this.#last;
      this.#moving = world.devices.filter((device) => device instanceof WorldMotor && device.isMoving) as WorldMotor[];
    });
    engine.messages$.subscribe((msg) => {
      this.#last = msg;
    });
    engine.subscribe((document) => {
      const isInFlight = this.#last === this.#inFlight && this.#last?.command === "close_run";
      if (this.isAsked && !isInFlight) this.#documents.push(document);
    });
  }

  get isAsked(): boolean {
    return this.#askedAt !== undefined;
  }

  wrongStops(exitStatus: string): unknown[] {
    return this.#documents.filter(({ name, doc }) => name === "stop" && (doc as RunStop).exit_status !== exitStatus);
  }

  stoppedLate(): string[] {
    const latest = (this.#askedAt ?? 0) + STOPPED_WITHIN_MS;
    const late = this.#moving.filter(
      ({ ms, stoppedAt }) => ms === LONG_MS && (stoppedAt ?? Number.POSITIVE_INFINITY) > latest,
    );
    return late.map(({ name }) => name);
  }
}
