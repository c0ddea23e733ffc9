import type { MaybePromise, Readable, Readings, Subscribable } from "../../devices/protocols.ts";
import { IllegalMessageSequence } from "../errors.ts";
import { nameOf } from "../groups.ts";
import { devicesAhead } from "../msg.ts";
import type { Command } from "./command.ts";
import { asDevice, deviceOf } from "./device.ts";

declare module "../msg.ts" {
  interface Commands {
    create: { obj: null; result: undefined };
    save: { obj: null; result: undefined };
    drop: { obj: null; result: undefined };
    read: { obj: Readable; result: Readings<unknown> };
    declare_stream: { obj: null; result: unknown };
    configure: { obj: unknown; result: readonly [unknown, unknown] };
    monitor: { obj: unknown; result: undefined };
    unmonitor: { obj: unknown; result: undefined };
  }
}

export const create: Command<"create"> = {
  replay: "cache",
  cut: "late",
  needsRun: true,
  handle: (msg, session) => {
    const name = msg.kwargs.name ?? msg.args[0];
    const run = session.run(msg);
    if (typeof name !== "string" || name === "") throw new TypeError("create needs the name of a stream");
    run.create(name, devicesAhead(msg));
    return undefined;
  },
};

export const save: Command<"save"> = {
  replay: "cache",
  cut: "late",
  needsRun: true,
  handle: (msg, session) => {
    session.run(msg).save();
    return undefined;
  },
};

export const drop: Command<"drop"> = {
  replay: "cache",
  cut: "late",
  needsRun: true,
  handle: (msg, session) => {
    session.run(msg).drop();
    return undefined;
  },
};

/** Reads a device; between create and save the reading becomes part of the event. */
export const read: Command<"read"> = {
  replay: "cache",
  cut: "ending",
  handle: (msg, session) => {
    const device = deviceOf(msg, "Readable");
    const run = session.runs.get(msg.run);
    const bundle = run?.bundle;
    const record = (readings: Readings<any>): MaybePromise<Readings<any>> => {
      if (typeof readings !== "object" || readings === null) {
        throw new TypeError(
          `read of ${nameOf(device)} answered with ${String(readings)}; it must answer with readings`,
        );
      }
      if (run === undefined || bundle === undefined) return readings;
      const asked = run.record(bundle, device, readings);
      return asked === undefined ? readings : asked.then(() => readings);
    };
    const ahead = bundle?.ahead.get(device);
    if (ahead !== undefined) bundle?.ahead.delete(device);
    const answer: MaybePromise<Readings<any>> = ahead ?? device.read();
    return answer instanceof Promise || typeof answer?.then === "function"
      ? (answer as unknown as Promise<Readings<any>>).then(record)
      : record(answer as Readings<any>);
  },
};

/** Describes a stream before there is any event of it. Answers with its descriptor, what composes its events, and the devices. */
export const declareStream: Command<"declare_stream"> = {
  replay: "cache",
  cut: "late",
  needsRun: true,
  handle: async (msg, session) => {
    const run = session.run(msg);
    const { name, collect } = msg.kwargs;
    if (typeof name !== "string" || name === "") throw new TypeError("declare_stream needs a name");
    if (msg.args.length === 0) throw new TypeError(`declare_stream "${name}" needs the devices of the stream`);
    const stream =
      collect === true
        ? await run.collector.declare(
            msg.args.map((obj) => asDevice(obj, "declare_stream", "Collectable")),
            name,
          )
        : run.describe(
            name,
            await Promise.all(msg.args.map((obj) => run.descriptions.of(asDevice(obj, "declare_stream", "Readable")))),
            false,
          );
    return [stream.composer.descriptor, stream.composer, stream.devices];
  },
};

/** Configures a device. Answers with its old and new configuration; streams that have it are described anew. */
export const configure: Command<"configure"> = {
  replay: "cache",
  cut: "late",
  handle: async (msg, session) => {
    if (session.bundling) throw new IllegalMessageSequence("configure between create and save; save or drop first");
    if (typeof msg.obj?.configure !== "function") {
      throw new TypeError(`"configure" needs a device with the method configure; ${nameOf(msg.obj)} lacks it`);
    }
    const options = Object.keys(msg.kwargs).length > 0 ? [msg.kwargs] : [];
    const answer = await msg.obj.configure(...msg.args, ...options);
    for (const run of session.runs.values()) await run.reconfigured(msg.obj);
    return answer;
  },
};

export const monitor: Command<"monitor"> = {
  replay: "reset",
  cut: "late",
  handle: async (msg, session) => {
    const run = session.run(msg);
    const device = asDevice(deviceOf(msg, "Subscribable"), "monitor", "Readable");
    await run.monitor(device as typeof device & Subscribable, msg.kwargs.name ?? `${device.name}_monitor`);
    return undefined;
  },
};

export const unmonitor: Command<"unmonitor"> = {
  replay: "reset",
  cut: "late",
  handle: (msg, session) => {
    session.run(msg).unmonitor(msg.obj);
    return undefined;
  },
};
