import type { Status } from "../devices/status.ts";
import { type BusSubscription, DocumentBus, type DocumentCallback } from "../documents/bus.ts";
import type { Document, DocumentName } from "../documents/document.ts";
import type { Sink } from "../documents/sink.ts";
import { Tap } from "../documents/tap.ts";
import { COMMANDS, CommandTable, type CustomHandler } from "./commands/table.ts";
import { FileLock } from "./file-lock.ts";
import { initialMetadata } from "./metadata.ts";
import type { Msg } from "./msg.ts";
import { Recovery } from "./recovery.ts";
import { type EngineSettings, type Metadata, type RunEngineOptions, settingsOf } from "./settings.ts";
import { assertInstallable, type InstallableSuspender } from "./suspender.ts";
import { Tracing } from "./tracing.ts";

export type WaitingHook = (statuses: ReadonlySet<Status> | null, actions?: ReadonlyMap<Status, Msg>) => void;

/** What an engine has besides its states: metadata, the bus, the command table, suspenders, and what onlookers see of it. */
export abstract class EngineBase {
  /** What every start document gets. */
  md: Metadata;
  /** Told of the actions that a plan begins to wait for, with the messages that started them, and of `null` when it has waited. */
  waitingHook: WaitingHook | undefined;
  /** Each document, for onlookers: what they throw is reported by `errors$` and ends nothing. */
  readonly documents$: Tap<Document>;
  /** Each message just before it is handled, repeated and internal ones too. */
  readonly messages$: Tap<Msg>;
  /** What onlookers threw and what went wrong while the engine cleaned up. Where nobody looks it becomes a process warning. */
  readonly errors$: Tap<Error>;
  protected readonly settings: EngineSettings;
  protected readonly bus: DocumentBus;
  protected readonly table: CommandTable;
  readonly #suspenders = new Set<InstallableSuspender>();

  constructor(options: RunEngineOptions) {
    this.settings = settingsOf(options);
    this.errors$ = new Tap((error) => process.emitWarning(error));
    if (options.beamlineLock !== undefined) new FileLock(options.beamlineLock, `the beamline ${options.beamlineLock}`);
    const { recoveryFile } = this.settings;
    const recovery = recoveryFile === undefined ? undefined : new Recovery(recoveryFile, this.report);
    const tracing = Tracing.find();
    const recovering = recovery?.around(COMMANDS) ?? COMMANDS;
    this.table = new CommandTable(tracing?.around(recovering) ?? recovering);
    this.md = initialMetadata(options.md);
    this.messages$ = new Tap(this.report);
    this.bus = new DocumentBus(this.report);
    this.documents$ = this.bus.documents$;
    if (tracing !== undefined) this.documents$.subscribe(tracing.document);
  }

  /** The sinks that have more than they want to hold: a plan goes on when they have caught up. */
  get heldBy(): readonly Sink[] {
    return this.bus.behind;
  }

  get commands(): readonly string[] {
    return this.table.names;
  }

  /** Hands every document, or those of one name, to a function or a sink. What it throws fails the run, after all others have had the document. */
  subscribe(subscriber: DocumentCallback | Sink, name: DocumentName | "all" = "all"): BusSubscription {
    return this.bus.subscribe(subscriber, name);
  }

  /** Adds a command of your own, or replaces one. */
  registerCommand<C extends string>(name: C, handler: CustomHandler<C>): void {
    this.table.register(name, handler as CustomHandler);
  }

  /** Takes a command away; one of the engine's own that was replaced comes back. */
  unregisterCommand(name: string): void {
    this.table.unregister(name);
  }

  /** Lets a suspender watch over the engine; nothing happens when it does already. */
  installSuspender(suspender: unknown): void {
    assertInstallable(suspender);
    if (this.#suspenders.has(suspender)) return;
    this.#suspenders.add(suspender);
    suspender.install(this as never);
  }

  /** Ends a suspender's watch and releases what it holds. */
  removeSuspender(suspender: unknown): void {
    if (this.#suspenders.delete(suspender as InstallableSuspender)) (suspender as InstallableSuspender).remove();
  }

  clearSuspenders(): void {
    for (const suspender of this.#suspenders) this.removeSuspender(suspender);
  }

  protected readonly report = (error: Error): void => {
    if (this.errors$.observed) this.errors$.next(error);
    else process.emitWarning(error);
  };
}
