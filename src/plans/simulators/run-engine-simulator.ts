import { type Readable, supports } from "../../devices/protocols.ts";
import type { Document, DocumentName } from "../../documents/document.ts";
import type { Msg, PlanLike } from "../../engine/msg.ts";
import { type RehearseOptions, rehearse } from "./rehearse.ts";

/** Answers a message; what it returns is the message's response. */
export type MessageHandler = (msg: Msg) => unknown;

/** A device's name, or a test of the message. */
export type MessageFilter = string | ((msg: Msg) => boolean);

interface Entry {
  readonly matches: (msg: Msg) => boolean;
  readonly handle: MessageHandler;
}

/** An engine for tests of plans: it does nothing but answer with what its handlers say, and keeps the messages. */
export class RunEngineSimulator {
  static readonly GROUP_ANY = "any";

  readonly #handlers: Entry[] = [];
  readonly #callbacks = new Map<number, { readonly fn: (document: Document) => void; readonly name: string }>();
  #tokens = 0;
  #returnValue: unknown;

  /** What the last simulated plan answered with. */
  get returnValue(): unknown {
    return this.#returnValue;
  }

  /** The handler answers those commands; of several that fit, the first in the list does. New ones go to its front, or to `index`. */
  addHandler(
    commands: string | readonly string[],
    handler: MessageHandler,
    msgFilter?: MessageFilter,
    index: number | "end" = 0,
  ): void {
    const known = new Set(typeof commands === "string" ? [commands] : commands);
    const passes = filterOf(msgFilter);
    const entry = { matches: (msg: Msg) => known.has(msg.command) && passes(msg), handle: handler };
    this.#handlers.splice(index === "end" ? this.#handlers.length : index, 0, entry);
  }

  /** Readings of the device have that value. */
  addReadHandlerFor(obj: Readable, value: unknown): void {
    this.addReadHandlerForMultiple(obj, { [obj.name]: value });
  }

  /** Readings of the device have those values, by field; a value that is a reading already is taken as it is. */
  addReadHandlerForMultiple(obj: Readable, values: Record<string, unknown>): void {
    const readings = (): Record<string, unknown> =>
      Object.fromEntries(Object.entries(values).map(([field, value]) => [field, asReading(value)]));
    this.addHandler("read", readings, obj.name);
  }

  addWaitHandler(handler: MessageHandler, group: unknown = RunEngineSimulator.GROUP_ANY): void {
    this.addHandler("wait", handler, (msg) => group === RunEngineSimulator.GROUP_ANY || msg.kwargs.group === group);
  }

  /** What the plan subscribes gets the documents that `fireCallback` and the callback handlers send. */
  addHandlerForCallbackSubscribes(): void {
    this.addHandler("subscribe", (msg) => {
      this.#tokens += 1;
      this.#callbacks.set(this.#tokens, { fn: msg.args[0], name: msg.kwargs.name ?? "all" });
      return this.#tokens;
    });
  }

  /** The command sends that document to what the plan has subscribed. */
  addCallbackHandlerFor(command: string, name: DocumentName, doc: object, msgFilter?: MessageFilter): void {
    this.addHandler(command, () => this.fireCallback(name, doc), msgFilter);
  }

  /** Each time it comes, the command sends the next list of documents to what the plan has subscribed. */
  addCallbackHandlerForMultiple(
    command: string,
    documents: Iterable<readonly (readonly [name: DocumentName, doc: object])[]>,
    msgFilter?: MessageFilter,
  ): void {
    const rounds = documents[Symbol.iterator]();
    this.addHandler(
      command,
      () => {
        for (const [name, doc] of rounds.next().value ?? []) this.fireCallback(name, doc);
      },
      msgFilter,
    );
  }

  fireCallback(name: DocumentName, doc: object): void {
    for (const { fn, name: wanted } of this.#callbacks.values()) {
      if (wanted === "all" || wanted === name) fn({ name, doc } as Document);
    }
  }

  /** Runs the plan; answers with its messages. Messages that no handler fits are answered with nothing. */
  async simulatePlan(plan: PlanLike<unknown>, options: RehearseOptions = {}): Promise<Msg[]> {
    const messages: Msg[] = [];
    const answer = (msg: Msg): unknown => {
      messages.push(msg);
      return this.#handlers.find((entry) => entry.matches(msg))?.handle(msg);
    };
    this.#returnValue = await rehearse(plan, answer, options);
    return messages;
  }
}

function filterOf(filter: MessageFilter | undefined): (msg: Msg) => boolean {
  if (filter === undefined) return () => true;
  return typeof filter === "string" ? (msg) => msg.obj?.name === filter : filter;
}

function asReading(value: unknown): unknown {
  const reading = typeof value === "object" && value !== null && "value" in value && "timestamp" in value;
  return reading ? value : { value, timestamp: Date.now() / 1000 };
}

/**
 * The messages from the first that the predicate accepts (and that belongs to the group, if one is given). Throws when
 * there is none.
 */
export function assertMessageAndReturnRemaining(
  messages: readonly Msg[],
  predicate: (msg: Msg) => boolean,
  group?: unknown,
): Msg[] {
  const found = messages.findIndex((msg) => (group === undefined || msg.kwargs.group === group) && predicate(msg));
  if (found >= 0) return messages.slice(found);
  const sent = messages.map((msg) => (supports(msg.obj, "Readable") ? `${msg.command} ${msg.obj.name}` : msg.command));
  throw new Error(`no message fits ${predicate}; there were ${sent.join(", ") || "none"}`);
}
