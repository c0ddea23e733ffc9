import { createInterface } from "node:readline/promises";
import { IllegalMessageSequence, WaitForTimeoutError } from "../errors.ts";
import type { Msg } from "../msg.ts";
import type { Session } from "../session.ts";
import { timeoutOf } from "./motion.ts";

export function nothing(): undefined {
  return undefined;
}

export function engineClass(_: Msg, { engine }: Session): unknown {
  return engine.constructor;
}

export function sleep(msg: Msg, session: Session): Promise<undefined> {
  const seconds = msg.args[0];
  if (typeof seconds !== "number" || !(seconds >= 0)) {
    throw new RangeError(`sleep takes a number of seconds from 0 on, not ${String(seconds)}`);
  }
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), seconds * 1000);
    session.onCut(() => clearTimeout(timer));
  });
}

/** Calls the factories and waits for what they make; the result tells of each how it ended, as `Promise.allSettled` does. */
export function waitFor(msg: Msg, session: Session): Promise<unknown> {
  const factories = msg.args[0] as readonly ((signal: AbortSignal) => unknown)[] | undefined;
  if (!Array.isArray(factories) || factories.length === 0) {
    throw new TypeError("wait_for takes an array of functions that each return a promise, and at least one");
  }
  const signal = session.cutSignal();
  const settled = Promise.allSettled(factories.map(async (factory) => factory(signal)));
  const timeoutMs = timeoutOf(msg);
  if (timeoutMs === undefined) return settled;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    const error = new WaitForTimeoutError(`wait_for: not all of ${factories.length} were done within ${timeoutMs} ms`);
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return Promise.race([settled, late]).finally(() => clearTimeout(timer));
}

/** A point that a pause leads back to; here a deferred pause is taken. */
export function checkpoint(_: Msg, session: Session): undefined {
  if (session.bundling) {
    throw new IllegalMessageSequence(
      "checkpoint between create and save: a reading can't be resumed half-way; save or drop first",
    );
  }
  if (session.deferredPause) void session.engine.pause();
  return undefined;
}

export function clearCheckpoint(_: Msg, { cache }: Session): undefined {
  cache.forbid();
  return undefined;
}

/** Without an argument it only tells; a change makes a checkpoint. */
export function rewindable(msg: Msg, { engine }: Session): boolean {
  const value = msg.args[0] ?? msg.kwargs.rewindable;
  if (value !== undefined && value !== null) engine.rewindable = Boolean(value);
  return engine.rewindable;
}

export function pause(msg: Msg, { engine }: Session): undefined {
  void engine.pause({ defer: msg.kwargs.defer === true });
  return undefined;
}

export function subscribe(msg: Msg, session: Session): unknown {
  const [fn, name] = typeof msg.args[0] === "string" ? [msg.args[1], msg.args[0]] : msg.args;
  const subscription = session.engine.subscribe(fn, name ?? msg.kwargs.name ?? "all");
  session.subscriptions.add(subscription);
  return subscription;
}

export function unsubscribe(msg: Msg, { subscriptions }: Session): undefined {
  const token = msg.kwargs.token ?? msg.args[0];
  if (typeof token?.unsubscribe !== "function") {
    throw new TypeError("unsubscribe takes what subscribe answered with");
  }
  token.unsubscribe();
  subscriptions.delete(token);
  return undefined;
}

/** Asks whoever sits at the terminal. */
export async function input(msg: Msg, session: Session): Promise<string> {
  const signal = session.cutSignal();
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await lines.question(String(msg.kwargs.prompt ?? msg.args[0] ?? ""), { signal });
  } finally {
    lines.close();
  }
}

export function installSuspender(msg: Msg, { engine }: Session): undefined {
  engine.installSuspender(msg.args[0] ?? msg.obj);
  return undefined;
}

export function removeSuspender(msg: Msg, { engine }: Session): undefined {
  engine.removeSuspender(msg.args[0] ?? msg.obj);
  return undefined;
}
