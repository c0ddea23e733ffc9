import type { Tap } from "../documents/tap.ts";
import type { Command } from "./commands/command.ts";
import { WaitForTimeoutError } from "./errors.ts";
import { Flight } from "./flight.ts";
import type { Msg } from "./msg.ts";
import type { Frame } from "./plan-stack.ts";
import type { Session } from "./session.ts";
import { type EndingState, isEnding } from "./state.ts";
import { Fairness } from "./wake.ts";

/** What the driver asks at every turn, and lets act before it goes on. */
export interface Attention {
  /** Whether something was asked for that can be acted on now. */
  isDue(): boolean;
  act(): Promise<void> | void;
}

/** How many messages a plan that is halted may still yield from its `finally` blocks before it is given up. */
const DISCARDED_AT_MOST = 100;

/** How long the failures of one group are gathered. Motors are stopped after it, which leaves most of the time that they are to be stopped in. */
const GATHER_MS = 10;

/** Drives the plans of one run, message by message, until the last of them has returned or raised. */
export class Driver {
  readonly #session: Session;
  readonly #messages: Tap<Msg>;
  readonly #attention: Attention;
  readonly #fairness = new Fairness();
  #gate: { open: boolean } | undefined;
  #deadline: number | undefined;
  #discarded = 0;

  constructor(session: Session, messages: Tap<Msg>, attention: Attention) {
    this.#session = session;
    this.#messages = messages;
    this.#attention = attention;
  }

  /** Resolves to what the plan returned and rejects with what it raised. */
  async drive(): Promise<unknown> {
    const session = this.#session;
    const attention = this.#attention;
    for (;;) {
      if (attention.isDue()) await attention.act();
      else if (session.flight !== undefined) await this.#fly(session.flight);
      else {
        const frame = session.stack.top as Frame;
        switch (frame.state) {
          case "ready":
            if (this.#fairness.isDue) await this.#fairness.turn();
            else this.#step(frame);
            break;
          case "stepping":
            if (session.ending === undefined) {
              this.#drainMonitors();
              await session.wake.wait();
            } else {
              await this.#awaitEndingPlan(frame);
            }
            break;
          case "yielded":
            if (this.#mayHandle()) this.#handle(frame);
            else await session.wake.wait();
            break;
          default:
            this.#leave(frame);
            if (session.stack.top === undefined) return outcomeOf(frame);
        }
      }
    }
  }

  #step(frame: Frame): void {
    const { inside } = this.#session;
    this.#deadline = undefined;
    inside.enter();
    try {
      frame.advance();
    } finally {
      inside.exit();
    }
  }

  /** Waits for the next message of a plan that was told to end, but gives it up when it has had its time. */
  async #awaitEndingPlan(frame: Frame): Promise<void> {
    if (await this.#waitUntilDeadline()) return;
    frame.abandon();
    const { planTimeoutMs } = this.#session.settings;
    this.#session.report(
      new Error(
        `the plan "${frame.name}" was given up: it held the engine for ${planTimeoutMs} ms after it was told to end`,
      ),
    );
  }

  /** `false` when the plan or handler has had its time since it was told to end. */
  async #waitUntilDeadline(): Promise<boolean> {
    const now = performance.now();
    this.#deadline ??= now + this.#session.settings.planTimeoutMs;
    if (now >= this.#deadline) return false;
    await this.#session.wake.waitAtMost(this.#deadline - now);
    return true;
  }

  async #fly(flight: Flight): Promise<void> {
    const session = this.#session;
    if (flight.settled) {
      session.flight = undefined;
      this.#deadline = undefined;
      if (flight.failed) this.fail(flight.result, flight.frame);
      else this.#answer(flight.frame, flight.command, flight.result);
      return;
    }
    if (flight.command.cut === "always") this.#drainMonitors();
    if (flight.command.cut === "always" || session.ending === undefined) {
      await session.wake.wait();
    } else if (!(await this.#waitUntilDeadline())) {
      session.flight = undefined;
      flight.cut();
      this.fail(
        new Error(`"${flight.msg.command}" was given up: it did not end in time after the plan was told to end`),
      );
    }
  }

  /** Tells the plans that they are to end. A handler that changes things may finish; any other is cut. */
  end(ending: EndingState): void {
    const session = this.#session;
    const { flight, stack, groups } = session;
    session.ending = ending;
    this.#deadline = undefined;
    void session.stopMotion({ success: ending === "stopping", why: session.endingError });
    if (flight !== undefined && flight.command.cut !== "late") {
      flight.cut();
      session.flight = undefined;
    }
    if (ending === "halting") {
      groups.clear();
      for (const frame of stack.frames) frame.close();
    } else {
      stack.top?.throwIn(session.endingError);
    }
  }

