import fc from "fast-check";
import { IllegalMessageSequence, isControlError } from "../../../../src/engine/errors.ts";
import { Msg, type Plan } from "../../../../src/engine/msg.ts";
import { type World, WorldBeam, WorldDetector, WorldFlyer, WorldMotor, WorldStage } from "./world.ts";

export type Step =
  | { readonly kind: "point" | "move"; readonly ms: number; readonly waits: boolean }
  | { readonly kind: "fly"; readonly rows: number; readonly collects: boolean }
  | { readonly kind: "begin" | "monitor" | "stage" | "sleep" | "await" | "refused" | "checkpoint" | "fixed" };

/** What runs do, each with a key of its own, and in which order their steps come. */
export interface Shape {
  readonly runs: readonly (readonly Step[])[];
  readonly order: readonly number[];
  /** Whether the plan goes on when a step of it has failed. */
  readonly carriesOn: boolean;
  readonly cleanup: "none" | "moves" | "fails" | "lingers" | "reads" | "closes";
}

/** Longer than the engine waits for a plan that is to end. */
export const LINGERS_MS = 5;

/** Longer than any of these plans: a move that nobody waits for is under way whenever the plan ends. */
export const LONG_MS = 2000;

const ms = fc.constantFrom(0, 0, 2);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("point" as const), ms, waits: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("move" as const), ms, waits: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("fly" as const),
      rows: fc.integer({ min: 1, max: 3 }),
      collects: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom("begin", "begin", "monitor", "stage", "sleep", "await", "refused", "checkpoint", "fixed"),
    }),
  },
);

export const shape: fc.Arbitrary<Shape> = fc.record({
  runs: fc.array(fc.array(step, { maxLength: 5 }), { minLength: 1, maxLength: 3 }),
  order: fc.array(fc.nat(2), { maxLength: 15 }),
  carriesOn: fc.boolean(),
  cleanup: fc.constantFrom("none", "none", "moves", "fails", "lingers", "reads", "closes"),
});

/** Messages of a plan, kept so that they can be told from the engine's own. */
class Sender {
  readonly sent = new Set<Msg>();
  /** How many of them the engine has refused. */
  refused = 0;

  *send(
    command: string,
    obj: unknown = null,
    args: unknown[] = [],
    kwargs = {},
    run: unknown = null,
  ): Generator<Msg, any, never> {
    const msg = new Msg(command, obj, args, kwargs, run);
    this.sent.add(msg);
    return yield* msg;
  }
}

/** A plan of that shape, with the devices of its runs. */
export class RandomPlan {
  readonly beam: WorldBeam;
  /** Whether it has come to its end: what the engine is told from then on is too late for it. */
  isOver = false;
  readonly #shape: Shape;
  readonly #home: WorldMotor;
  readonly #runs: readonly RandomRun[];
  readonly #sender = new Sender();

  constructor(shape: Shape, world: World) {
    this.#shape = shape;
    this.beam = new WorldBeam(world, "beam");
    this.#home = new WorldMotor(world, "home");
    this.#runs = shape.runs.map((steps, i) => new RandomRun(world, i, steps, this.#sender));
  }

  /** Whether the plan has sent this message, now or before. */
  has(msg: Msg): boolean {
    return this.#sender.sent.has(msg);
  }

  /** Whether the engine has refused a message: then it has also stopped what moved. */
  get wasRefused(): boolean {
    return this.#sender.refused > 0;
  }

  /** How many points each run makes when nothing goes wrong, from the fewest on. */
  get points(): readonly number[] {
    return this.#runs.map((run) => run.points).sort();
  }

  async *steps(): Plan<string> {
    const { order } = this.#shape;
    try {
      for (const index of order) yield* this.#step(this.#runs[index % this.#runs.length] as RandomRun);
      for (const run of this.#runs) while (!run.isOver) yield* this.#step(run);
      return "done";
    } finally {
      yield* this.#cleanUp();
      this.isOver = true;
    }
  }

  async *#step(run: RandomRun): Plan {
    if (run.isOver) return;
    const isBundling = this.#runs.some((each) => each.isBundling);
    try {
      yield* run.step(this.beam, isBundling);
    } catch (error) {
      if (!this.#shape.carriesOn || isControlError(error)) throw error;
      yield* run.giveUp();
    }
  }

  async *#cleanUp(): Plan {
    const { cleanup } = this.#shape;
    if (cleanup === "none") return;
    if (cleanup === "fails") throw new Error("the cleanup went wrong");
    if (cleanup === "lingers") await new Promise((resolve) => setTimeout(resolve, LINGERS_MS));
    if (cleanup === "reads") yield* this.#sender.send("read", this.#home);
    else if (cleanup === "closes") for (const run of this.#runs) yield* run.close();
    else {
      this.#home.ms = 1;
      yield* this.#sender.send("set", this.#home, [0], { group: "home" });
      yield* this.#sender.send("wait", null, [], { group: "home" });
    }
  }
}

/** One run of the plan: it is opened, makes its steps one by one, and is closed. */
class RandomRun {
  readonly key: string;
  isOver = false;
  /** Whether a reading is begun and not yet saved. */
  isBundling = false;
  readonly #steps: readonly Step[];
  readonly #sender: Sender;
  readonly #motor: WorldMotor;
  readonly #other: WorldMotor;
  readonly #detector: WorldDetector;
  readonly #flyer: WorldFlyer;
  readonly #stage: WorldStage;
  #next = -1;
  #points = 0;

