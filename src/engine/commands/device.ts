import { missingMethods, type ProtocolName, type Protocols, supports } from "../../devices/protocols.ts";
import { nameOf } from "../groups.ts";
import type { Msg } from "../msg.ts";

/** The message's object, checked for the protocol that its command needs. The error names the object, the command and what is missing. */
export function deviceOf<P extends ProtocolName>(msg: Msg, protocol: P): Protocols[P] {
  return asDevice(msg.obj, msg.command, protocol);
}

export function asDevice<P extends ProtocolName>(obj: unknown, command: string, protocol: P): Protocols[P] {
  if (supports(obj, protocol)) return obj;
  const what = obj === null || obj === undefined ? "nothing at all" : nameOf(obj);
  throw new TypeError(
    `"${command}" needs a ${protocol} device; ${what} lacks ${missingMethods(obj, protocol).join(" and ")}`,
  );
}

/** The group that an action is put into; without a name all share one. */
export function groupOf(msg: Msg): unknown {
  return msg.kwargs.group ?? null;
}

/** The keyword arguments that are the device's and not the engine's. */
export function deviceOptions({ kwargs }: Msg): unknown[] {
  const { group: _, ...options } = kwargs;
  return Object.keys(options).length > 0 ? [options] : [];
}
