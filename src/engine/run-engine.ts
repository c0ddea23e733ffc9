import type { Document } from "../documents/document.ts";
import type { Sink } from "../documents/sink.ts";
import type { Tap } from "../documents/tap.ts";
import { cleanUp } from "./cleanup.ts";
import { Driver } from "./driver.ts";
import { EngineBase } from "./engine-base.ts";
import {
  FailedPause,
  RequestAbort,
  RequestStop,
  type RunEngineControlError,
  type RunResult,
  TransitionError,
} from "./errors.ts";
import type { Flight } from "./flight.ts";
import { Inside } from "./inside.ts";
import { iterate } from "./iterate.ts";
import { Msg, type PlanLike } from "./msg.ts";
import { type Ending, outcomeOf, resultOf } from "./outcome.ts";
import { pauseDevices, resumeDevices } from "./pausables.ts";
import { type GivenPlan, planOf } from "./plan-stack.ts";
import { ProcessGuard } from "./process-guard.ts";
import { interrupt, rewind, stopForRewind } from "./rewind.ts";
import { Session } from "./session.ts";
import type { RunEngineOptions } from "./settings.ts";
import { type EndingState, type EngineState, isEnding, StateMachine } from "./state.ts";
import { type RunOptions, subscribeAll } from "./subscriptions.ts";
import { type SuspendOptions, type Suspension, Suspensions } from "./suspensions.ts";
import { Waiters } from "./waiters.ts";

/**
 * Runs plans: handles their messages one by one, emits the documents, and lets itself be paused, stopped, aborted and halted.
 * It runs one plan at a time and can be used again after each, however it ended.
 */
export class RunEngine extends EngineBase {
  /** The state, and each that it changes to. */
  readonly state$: Tap<EngineState>;
  readonly #state = new StateMachine(this.report);
  readonly #suspensions = new Suspensions();
  readonly #inside = new Inside();
  readonly #guard = new ProcessGuard(this, this.settings.handleSignals, this.report);
  readonly #pauses = new Waiters<{ paused: boolean }>();
  readonly #resumes = new Waiters<void>();
  readonly #ends = new Waiters<RunResult>();
  #session: Session | undefined;
  #rewindable = true;

  constructor(options: RunEngineOptions = {}) {
    super(options);
    this.state$ = this.#state.changes;
    for (const suspender of options.suspenders ?? []) this.installSuspender(suspender);
  }

  get state(): EngineState {
    return this.#state.current;
  }

  /** What holds the engine; it goes on when nothing does. */
  get suspensions(): readonly Suspension[] {
    return this.#suspensions.holding;
  }

  /** Whether messages are repeated after a pause; a change makes a checkpoint. */
  get rewindable(): boolean {
    return this.#rewindable;
  }

  set rewindable(value: boolean) {
    if (value === this.#rewindable) return;
    this.#rewindable = value;
    this.#session?.resetCheckpoint();
  }

  /** Whether a pause is possible: unless the plan has cleared its checkpoint. */
  get resumable(): boolean {
    return this.#session?.cache.resumable ?? true;
  }

  /** Runs a plan to its end. Stays pending while paused; rejects with what the plan raised, and with RunInterrupted when it was ended early. */
  run<T>(plan: PlanLike<T> | (() => PlanLike<T>), options?: RunOptions): Promise<RunResult<T>>;
  run(plan: Iterable<Msg>, options?: RunOptions): Promise<RunResult<undefined>>;
  async run(given: GivenPlan, options: RunOptions = {}): Promise<RunResult<any>> {
    return this.#call(given, options);
  }

  /** Runs a plan and hands its documents on; the engine waits while the consumer is busy with one. Leaving the loop early aborts the run. */
  iterate<T>(plan: PlanLike<T> | (() => PlanLike<T>), options?: RunOptions): AsyncGenerator<Document, RunResult<T>>;
  iterate(given: GivenPlan, options: RunOptions = {}): AsyncGenerator<Document, RunResult<any>> {
    return iterate(
      (feed) => this.#call(given, options, feed),
      (reason) => this.abort(reason),
    );
  }

  /** Resolves when the engine is paused, or says that the run has ended first. With `defer` it pauses at the next checkpoint. */
  async pause({ defer = false }: { defer?: boolean } = {}): Promise<{ paused: boolean }> {
    return this.#ask(this.#pauses, { paused: false }, () => {
      if (this.#state.current === "pausing") return;
      this.#state.check("pausing", "pause");
      const session = this.#session as Session;
      session.deferredPause = defer;
      if (defer) return;
      this.#state.to("pausing", "pause");
    });
  }

