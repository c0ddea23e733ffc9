import { type Status, toStatus } from "../../devices/status.ts";
import { nameOf } from "../groups.ts";
import type { Msg } from "../msg.ts";
import type { Session } from "../session.ts";
import { asDevice, deviceOf, deviceOptions, groupOf } from "./device.ts";

/** Starts a flyer. It needs an open run, where what it measures belongs. */
export function kickoff(msg: Msg, session: Session): Status {
  const run = session.run(msg);
  const flyer = deviceOf(msg, "Flyable") as unknown as { kickoff(...args: unknown[]): unknown };
  const status = toStatus(flyer.kickoff(...msg.args, ...deviceOptions(msg)), `${nameOf(msg.obj)}.kickoff`);
  session.hardware.kickedOff(msg, status);
  run.collector.kickedOff(msg.obj);
  session.groups.add(groupOf(msg), status, msg);
  return status;
}

export function complete(msg: Msg, { groups, hardware }: Session): Status {
  const status = toStatus(deviceOf(msg, "Flyable").complete(), `${nameOf(msg.obj)}.complete`);
  hardware.completing(msg.obj, status);
  groups.add(groupOf(msg), status, msg);
  return status;
}

/** Makes documents of what flyers have measured. Answers with it, unless it is in files or `returnPayload` is false. */
export async function collect(msg: Msg, session: Session): Promise<unknown> {
  const run = session.run(msg);
  const { name, stream, returnPayload } = msg.kwargs;
  if (stream === true) {
    throw new Error(
      "collect with stream: true is no longer there; documents are always emitted as pages, so leave it out",
    );
  }
  const devices = [msg.obj, ...msg.args].map((obj) => asDevice(obj, "collect", "Collectable"));
  return run.collector.collect(devices, name ?? undefined, returnPayload !== false);
}
