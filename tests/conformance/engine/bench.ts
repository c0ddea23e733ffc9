import { PassThrough } from "node:stream";
import { toWire } from "../../../src/documents/to-wire.ts";
import { isMsg, Msg, type PlanLike } from "../../../src/engine/msg.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import type { Entry, RunRecord } from "./entry.ts";
import { Fail, isDevice, Kit } from "./kit/kit.ts";

/** A message, in the order of bluesky's `Msg`. */
export function m(command: string, obj: unknown = null, args: unknown[] = [], kwargs = {}, run: unknown = null): Msg {
  return new Msg(command, obj, args, kwargs, run);
}

/** One entry on its way through our engine, with the script that interferes; what runner.py does with bluesky. */
export class Bench extends Kit {
  readonly engine: RunEngine;
  readonly #entry: Entry;
  readonly #record: RunRecord;
  readonly #seen = new Map<string, number>();
  readonly #terminal = new PassThrough();
  readonly #held = new Map<string, () => void>();

  constructor(entry: Entry) {
    super(entry.faults ?? {});
    this.#entry = entry;
    const { md = {}, recordInterruptions = false } = entry.engine ?? {};
    this.engine = new RunEngine({ md: { ...md }, recordInterruptions });
    this.#record = {
      messages: [],
      documents: [],
      states: [],
      journal: this.journal,
      waiting: [],
      outcome: { exitStatus: null, interrupted: false, reason: "", planResult: null, raised: null, state: "" },
    };
  }

  /** Writes values down between the calls of the devices. */
  readonly note = (...values: unknown[]): void => {
    this.journal.push(["note", ...values.map(plain)]);
  };

  async run(): Promise<RunRecord> {
    const { engine } = this;
    const record = this.#record;
    engine.subscribe((document) => {
      const { name, doc } = toWire(document);
      record.documents.push([name, structuredClone(doc)]);
    });
    engine.messages$.subscribe((msg) => this.#onMessage(msg));
    engine.errors$.subscribe(() => {});
    engine.waitingHook = (statuses) => record.waiting.push(statuses === null ? null : statuses.size);
    const answers = [...(this.#entry.whenPaused ?? [])];
    let isFirst = true;
    engine.state$.subscribe((state) => {
      if (!isFirst) record.states.push(state);
      isFirst = false;
      if (state === "paused") setImmediate(() => this.#onPause(answers.shift() ?? ["resume"]));
    });
    const leave = sitAt(this.#terminal);
    try {
      const made: any = this.#entry.plan(this);
      const plan = () => made;
      const result = await engine.run((Array.isArray(made) ? made : plan) as () => PlanLike<any>, {
        md: { ...this.#entry.engine?.runMd },
      });
      const { exitStatus, interrupted, reason, planResult } = result;
      Object.assign(record.outcome, { exitStatus, interrupted, reason, planResult: plain(planResult) });
    } catch (error) {
      Object.assign(record.outcome, outcomeOf(error));
    }
    leave();
    record.outcome.state = engine.state;
    return record;
  }

  #onMessage(msg: Msg): void {
    const { command, obj, args, kwargs, run } = msg;
    const index = this.#record.messages.length;
    const nth = (this.#seen.get(command) ?? 0) + 1;
    this.#seen.set(command, nth);
    this.#record.messages.push([command, plain(obj), plain(args), plain(kwargs), plain(run)]);
    for (const step of this.#entry.script ?? []) {
      const [named, which = "1"] = String(step.at).split(" ");
      if (step.at !== index && !(named === command && Number(which) === nth)) continue;
      if (step.after === undefined) this.#interfere(step.do);
      else setTimeout(() => this.#interfere(step.do), step.after * 1000);
    }
  }

  #interfere(action: string): void {
    const [verb = "", ...rest] = action.split(" ");
    const requests: Record<string, () => Promise<unknown>> = {
      pause: () => this.engine.pause(),
      defer: () => this.engine.pause({ defer: true }),
      resume: () => this.engine.resume(),
      stop: () => this.engine.stop(),
      abort: () => this.engine.abort(rest.join(" ")),
      halt: () => this.engine.halt(),
    };
    const request = requests[verb];
    if (request === undefined) this.#happen(verb, rest);
    else request().catch((error) => this.note("refused", error));
  }

  #onPause(actions: readonly string[]): void {
    for (const action of actions) this.#interfere(action);
  }

  #happen(verb: string, rest: readonly string[]): void {
    const [name = "", value = ""] = rest;
    switch (verb) {
      case "settle":
        this.settle(name);
        break;
      case "fail":
        this.settle(name, new Fail(`${name} failed`));
        break;
      case "put":
        (this as any)[name].put(Number(value));
        break;
      case "write":
        (this as any)[name].written = Number(value);
        break;
      case "type":
        this.#terminal.write(`${rest.join(" ")}\n`);
        break;
      case "suspend":
        this.#suspend(name, rest.slice(1));
        break;
      case "release":
        this.#held.get(name)?.();
        break;
      default:
        throw new Error(`no action ${verb}`);
    }
  }

  #suspend(name: string, plans: readonly string[]): void {
    const released = new Promise<void>((resolve) => this.#held.set(name, resolve));
    this.engine.requestSuspend(() => released, {
      justification: `${name} is bad`,
      ...(plans.includes("pre") && { prePlan: [m("null", null, ["pre"])] }),
      ...(plans.includes("post") && { postPlan: [m("null", null, ["post"])] }),
    });
  }
}

/** Puts another terminal in the place of the real one; the answer puts that back. */
function sitAt(terminal: PassThrough): () => void {
  const real = Object.getOwnPropertyDescriptor(process, "stdin") as PropertyDescriptor;
  Object.defineProperty(process, "stdin", { configurable: true, value: terminal });
  return () => Object.defineProperty(process, "stdin", real);
}

function outcomeOf(error: any): Partial<RunRecord["outcome"]> {
  if (error?.name !== "RunInterrupted") return { exitStatus: "fail", raised: plain(error) };
  const { exitStatus, interrupted, reason } = error.result;
  return { exitStatus, interrupted, reason, raised: error.cause === undefined ? null : plain(error.cause) };
}

/** The class; what one of our own says; and what it was caused by. */
function errorOf(error: Error): unknown {
  return {
    class: error.name === "Error" ? error.constructor.name : error.name,
    ...(error instanceof Fail && { message: error.message }),
    ...(error.cause !== undefined && { cause: plain(error.cause) }),
  };
}

function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "function") return "function";
  if (typeof value !== "object") return value;
  if (isDevice(value)) return value.name;
  if (value instanceof Error) return errorOf(value);
  if (isMsg(value)) return [value.command, value.obj, value.args, value.kwargs, value.run].map(plain);
  if (typeof (value as any).onDone === "function") {
    const { done, success } = value as { done: boolean; success: boolean };
    return { status: [done, success] };
  }
  if (typeof (value as any).install === "function") return "suspender";
  if (typeof (value as any).unsubscribe === "function") return "subscription";
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as unknown as unknown[], plain);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, each]) => [String(plain(key)), plain(each)]));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
