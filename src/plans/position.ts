import type { Location } from "../devices/protocols.ts";
import { supports } from "../devices/protocols.ts";
import { Msg } from "../engine/msg.ts";
import type { Many } from "./stubs/types.ts";

/**
 * Where the device was sent last: its setpoint where it can be located, else its `position`, else its hinted or first
 * reading. Where no engine answers, as in a dry run, it is 0, so that positions are relative to the current ones.
 */
export function* currentPosition(obj: any): Many<unknown> {
  if (supports(obj, "Locatable")) {
    const location = yield* new Msg<"locate", Location<unknown> | undefined>("locate", obj, [], { squeeze: true });
    return location === undefined ? 0 : location.setpoint;
  }
  if ("position" in obj) return obj.position;
  if (!supports(obj, "Readable")) {
    throw new TypeError(`${obj.name} tells no position (locate, position or read), so it can't be moved by a distance`);
  }
  const readings = yield* new Msg<"read", Record<string, { value: unknown }> | undefined>("read", obj);
  if (readings === undefined) return 0;
  const hinted: readonly string[] = (obj as { hints?: { fields?: string[] } }).hints?.fields ?? [];
  if (hinted.length > 1) {
    throw new TypeError(
      `${obj.name} has several hinted fields (${hinted.join(", ")}), so its position is unclear; give it locate()`,
    );
  }
  const field = hinted[0] ?? Object.keys(readings)[0];
  return field === undefined ? 0 : readings[field]?.value;
}

/** A position moved by a distance: numbers add up, lists and records of numbers do so by element. */
export function offsetBy(position: unknown, distance: unknown): unknown {
  if (typeof position === "number" && typeof distance === "number") return position + distance;
  if (typeof position === "bigint" && typeof distance === "bigint") return position + distance;
  if (Array.isArray(distance)) return distance.map((each, i) => offsetBy(part(position, i), each));
  if (typeof distance === "object" && distance !== null) {
    return Object.fromEntries(
      Object.entries(distance).map(([key, each]) => [key, offsetBy(part(position, key), each)]),
    );
  }
  throw new TypeError(`a distance of ${String(distance)} can't be added to the position ${String(position)}`);
}

function part(position: unknown, key: string | number): unknown {
  return typeof position === "object" && position !== null ? (position as Record<string, unknown>)[key] : position;
}
