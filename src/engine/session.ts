import type { Status } from "../devices/status.ts";
import type { BusSubscription, DocumentBus } from "../documents/bus.ts";
import type { Document } from "../documents/document.ts";
import { asError } from "../documents/tap.ts";
import type { RunBundler } from "./bundler.ts";
import type { CommandTable } from "./commands/table.ts";
import { IllegalMessageSequence, type RunEngineControlError } from "./errors.ts";
import type { Flight } from "./flight.ts";
import { StatusGroups } from "./groups.ts";
import { Hardware, type Motion, stopForGood } from "./hardware.ts";
import type { Inside } from "./inside.ts";
import { MonitorQueue } from "./monitors.ts";
import type { Msg } from "./msg.ts";
import { PlanStack } from "./plan-stack.ts";
import { RewindCache } from "./rewind-cache.ts";
import type { RunEngine } from "./run-engine.ts";
import type { EngineSettings } from "./settings.ts";
import type { EndingState } from "./state.ts";
import type { Suspensions } from "./suspensions.ts";
import { Wake } from "./wake.ts";

export interface SessionParts {
  engine: RunEngine;
  bus: DocumentBus;
  inside: Inside;
  settings: EngineSettings;
  table: CommandTable;
  suspensions: Suspensions;
  report: (error: Error) => void;
  md: Record<string, unknown>;
  plan: { name: string; type: string };
}

/** Everything that belongs to one call of `run`, from its first message to its end. */
export class Session {
  readonly engine: RunEngine;
  readonly settings: EngineSettings;
  readonly table: CommandTable;
  readonly suspensions: Suspensions;
  readonly report: (error: Error) => void;
  readonly bus: DocumentBus;
  readonly inside: Inside;
  readonly wake = new Wake();
  readonly stack = new PlanStack(this.wake.notify);
  readonly cache = new RewindCache();
  readonly groups = new StatusGroups(this.wake.notify);
  readonly hardware: Hardware;
  readonly monitors: MonitorQueue;
  /** The runs that are open, by their keys. */
  readonly runs = new Map<unknown, RunBundler>();
  readonly runUids: string[] = [];
  readonly subscriptions = new Set<BusSubscription>();
  readonly md: Record<string, unknown>;
  readonly plan: { readonly name: string; readonly type: string };
  flight: Flight | undefined;
  deferredPause = false;
  /** Whether something failed while the engine paused or resumed; the run is on its way to its end then. */
  pauseFailed = false;
  /** The ending that the plan was told of, if any, with the error that tells it and the reason for the stop documents. */
  ending: EndingState | undefined;
  endingError: RunEngineControlError | undefined;
  reason = "";
  /** What a pause or suspension has stopped, to be set going again by the rewind. */
  motions: Set<Motion> | undefined;
  /** What the last pause or suspension interrupted, until it is replayed. */
  interruption: Interruption | undefined;
  #onCut: (() => void) | undefined;

  constructor(parts: SessionParts) {
    this.engine = parts.engine;
    this.settings = parts.settings;
    this.table = parts.table;
    this.suspensions = parts.suspensions;
    this.report = parts.report;
    this.md = parts.md;
    this.plan = parts.plan;
    this.hardware = new Hardware(parts.report);
    this.monitors = new MonitorQueue(parts.settings.monitorQueueSize, this.wake.notify);
    this.bus = parts.bus;
    this.inside = parts.inside;
  }

  /** Hands a document to everybody, now. */
  emit(document: Document): void {
    this.inside.enter();
    try {
      this.bus.emit(document);
    } finally {
      this.inside.exit();
    }
  }

  /** The open run that the message belongs to; without one the message is refused. */
  run(msg: Msg): RunBundler {
    const run = this.runs.get(msg.run);
    if (run !== undefined) return run;
    const which = msg.run === null ? "" : ` with the key ${String(msg.run)}`;
    throw new IllegalMessageSequence(`"${msg.command}" needs an open run${which}; send open_run first`);
  }

  get bundling(): boolean {
    for (const run of this.runs.values()) if (run.bundling) return true;
    return false;
  }

  /** From here on nothing before is repeated after a pause. */
  resetCheckpoint(): void {
    this.cache.reset();
    for (const run of this.runs.values()) run.snapshot();
  }

  /** Stops what moves, for good. */
  stopMotion(how: { success: boolean; why: unknown; again?: boolean }): Promise<unknown> {
    return stopForGood(this.hardware, this.groups, how);
  }

  /** Tells the waiting hook; what it throws is no concern of the plan's. */
  tellWaiting(actions: ReadonlyMap<Status, Msg> | null): void {
    try {
      if (actions === null) this.engine.waitingHook?.(null);
      else this.engine.waitingHook?.(new Set(actions.keys()), actions);
    } catch (error) {
      this.report(asError(error));
    }
  }

  /** While a handler runs: what is to be called when its wait is cut. */
  onCut(cancel: () => void): void {
    this.#onCut = cancel;
  }

  takeOnCut(): (() => void) | undefined {
    const cancel = this.#onCut;
    this.#onCut = undefined;
    return cancel;
  }

  /** While a handler runs: a signal that is aborted when its wait is cut. */
  cutSignal(): AbortSignal {
    const controller = new AbortController();
    this.onCut(() => controller.abort(new Error("the engine ended the wait")));
    return controller.signal;
  }
}

/** What a pause or a suspension found going on. */
export interface Interruption {
  /** The message that was in flight, with the call that answers its plan. */
  readonly msg: Msg | undefined;
  readonly answer: (result: unknown) => void;
  /** Whether its handler was cut, so that it has to be handled again in any case. */
  readonly wasCut: boolean;
}
