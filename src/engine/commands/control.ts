import { createInterface } from "node:readline/promises";
import { after } from "../../timer.ts";
import { IllegalMessageSequence, WaitForTimeoutError } from "../errors.ts";
import type { Command } from "./command.ts";
import { timeoutOf } from "./motion.ts";

declare module "../msg.ts" {
  interface Commands {
    null: { obj: null; result: undefined };
    RE_class: { obj: null; result: unknown };
    sleep: { obj: null; result: undefined };
    wait_for: { obj: null; result: unknown };
    checkpoint: { obj: null; result: undefined };
    clear_checkpoint: { obj: null; result: undefined };
    rewindable: { obj: null; result: boolean };
    pause: { obj: null; result: undefined };
    subscribe: { obj: null; result: unknown };
    unsubscribe: { obj: null; result: undefined };
    input: { obj: null; result: string };
    install_suspender: { obj: null; result: undefined };
    remove_suspender: { obj: null; result: undefined };
  }
}

export const nothing: Command<"null"> = {
  replay: "cache",
  cut: "late",
  handle: () => undefined,
};

export const engineClass: Command<"RE_class"> = {
  replay: "cache",
  cut: "late",
  handle: (_, { engine }) => engine.constructor,
};

export const sleep: Command<"sleep"> = {
  replay: "cache",
  cut: "always",
  handle: (msg, session) => {
    const seconds = msg.args[0];
    if (typeof seconds !== "number" || !(seconds >= 0)) {
      throw new RangeError(`sleep takes a number of seconds from 0 on, not ${String(seconds)}`);
    }
    return new Promise((resolve) => {
      session.onCut(after(seconds * 1000, () => resolve(undefined)));
    });
  },
};

/** Calls the factories and waits for what they make; the result tells of each how it ended, as `Promise.allSettled` does. */
export const waitFor: Command<"wait_for"> = {
  replay: "cache",
  cut: "always",
  handle: (msg, session) => {
    const factories = msg.args[0] as readonly ((signal: AbortSignal) => unknown)[] | undefined;
    if (!Array.isArray(factories) || factories.length === 0) {
      throw new TypeError("wait_for takes an array of functions that each return a promise, and at least one");
    }
    const signal = session.cutSignal();
    const settled = Promise.allSettled(factories.map(async (factory) => factory(signal)));
    const timeoutMs = timeoutOf(msg);
    if (timeoutMs === undefined) return settled;
    let stop = (): void => {};
    const late = new Promise((_, reject) => {
      const error = new WaitForTimeoutError(
        `wait_for: not all of ${factories.length} were done within ${timeoutMs} ms`,
      );
      stop = after(timeoutMs, () => reject(error));
    });
    signal.addEventListener("abort", stop, { once: true });
    return Promise.race([settled, late]).finally(stop);
  },
};

/** A point that a pause leads back to; here a deferred pause is taken. */
export const checkpoint: Command<"checkpoint"> = {
  replay: "reset",
  cut: "late",
  handle: (_, session) => {
    if (session.bundling) {
      throw new IllegalMessageSequence(
        "checkpoint between create and save: a reading can't be resumed half-way; save or drop first",
      );
    }
    if (session.deferredPause) void session.engine.pause();
    return undefined;
  },
};

export const clearCheckpoint: Command<"clear_checkpoint"> = {
  replay: "never",
  cut: "late",
  handle: (_, { cache }) => {
    cache.forbid();
    return undefined;
  },
};

/** Without an argument it only tells; a change makes a checkpoint. */
export const rewindable: Command<"rewindable"> = {
  replay: "cache",
  cut: "late",
  handle: (msg, { engine }) => {
    const value = msg.args[0] ?? msg.kwargs.rewindable;
    if (value !== undefined && value !== null) engine.rewindable = Boolean(value);
    return engine.rewindable;
  },
};

export const pause: Command<"pause"> = {
  replay: "never",
  cut: "late",
  handle: (msg, { engine }) => {
    void engine.pause({ defer: msg.kwargs.defer === true });
    return undefined;
  },
};

export const subscribe: Command<"subscribe"> = {
  replay: "reset",
  cut: "late",
  handle: (msg, session) => {
    const [fn, name] = typeof msg.args[0] === "string" ? [msg.args[1], msg.args[0]] : msg.args;
    const subscription = session.engine.subscribe(fn, name ?? msg.kwargs.name ?? "all");
    session.subscriptions.add(subscription);
    return subscription;
  },
};

export const unsubscribe: Command<"unsubscribe"> = {
  replay: "reset",
  cut: "late",
  handle: (msg, { subscriptions }) => {
    const token = msg.kwargs.token ?? msg.args[0];
    if (typeof token?.unsubscribe !== "function") {
      throw new TypeError("unsubscribe takes what subscribe answered with");
    }
    token.unsubscribe();
    subscriptions.delete(token);
    return undefined;
  },
};

/** Asks whoever sits at the terminal. */
export const input: Command<"input"> = {
  replay: "cache",
  cut: "always",
  handle: async (msg, session) => {
    const signal = session.cutSignal();
    const lines = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return await lines.question(String(msg.kwargs.prompt ?? msg.args[0] ?? ""), { signal });
    } finally {
      lines.close();
    }
  },
};

export const installSuspender: Command<"install_suspender"> = {
  replay: "never",
  cut: "late",
  handle: (msg, { engine }) => {
    engine.installSuspender(msg.args[0] ?? msg.obj);
    return undefined;
  },
};

export const removeSuspender: Command<"remove_suspender"> = {
  replay: "never",
  cut: "late",
  handle: (msg, { engine }) => {
    engine.removeSuspender(msg.args[0] ?? msg.obj);
    return undefined;
  },
};