  /** Resolves when the engine runs again. */
  async resume(): Promise<void> {
    return this.#ask(this.#resumes, undefined, () => {
      const from = this.#state.current;
      if (from !== "paused") {
        throw new TransitionError(`resume: the engine is "${from}"; it can go to "running" only from "paused"`);
      }
      this.#state.to("running", "resume");
    });
  }

  /** Ends the run in order, as a success. Resolves when the engine is idle. */
  async stop(): Promise<RunResult | undefined> {
    return this.#end("stopping", "stop", new RequestStop("the plan was told to stop"), "");
  }

  /** Ends the run in order; the reason stands in its stop document. Resolves when the engine is idle. */
  async abort(reason = ""): Promise<RunResult | undefined> {
    return this.#end("aborting", "abort", new RequestAbort(reason || "the plan was told to abort"), reason);
  }

  /** Ends the run without the plan's cleanup. Resolves when the engine is idle. */
  async halt(): Promise<RunResult | undefined> {
    return this.#end("halting", "halt", new RequestAbort("the plan was halted"), this.#session?.reason ?? "");
  }

  /** Holds the engine until `released` resolves: what moves stops, and what was done since the checkpoint is repeated after it. */
  requestSuspend(released: () => Promise<unknown>, options: SuspendOptions = {}): void {
    const failed = (error: Error): void => {
      this.report(error);
      void this.abort(`a suspension could not be ended: ${error.message}`).catch(() => {});
    };
    this.#suspensions.hold(released, options, failed);
    this.#session?.wake.notify();
  }

  async #call(given: GivenPlan, options: RunOptions, feed?: Sink): Promise<RunResult> {
    const session = this.#begin(given, options, feed);
    const abort = (): void => {
      const reason: unknown = options.signal?.reason;
      void this.abort((reason as Error | undefined)?.message ?? String(reason)).catch(() => {});
    };
    if (options.signal?.aborted) abort();
    else options.signal?.addEventListener("abort", abort, { once: true });
    // Whoever called run gets its promise before the plan does anything.
    await Promise.resolve();
    const driver: Driver = new Driver(session, this.messages$, {
      isDue: () => this.#isDue(session),
      act: () => this.#act(session, driver),
    });
    const ended = await driver.drive().then(
      (value): Ending => ({ value }),
      (error: unknown): Ending => ({ error }),
    );
    options.signal?.removeEventListener("abort", abort);
    return this.#finish(session, ended);
  }

  /** idle -> running */
  #begin(given: GivenPlan, options: RunOptions, feed: Sink | undefined): Session {
    if (this.#state.current !== "idle") {
      throw new TransitionError(
        `run: the engine is "${this.#state.current}"; it can go to "running" with a new plan only from "idle"`,
      );
    }
    const { plan, name, type } = planOf(given, this.settings.preprocessors);
    const session = new Session({
      engine: this,
      settings: this.settings,
      table: this.table,
      bus: this.bus,
      inside: this.#inside,
      suspensions: this.#suspensions,
      report: this.report,
      md: options.md ?? {},
      plan: { name, type },
    });
    for (const subscription of subscribeAll(this.bus, options.subs)) session.subscriptions.add(subscription);
    if (feed !== undefined) session.subscriptions.add(this.bus.subscribe(feed));
    session.stack.push(plan, name || "the plan");
    this.#suspensions.forget();
    if (this.#suspensions.isHeld) session.stack.push([this.#suspensions.wait()], "the wait for suspenders");
    this.#session = session;
    this.#state.to("running", "run");
    this.#guard.begin();
    return session;
  }

  /** Whether something was asked for that can be acted on now. */
  #isDue({ flight, groups, ending, interruption, motions, stack, pauseFailed }: Session): boolean {
    if (groups.failed) return true;
    const state = this.#state.current;
    if (isEnding(state)) return state !== ending;
    if (state !== "pausing" && !this.#suspensions.isDue) return false;
    if (pauseFailed) return false;
    // A plan that has come to its end is taken off first, and a suspension that has begun is not begun again.
    if (interruption !== undefined || stack.top?.isOver === true) return false;
    return motions === undefined || canInterrupt(flight);
  }

  #act(session: Session, driver: Driver): Promise<void> | void {
    const state = this.#state.current;
    if (isEnding(state) && state !== session.ending) return driver.end(state);
    if (session.groups.failed) return driver.failTogether();
    if (!canInterrupt(session.flight)) {
      // A handler that changes things is let finish first; what moves doesn't go on until then.
      void stopForRewind(session);
      return;
    }
    if (state === "pausing") return this.#pauseAndResume(session, driver);
    return this.#suspend(session);
  }

  /** pausing -> paused -> running */
  async #pauseAndResume(session: Session, driver: Driver): Promise<void> {
    if (!session.cache.resumable) return this.#failPause(session, "pause");
    const { runs } = session;
    try {
      interrupt(session);
      const stopped = stopForRewind(session);
      for (const run of runs.values()) run.interruptions?.record("pause");
      for (const run of runs.values()) run.suspendMonitors();
      await driver.unlessEnding(Promise.all([stopped, pauseDevices(session)]));
      if (!this.#state.is("pausing")) return;
      this.#state.to("paused", "pause");
      this.#pauses.settle({ paused: true });
      while (this.#state.is("paused")) await session.wake.wait();
      if (!this.#state.is("running")) return;
      for (const run of runs.values()) run.interruptions?.record("resume");
      rewind(session);
      for (const run of runs.values()) run.resumeMonitors();
      await driver.unlessEnding(resumeDevices(session));
      this.#resumes.settle();
    } catch (error) {
      // A pause that fails ends the run with the error of whatever failed it; it is not tried again.
      session.pauseFailed = true;
      driver.fail(error);
    }
  }

  /** running -> suspending -> running; the wait itself is a plan on the stack. */
  #suspend(session: Session): void {
    if (!session.cache.resumable) {
      this.#failPause(session, "suspend");
      return;
    }
    const request = this.#suspensions.take();
    this.#state.to("suspending", "suspend");
    interrupt(session);
    void stopForRewind(session);
    session.stack.push([new Msg("_start_suspender", null, [], { ...request })], "the beginning of a suspension");
    this.#state.to("running", "suspend");
  }

  /** pausing or running -> aborting */
  #failPause(session: Session, what: string): void {
    this.#state.to("aborting", what);
    const reason = `the plan can't ${what} here, because it has cleared its checkpoint: it is aborted`;
    session.endingError = new FailedPause(reason);
    session.reason = reason;
  }

  /** any -> idle */
  async #finish(session: Session, ended: Ending): Promise<RunResult> {
    const outcome = outcomeOf(session, ended);
    const failed = await cleanUp(session, outcome.exitStatus, outcome.reason);
    this.#session = undefined;
    this.#suspensions.forget();
    this.#guard.end();
    this.#state.to("idle", "the end of the plan");
    const { result, rejection } = resultOf(session, ended, outcome, failed);
    this.#pauses.settle({ paused: false });
    this.#resumes.settle();
    this.#ends.settle(result);
    if (rejection !== undefined) throw rejection.error;
    return result;
  }

  /** running or paused -> stopping, aborting or halting. What moves is stopped at once, whatever else the engine is busy with. */
  #end(state: EndingState, who: string, error: RunEngineControlError, reason: string): Promise<RunResult | undefined> {
    return this.#ask<RunResult | undefined>(this.#ends, undefined, () => {
      if (this.#state.is(state)) return;
      this.#state.to(state, who);
      const session = this.#session as Session;
      session.endingError = error;
      session.reason = reason;
      void session.stopMotion({ success: state === "stopping", why: error, again: true });
    });
  }

  /** Makes a request and waits until the engine has got there; who is called by the engine itself can only ask. */
  #ask<T>(waiters: Waiters<any>, whenInside: T, request: () => void): Promise<T> {
    const isInside = this.#inside.is;
    try {
      request();
    } catch (error) {
      if (!isInside) return Promise.reject(error);
      this.report(error as Error);
    }
    this.#session?.wake.notify();
    return isInside ? Promise.resolve(whenInside) : waiters.wait();
  }
}

function canInterrupt(flight: Flight | undefined): boolean {
  return flight === undefined || (flight.command.cut === "always" && !flight.settled);
}

export interface CommandContext {
  readonly engine: RunEngine;
}
