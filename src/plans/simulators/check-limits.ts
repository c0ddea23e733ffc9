import { type Location, supports } from "../../devices/protocols.ts";
import type { Msg, PlanLike } from "../../engine/msg.ts";
import { emptyAnswer, type RehearseOptions, rehearse } from "./rehearse.ts";

/**
 * Checks every position that the plan would send a device to, and throws what the device's `checkValue` throws at the
 * first one that it refuses. Nothing is moved; devices are asked where they are, so that relative plans are checked too.
 * A device without `checkValue` is warned about once.
 */
export async function checkLimits(plan: PlanLike<unknown>, options: RehearseOptions = {}): Promise<void> {
  const sent = new Map<unknown, unknown>();
  const unchecked = new Set<unknown>();
  await rehearse(plan, (msg) => (msg.command === "set" ? check(msg, sent, unchecked) : answer(msg, sent)), options);
}

/** bluesky's name for what can be awaited; here both can. */
export const checkLimitsAsync = checkLimits;

async function check({ obj, args }: Msg, sent: Map<unknown, unknown>, unchecked: Set<unknown>): Promise<void> {
  const value: unknown = args[0];
  if (supports(obj, "Checkable")) await obj.checkValue(value);
  else if (!unchecked.has(obj)) {
    unchecked.add(obj);
    process.emitWarning(`${obj.name} has no checkValue(), so its limits are not checked`, "CeruleanWarning");
  }
  sent.set(obj, value);
}

async function answer(msg: Msg, sent: ReadonlyMap<unknown, unknown>): Promise<unknown> {
  if (msg.command !== "locate") return emptyAnswer(msg);
  const locations = await Promise.all([msg.obj, ...msg.args].map((obj) => locate(obj, sent)));
  return locations.length === 1 && msg.kwargs.squeeze !== false ? locations[0] : locations;
}

async function locate(obj: any, sent: ReadonlyMap<unknown, unknown>): Promise<Location<unknown>> {
  if (sent.has(obj)) return { setpoint: sent.get(obj), readback: sent.get(obj) };
  return await obj.locate();
}
