import type { Flyable } from "../../devices/protocols.ts";
import { type Status, toStatus } from "../../devices/status.ts";
import { nameOf } from "../groups.ts";
import type { Command } from "./command.ts";
import { asDevice, deviceOf, deviceOptions, groupOf } from "./device.ts";

declare module "../msg.ts" {
  interface Commands {
    kickoff: { obj: Flyable; result: Status };
    complete: { obj: Flyable; result: Status };
    collect: { obj: unknown; result: unknown };
  }
}

/** Starts a flyer. It needs an open run, where what it measures belongs. */
export const kickoff: Command<"kickoff"> = {
  replay: "cache",
  cut: "late",
  needsRun: true,
  handle: (msg, session) => {
    const run = session.run(msg);
    const flyer = deviceOf(msg, "Flyable") as unknown as { kickoff(...args: unknown[]): unknown };
    const status = toStatus(flyer.kickoff(...msg.args, ...deviceOptions(msg)), `${nameOf(msg.obj)}.kickoff`);
    session.hardware.kickedOff(msg, status);
    run.collector.kickedOff(msg.obj);
    session.groups.add(groupOf(msg), status, msg);
    return status;
  },
};

export const complete: Command<"complete"> = {
  replay: "cache",
  cut: "late",
  needsRun: true,
  handle: (msg, { groups, hardware }) => {
    const status = toStatus(deviceOf(msg, "Flyable").complete(), `${nameOf(msg.obj)}.complete`);
    hardware.completing(msg.obj, status);
    groups.add(groupOf(msg), status, msg);
    return status;
  },
};

/** Makes documents of what flyers have measured. Answers with it, unless it is in files or `returnPayload` is false. */
export const collect: Command<"collect"> = {
  replay: "cache",
  cut: "late",
  needsRun: true,
  handle: async (msg, session) => {
    const run = session.run(msg);
    const { name, stream, returnPayload } = msg.kwargs;
    if (stream === true) {
      throw new Error(
        "collect with stream: true is no longer there; documents are always emitted as pages, so leave it out",
      );
    }
    const devices = [msg.obj, ...msg.args].map((obj) => asDevice(obj, "collect", "Collectable"));
    return run.collector.collect(devices, name ?? undefined, returnPayload !== false);
  },
};
