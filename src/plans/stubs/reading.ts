import { supports } from "../../devices/protocols.ts";
import { Msg, readAhead } from "../../engine/msg.ts";
import { allSafeRewind, separateDevices } from "../ancestry.ts";
import { stub } from "../stub.ts";
import { create, drop, save } from "./bundle.ts";
import { nothing, wait } from "./control.ts";
import { freshGroup } from "./group.ts";
import type { Many, ReadingsOf } from "./types.ts";

/**
 * Triggers all devices at once, waits for them, and reads all into one event of the stream. Answers with the merged
 * readings; when reading fails, the event is dropped and the error thrown.
 */
export function triggerAndRead<const L extends readonly unknown[]>(devices: L, name = "primary"): Many<ReadingsOf<L>> {
  return stub("triggerAndRead", takeSafely(devices, name) as Many<ReadingsOf<L>>);
}

function* takeSafely(devices: readonly unknown[], name: string): Many<Record<string, unknown>> {
  if (devices.length === 0) yield nothing();
  const separate = separateDevices(devices);
  if (allSafeRewind(separate)) return yield* takePoint(separate, name);
  const before = yield* new Msg<"rewindable", boolean | undefined>("rewindable", null, [null]);
  if (before !== false) yield new Msg("rewindable", null, [false]);
  let returned = true;
  try {
    const readings = yield* takePoint(separate, name);
    returned = false;
    return readings;
  } catch (error) {
    returned = false;
    throw error;
  } finally {
    if (!returned && before !== false) yield new Msg("rewindable", null, [before ?? true]);
  }
}

function* takePoint(devices: readonly unknown[], name: string): Many<Record<string, unknown>> {
  let group: string | undefined;
  for (const obj of devices) {
    if (!supports(obj, "Triggerable")) continue;
    group ??= freshGroup("trigger");
    yield new Msg("trigger", obj, [], { group });
  }
  if (group !== undefined) yield wait(group);
  yield readAhead(create(name), devices);
  const readings: Record<string, unknown> = {};
  try {
    for (const obj of devices) Object.assign(readings, yield* new Msg<"read", object | undefined>("read", obj));
  } catch (error) {
    yield drop();
    throw error;
  }
  yield save();
  return readings;
}
