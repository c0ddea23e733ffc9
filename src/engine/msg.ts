const BRAND = Symbol.for("cerulean.Msg");

/**
 * The command vocabulary: what each command's object is and what its message resolves to. The file of a command declares
 * its entry, and a facility's own command is typed in the same way.
 */
// biome-ignore lint/suspicious/noEmptyInterface: each command's file adds its own entry
export interface Commands {}

export type CommandName = keyof Commands;

/** What a command's message evaluates to; of commands that `Commands` does not know, anything. */
export type ResultOf<C extends string> = C extends CommandName
  ? Commands[C] extends { result: infer R }
    ? R
    : any
  : any;

/** What a plan asks of the engine: data, with no effect until the engine handles it. `yield* msg` evaluates to the result. */
export class Msg<C extends string = string, R = ResultOf<C>> {
  readonly [BRAND] = true;
  readonly command: C;
  readonly obj: any;
  readonly args: readonly any[];
  readonly kwargs: Readonly<Record<string, any>>;
  /** The key of the run that the message belongs to; `null` is the default run. */
  readonly run: unknown;

  constructor(
    command: C,
    obj: unknown = null,
    args: readonly unknown[] = NO_ARGS,
    kwargs: Readonly<Record<string, unknown>> = NO_KWARGS,
    run: unknown = null,
  ) {
    this.command = command;
    this.obj = obj ?? null;
    this.args = args;
    this.kwargs = kwargs;
    this.run = run ?? null;
  }

  [Symbol.iterator](): Iterator<Msg, R, any> {
    return new Once<R>(this);
  }
}

/** Messages are recognised by brand, so that a plan file and the command may load two copies of the package. */
export function isMsg(value: unknown): value is Msg {
  return typeof value === "object" && value !== null && BRAND in value;
}

const AHEAD = Symbol.for("cerulean.readAhead");

/** Tells with a `create` which independent devices will be read next, so that all of their readings may be on their way at once. */
export function readAhead<M extends Msg>(create: M, devices: readonly unknown[]): M {
  if (devices.length < 2) return create;
  return Object.defineProperty(create, AHEAD, { value: devices });
}

/** The devices that a `create` says will be read next, if it does. */
export function devicesAhead(create: Msg): readonly unknown[] {
  return (create as { [AHEAD]?: readonly unknown[] })[AHEAD] ?? NO_ARGS;
}

/**
 * Yields the message once and returns what it was resumed with. `throw` is spelled out because Node 24 replaces the
 * engine's error by a TypeError where an iterator has none.
 */
class Once<R> implements Iterator<Msg, R, any> {
  #msg: Msg | undefined;

  constructor(msg: Msg) {
    this.#msg = msg;
  }

  next(response?: any): IteratorResult<Msg, R> {
    const msg = this.#msg;
    if (msg === undefined) return { done: true, value: response };
    this.#msg = undefined;
    return { done: false, value: msg };
  }

  throw(error: unknown): IteratorResult<Msg, R> {
    this.#msg = undefined;
    throw error;
  }

  return(value: any): IteratorResult<Msg, R> {
    this.#msg = undefined;
    return { done: true, value };
  }
}

const NO_ARGS: readonly never[] = Object.freeze([]);
const NO_KWARGS: Readonly<Record<string, never>> = Object.freeze({});

/** A plan. Its messages' results come through `yield*` only: with `never` as its input type a bare `yield` has no usable value. */
export type Plan<T = void> = AsyncGenerator<Msg, T, never>;

/** Where a plan that never waits by itself keeps the sync generator of its messages, for who drives it to use in its place. */
export const STEPS = Symbol.for("cerulean.steps");

/** A plan, or a stub of several messages. */
export type PlanLike<T = void> = Plan<T> | Generator<Msg, T, never>;

/** What a suspender runs before and after it holds the engine. A function can be run again; an iterable only once. */
export type PlanSource = Iterable<Msg> | (() => PlanLike<any> | Iterable<Msg>);

export type Preprocessor = (plan: PlanLike<any>) => PlanLike<any>;