  /** Throws the failures of actions that fell together into the plan. */
  async failTogether(): Promise<void> {
    const session = this.#session;
    // Those of one cause are told one after the other.
    const latest = performance.now() + GATHER_MS;
    do await new Promise((resolve) => setTimeout(resolve, 1));
    while (session.groups.mayFailMore && performance.now() < latest);
    if (!session.groups.failed) return;
    const failure = session.groups.takeFailure();
    if (session.flight?.command.cut === "always") {
      session.flight.cut();
      session.flight = undefined;
    }
    this.fail(failure);
  }

  /** Waits for devices, but no longer than until the plan is told to end. */
  async unlessEnding(work: Promise<unknown>): Promise<void> {
    const { engine, wake } = this.#session;
    let outcome: { error?: unknown } | undefined;
    work.then(
      () => {
        outcome = {};
        wake.notify();
      },
      (error) => {
        outcome = { error };
        wake.notify();
      },
    );
    while (outcome === undefined && !isEnding(engine.state)) await wake.wait();
    if (outcome !== undefined && "error" in outcome) throw outcome.error;
  }

  /** Throws into the plan on top, after everything that moves was stopped. A wait that took too long stops nothing: its moves go on by intent. */
  fail(error: unknown, frame = this.#session.stack.top): void {
    if (!(error instanceof WaitForTimeoutError)) void this.#session.stopMotion({ success: false, why: error });
    const { ending, endingError } = this.#session;
    // That it is to end goes before whatever else a plan is about to be told, and must not be lost to what it may catch.
    if (ending !== undefined && (ending === "halting" || frame?.pendingError === endingError)) return;
    frame?.throwIn(error);
  }

  /** Whether the message on top can be handled now: once before each message the sinks may catch up. */
  #mayHandle(): boolean {
    if (this.#gate === undefined) {
      const pending = this.#session.bus.pending();
      if (pending === undefined) return true;
      this.#holdFor(pending);
    }
    if (this.#gate?.open !== true) return false;
    this.#gate = undefined;
    return true;
  }

  #holdFor(pending: Promise<unknown>): void {
    const gate = { open: false };
    this.#gate = gate;
    const session = this.#session;
    const open = (): void => {
      gate.open = true;
      session.wake.notify();
    };
    pending.then(open, (error) => {
      this.fail(error);
      open();
    });
  }

  #handle(frame: Frame): void {
    const session = this.#session;
    const { engine, table, inside } = session;
    const msg = frame.msg;
    if (session.ending === "halting") {
      this.#discard(frame);
      return;
    }
    this.#drainMonitors();
    if (frame.throws) return;
    inside.enter();
    try {
      if (this.#messages.observed) this.#messages.next(msg);
      const command = table.get(msg.command);
      if (command === undefined) throw table.unknown(msg.command);
      if (typeof msg.obj === "object" && msg.obj !== null) session.hardware.see(msg.obj);
      if (command.replay === "cache" && engine.rewindable) session.cache.record(msg);
      const result = command.handle(msg, session);
      const cancel = session.takeOnCut();
      if (isThenable(result)) {
        session.flight = new Flight(frame, msg, command);
        session.flight.start(result, cancel, session.wake.notify);
      } else {
        this.#answer(frame, command, result);
      }
    } catch (error) {
      session.takeOnCut();
      this.fail(error, frame);
    } finally {
      inside.exit();
    }
  }

  #answer(frame: Frame, command: Command, result: unknown): void {
    if (command.replay === "reset") this.#session.resetCheckpoint();
    frame.answer(result);
  }

  #discard(frame: Frame): void {
    if (++this.#discarded > DISCARDED_AT_MOST) {
      frame.abandon();
      this.#session.report(new Error(`the plan "${frame.name}" was given up: it went on and on after it was halted`));
    } else {
      frame.answer(undefined);
    }
  }

  #drainMonitors(): void {
    const { monitors, bundling } = this.#session;
    if (!monitors.isDue || bundling) return;
    try {
      monitors.drain();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Takes a plan that has ended off the stack. What it raised, or what could not be thrown into it any more, goes to the one below. */
  #leave(frame: Frame): void {
    const { stack, ending, endingError } = this.#session;
    stack.pop();
    this.#deadline = undefined;
    const below = stack.top;
    if (below === undefined || ending === "halting") return;
    if (frame.throws) below.throwIn(frame.pendingError);
    else if (frame.state === "raised") below.throwIn(frame.result);
    else if (frame.state === "abandoned") below.throwIn(endingError);
  }
}

function outcomeOf(frame: Frame): unknown {
  if (frame.throws) throw frame.pendingError;
  if (frame.state === "raised") throw frame.result;
  return frame.state === "returned" ? frame.result : undefined;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as PromiseLike<unknown>).then === "function";
}
