import { createRequire } from "node:module";
import { isStatus } from "../devices/status.ts";
import type { Document } from "../documents/document.ts";
import { asError } from "../documents/tap.ts";
import type { Command } from "./commands/command.ts";
import { nameOf } from "./groups.ts";
import type { Msg } from "./msg.ts";
import type { Session } from "./session.ts";

type Commands = Readonly<Record<string, Command>>;
type Attributes = Record<string, string | number | boolean>;

/** What we use of OpenTelemetry's API. */
interface Span {
  isRecording(): boolean;
  setAttributes(attributes: Attributes): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  recordException(error: Error): void;
  end(): void;
}

interface Tracer {
  startSpan(name: string, options: { attributes: Attributes }, context: unknown): Span;
}

interface Api {
  trace: {
    getTracer(name: string): Tracer;
    setSpan(context: unknown, span: Span): unknown;
  };
  context: { active(): unknown };
  SpanStatusCode: { readonly ERROR: number };
}

/** The commands that take time; each makes a span, as in bluesky. */
const TRACED = ["set", "wait", "complete", "collect"];

/** Spans of runs, and in them of moves, waits and flights, from the start of an action to its end. */
export class Tracing {
  readonly #api: Api;
  readonly #tracer: Tracer;
  /** The open runs, by their uids. */
  readonly #runs = new Map<string, Span>();

  private constructor(api: Api) {
    this.#api = api;
    this.#tracer = api.trace.getTracer("cerulean");
  }

  /** Undefined where `@opentelemetry/api` is not installed: then nothing is traced, and nothing costs anything. */
  static find(): Tracing | undefined {
    installed ??= { api: findApi() };
    return installed.api === undefined ? undefined : new Tracing(installed.api);
  }

  /** Begins and ends the spans of runs. */
  readonly document = ({ name, doc }: Document): void => {
    if (name === "start") {
      const { uid, scan_id = -1, plan_name = "" } = doc;
      this.#runs.set(uid, this.#start("run", { run_uid: uid, scan_id, plan_name: String(plan_name) }));
    } else if (name === "stop") {
      const span = this.#runs.get(doc.run_start);
      this.#runs.delete(doc.run_start);
      span?.setAttributes({ exit_status: doc.exit_status, reason: doc.reason ?? "" });
      if (doc.exit_status === "fail")
        span?.setStatus({ code: this.#api.SpanStatusCode.ERROR, message: doc.reason ?? "" });
      span?.end();
    }
  };

  around(commands: Commands): Commands {
    const traced = TRACED.map((name) => {
      const command = commands[name] as Command;
      return [name, { ...command, handle: (msg: Msg, session: Session) => this.#trace(command, msg, session) }];
    });
    return { ...commands, ...Object.fromEntries(traced) };
  }

  #trace(command: Command, msg: Msg, session: Session): unknown {
    const parent = this.#runs.get(session.runs.get(msg.run)?.uid ?? "");
    if (parent?.isRecording() === false) return command.handle(msg, session);
    const span = this.#start(
      msg.obj === null ? msg.command : `${msg.command} ${nameOf(msg.obj)}`,
      attributesOf(msg),
      parent,
    );
    if (!span.isRecording()) return command.handle(msg, session);
    const end = (error?: unknown): void => this.#end(span, error);
    let answer: unknown;
    try {
      answer = command.handle(msg, session);
    } catch (error) {
      end(error);
      throw error;
    }
    if (answer instanceof Promise) {
      // A wait that is cut never settles.
      const cancel = session.takeOnCut();
      session.onCut(() => {
        cancel?.();
        span.setAttributes({ interrupted: true });
        end();
      });
      answer.then((result) => (isStatus(result) ? endWith(result, end) : end()), end);
    } else if (isStatus(answer)) endWith(answer, end);
    else end();
    return answer;
  }

  #start(name: string, attributes: Attributes, parent?: Span): Span {
    const { trace, context } = this.#api;
    const within = parent === undefined ? context.active() : trace.setSpan(context.active(), parent);
    return this.#tracer.startSpan(`cerulean ${name}`, { attributes }, within);
  }

  #end(span: Span, error: unknown): void {
    if (error !== undefined) {
      const { message } = asError(error);
      span.recordException(asError(error));
      span.setStatus({ code: this.#api.SpanStatusCode.ERROR, message });
    }
    span.end();
  }
}

/** Looked for once, because looking for what isn't there takes long. */
let installed: { readonly api: Api | undefined } | undefined;

function findApi(): Api | undefined {
  try {
    return createRequire(import.meta.url)("@opentelemetry/api") as Api;
  } catch {
    return undefined;
  }
}

function endWith(
  status: { onDone(cb: (status: { error?: Error | undefined }) => void): unknown },
  end: (error?: unknown) => void,
): void {
  status.onDone(({ error }) => end(error));
}

function attributesOf({ command, obj, args, kwargs }: Msg): Attributes {
  const attributes: Attributes = { command };
  if (obj !== null) attributes.device = nameOf(obj);
  if (command === "set" && args[0] !== undefined) attributes.value = simple(args[0]);
  const group: unknown = kwargs.group;
  if (group !== undefined && group !== null) attributes.group = simple(group);
  return attributes;
}

function simple(value: unknown): string | number | boolean {
  return typeof value === "number" || typeof value === "boolean" ? value : String(value);
}
