import type { Document, DocumentName } from "../../documents/document.ts";
import { Msg } from "../../engine/msg.ts";

/** Emits an event into a stream of its own with every update of the device, until `unmonitor` or the run's end. */
export function monitor(obj: unknown, options: { name?: string } = {}): Msg<"monitor", undefined> {
  return new Msg("monitor", obj, [], options.name === undefined ? {} : { name: options.name });
}

/** Ends what `monitor` began. */
export function unmonitor(obj: unknown): Msg<"unmonitor", undefined> {
  return new Msg("unmonitor", obj);
}

/** Subscribes to documents until the engine's run ends; answers with a token for `unsubscribe`. */
export function subscribe(name: DocumentName | "all", func: (document: Document) => void): Msg<"subscribe", unknown> {
  return new Msg("subscribe", null, [func], { name });
}

/** Ends a subscription that `subscribe` began. */
export function unsubscribe(token: unknown): Msg<"unsubscribe", undefined> {
  return new Msg("unsubscribe", null, [], { token });
}

/** Installs a suspender, which may hold the plan from then on. */
export function installSuspender(suspender: unknown): Msg<"install_suspender", undefined> {
  return new Msg("install_suspender", null, [suspender]);
}

/** Removes a suspender; what it held goes on. */
export function removeSuspender(suspender: unknown): Msg<"remove_suspender", undefined> {
  return new Msg("remove_suspender", null, [suspender]);
}

/** Changes a device's configuration; answers with the old and the new one. Streams that have the device get a new descriptor. */
export function configure(obj: unknown, ...args: unknown[]): Msg<"configure", readonly [any, any]> {
  return new Msg("configure", obj, args);
}
