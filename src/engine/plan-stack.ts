import { isMsg, type Msg, type PlanLike, type PlanSource, type Preprocessor, STEPS } from "./msg.ts";

type Steps = Iterator<unknown, unknown, any> | AsyncIterator<unknown, unknown, any>;
type Step = IteratorResult<unknown, unknown>;

/** `ready`: an answer waits to be sent; `stepping`: a call of the generator is in flight; `yielded`: a message waits to be handled. */
type FrameState = "ready" | "stepping" | "yielded" | "returned" | "raised" | "abandoned";

/** One plan on the stack, with its own slot for what it is answered next. Never are two calls of its generator in flight. */
export class Frame {
  readonly name: string;
  state: FrameState = "ready";
  #msg: Msg | undefined;
  #result: unknown;
  #answer: unknown;
  #error: unknown;
  #throws = false;
  #closing = false;
  readonly #steps: Steps;
  readonly #wake: () => void;

  constructor(steps: Steps, name: string, wake: () => void) {
    this.#steps = steps;
    this.name = name;
    this.#wake = wake;
  }

  /** The message that waits to be handled. */
  get msg(): Msg {
    return this.#msg as Msg;
  }

  /** The message that was yielded last, if there was one. */
  get lastMsg(): Msg | undefined {
    return this.#msg;
  }

  /** Whether nothing will come from the plan any more. */
  get isOver(): boolean {
    return this.state === "returned" || this.state === "raised" || this.state === "abandoned";
  }

  /** What the plan returned, or the error that it raised. */
  get result(): unknown {
    return this.#result;
  }

  /** Whether an error waits to be thrown into the plan. */
  get throws(): boolean {
    return this.#throws;
  }

  /** The error that waits to be thrown into the plan, if there is one. */
  get pendingError(): unknown {
    return this.#throws ? this.#error : undefined;
  }

  answer(value: unknown): void {
    this.#answer = value;
    this.state = "ready";
  }

  /** Throws into the plan at its next step; a message that it has yielded meanwhile is not handled. */
  throwIn(error: unknown): void {
    this.#throws = true;
    this.#error = error;
    if (this.state === "yielded") this.state = "ready";
  }

  /** Ends the generator with `return()` at its next step; a message that its `finally` blocks still yield is to be answered and dropped. */
  close(): void {
    this.#closing = true;
    this.#throws = false;
    if (this.state === "yielded") this.state = "ready";
  }

  /** Gives the generator up: nothing that it yields from now on is looked at. */
  abandon(): void {
    this.state = "abandoned";
  }

  /** Makes the next step. It is there when this returns, or else `wake` is called when it is. */
  advance(): void {
    if (this.state !== "ready") throw new Error(`the plan "${this.name}" was driven while it is ${this.state}`);
    this.state = "stepping";
    try {
      const step = this.#call();
      if (isThenable(step)) step.then(this.#onStep, this.#onRaise);
      else this.#settle(step);
    } catch (error) {
      this.#raise(error);
    }
  }

  #call(): Step | PromiseLike<Step> {
    if (this.#closing) {
      this.#closing = false;
      return this.#steps.return?.(undefined) ?? { done: true, value: undefined };
    }
    if (this.#throws) {
      const error = this.#error;
      this.#throws = false;
      this.#error = undefined;
      if (this.#steps.throw === undefined) throw error;
      return this.#steps.throw(error);
    }
    const answer = this.#answer;
    this.#answer = undefined;
    return this.#steps.next(answer);
  }

  readonly #onStep = (step: Step): void => {
    this.#settle(step);
    this.#wake();
  };

  readonly #onRaise = (error: unknown): void => {
    this.#raise(error);
    this.#wake();
  };

  #settle(step: Step): void {
    if (this.state !== "stepping") return;
    const { done, value } = step;
    if (done) {
      this.#result = value;
      this.state = "returned";
      return;
    }
    if (isMsg(value)) {
      this.#msg = value;
      // An error that was thrown in meanwhile goes before the message.
      this.state = this.#throws || this.#closing ? "ready" : "yielded";
      return;
    }
    this.state = "ready";
    if (!this.#closing) this.throwIn(notAMsg(value, this.name));
  }

  #raise(error: unknown): void {
    if (this.state !== "stepping") return;
    this.#result = error;
    this.state = "raised";
  }
}

function isThenable(value: unknown): value is PromiseLike<Step> {
  return typeof (value as PromiseLike<Step> | null)?.then === "function";
}

function notAMsg(value: unknown, plan: string): TypeError {
  const what =
    typeof value === "object" && value !== null
      ? `${"next" in value ? "a generator or iterator" : `an object of type ${value.constructor?.name ?? "Object"}`}`
      : `${typeof value} ${String(value)}`;
  const hint = typeof value === "object" && value !== null && "next" in value ? "yield* instead of yield" : "a Msg";
  return new TypeError(`the plan "${plan}" yielded ${what}, which is not a Msg; use ${hint}`);
}

/** The plans that run: the user's at the bottom; what a rewind or a suspender put above it runs first. */
export class PlanStack {
  readonly #frames: Frame[] = [];
  readonly #wake: () => void;

  constructor(wake: () => void) {
    this.#wake = wake;
  }

  get top(): Frame | undefined {
    return this.#frames[this.#frames.length - 1];
  }

  get frames(): readonly Frame[] {
    return this.#frames;
  }

  push(plan: PlanLike<any> | Iterable<Msg>, name: string): Frame {
    const frame = new Frame(stepsOf(plan), name, this.#wake);
    this.#frames.push(frame);
    return frame;
  }

  pop(): void {
    this.#frames.pop();
  }
}

function stepsOf(plan: PlanLike<any> | Iterable<Msg>): Steps {
  if (STEPS in plan) return plan[STEPS] as Steps;
  if (Symbol.asyncIterator in plan) return plan[Symbol.asyncIterator]();
  return plan[Symbol.iterator]();
}

export type GivenPlan = PlanLike<any> | Iterable<Msg> | (() => PlanLike<any> | Iterable<Msg>);

const used = new WeakSet<object>();

/**
 * The plan of what was given to `run`, with the preprocessors around it. A generator is accepted once in its life, a function or an
 * array of messages any number of times.
 */
export function planOf(
  given: GivenPlan,
  preprocessors: readonly Preprocessor[],
): { plan: PlanLike<any> | Iterable<Msg>; name: string; type: string } {
  const name = typeof given === "function" ? given.name : "";
  const made: any = typeof given === "function" ? given() : given;
  if (typeof made !== "object" || made === null || !(Symbol.iterator in made || Symbol.asyncIterator in made)) {
    const what = typeof made?.then === "function" ? "a promise" : String(made);
    throw new TypeError(
      `run takes a plan, a function that returns one, or messages; it got ${what}${name && ` from the function "${name}"`}`,
    );
  }
  const isGenerator = "next" in made;
  if (isGenerator && used.has(made)) {
    throw new Error("this plan was run before; a generator runs once, so give run a function that makes it");
  }
  if (isGenerator) used.add(made);
  let plan: PlanLike<any> = isGenerator || preprocessors.length === 0 ? made : messages(made);
  for (const preprocess of preprocessors) plan = preprocess(plan);
  return { plan, name, type: isGenerator ? "generator" : isMsg(made) ? "Msg" : "list" };
}

function* messages(plan: any): Generator<Msg, undefined, never> {
  yield* plan;
  return undefined;
}

/** A plan from what a suspender was given; a function makes it anew each time. */
export function planFrom(source: PlanSource): PlanLike<any> | Iterable<Msg> {
  return typeof source === "function" ? source() : source;
}