  constructor(world: World, index: number, steps: readonly Step[], sender: Sender) {
    this.key = `run ${index}`;
    this.#steps = steps;
    this.#sender = sender;
    this.#motor = new WorldMotor(world, `motor${index}`);
    this.#other = new WorldMotor(world, `other${index}`);
    this.#detector = new WorldDetector(world, `det${index}`);
    this.#flyer = new WorldFlyer(world, `flyer${index}`);
    this.#stage = new WorldStage(world, `stage${index}`);
  }

  get points(): number {
    return this.#steps.filter(({ kind }) => kind === "point" || kind === "begin").length;
  }

  async *step(beam: WorldBeam, isAnyBundling: boolean): Plan {
    const at = this.#next++;
    if (at === -1) {
      yield* this.#send("open_run");
      return;
    }
    const step = this.#steps[at];
    this.isOver = step === undefined;
    if (this.isBundling && step?.kind !== "sleep") yield* this.#save();
    if (step === undefined) {
      yield* this.#send("close_run");
      return;
    }
    switch (step.kind) {
      case "point":
      case "begin":
        if (!isAnyBundling) yield* this.#send("checkpoint");
        this.#motor.ms = step.kind === "point" ? step.ms : 0;
        yield* this.#read(++this.#points);
        if (step.kind === "point") yield* this.#save();
        break;
      case "move":
        this.#other.ms = step.waits ? step.ms : LONG_MS;
        yield* this.#send("set", this.#other, [at], { group: `${this.key} others` });
        if (step.waits) yield* this.#send("wait", null, [], { group: `${this.key} others` });
        break;
      case "fly":
        yield* this.#fly(step.rows, step.collects);
        break;
      case "monitor":
        yield* this.#refusable("monitor", beam, [], { name: "beam" });
        break;
      case "stage":
        yield* this.#send("stage", this.#stage);
        break;
      case "sleep":
        beam.update();
        yield* this.#send("sleep", null, [0.001]);
        break;
      case "await":
        await new Promise(setImmediate);
        beam.update();
        break;
      case "refused":
        yield* this.#refusable("save");
        break;
      case "checkpoint":
        yield* this.#refusable("checkpoint");
        break;
      case "fixed":
        yield* this.#send("rewindable", null, [false]);
        yield* this.#send("trigger", this.#detector, [], { group: this.key });
        yield* this.#send("wait", null, [], { group: this.key });
        yield* this.#send("rewindable", null, [true]);
        break;
    }
  }

  async *close(): Plan {
    yield* this.#refusable("close_run");
  }

  /** Drops what a failed step has begun to read. */
  async *giveUp(): Plan {
    if (!this.isBundling) return;
    this.isBundling = false;
    yield* this.#refusable("drop");
  }

  /** Moves to the point and begins a reading; what the plan is answered with is what is there. */
  *#read(point: number): Generator<Msg, void, never> {
    yield* this.#send("set", this.#motor, [point], { group: this.key });
    yield* this.#send("wait", null, [], { group: this.key });
    yield* this.#send("create", null, [], { name: "primary" });
    this.isBundling = true;
    const readings = yield* this.#send("read", this.#motor);
    if (readings[this.#motor.name].value !== point) {
      throw new Error(`${this.key} read ${readings[this.#motor.name].value} at point ${point}`);
    }
    yield* this.#send("read", this.#detector);
  }

  *#save(): Generator<Msg, void, never> {
    this.isBundling = false;
    yield* this.#send("save");
  }

  *#fly(rows: number, collects: boolean): Generator<Msg, void, never> {
    this.#flyer.rows = rows;
    yield* this.#send("kickoff", this.#flyer, [], { group: this.key });
    yield* this.#send("wait", null, [], { group: this.key });
    if (!collects) return;
    yield* this.#send("complete", this.#flyer, [], { group: this.key });
    yield* this.#send("wait", null, [], { group: this.key });
    yield* this.#send("collect", this.#flyer);
  }

  /** Sends what the engine may refuse here, and takes that for an answer. */
  *#refusable(command: string, obj: unknown = null, args: unknown[] = [], kwargs = {}): Generator<Msg, void, never> {
    try {
      yield* this.#send(command, obj, args, kwargs);
    } catch (error) {
      if (!(error instanceof IllegalMessageSequence)) throw error;
      this.#sender.refused++;
    }
  }

  #send(command: string, obj: unknown = null, args: unknown[] = [], kwargs = {}): Generator<Msg, any, never> {
    return this.#sender.send(command, obj, args, kwargs, this.key);
  }
}
