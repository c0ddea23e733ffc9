import type { Locatable, Location, Readable, Readings } from "../../devices/protocols.ts";
import { supports } from "../../devices/protocols.ts";
import { Msg } from "../../engine/msg.ts";
import { separateDevices } from "../ancestry.ts";
import { takeOptions } from "../arguments.ts";
import { stub } from "../stub.ts";
import type { Many } from "./types.ts";

/** Announces a stream and the devices whose readings its events will have, so that its descriptor comes at once. */
export function declareStream(
  ...args: [...devices: unknown[], options: { name: string; collect?: boolean }]
): Msg<"declare_stream", unknown> {
  const [devices, options] = takeOptions("declareStream", args, ["name", "collect"]);
  const { name, collect = false } = options;
  if (typeof name !== "string") throw new TypeError('declareStream needs the stream\'s name: { name: "primary" }');
  return new Msg("declare_stream", null, separateDevices(devices), { name, collect });
}

/** Begins an event of the stream; the readings up to `save` go into it. */
export function create(name = "primary"): Msg<"create", undefined> {
  return new Msg("create", null, [], { name });
}

/** Ends the event that `create` began and emits it. */
export function save(): Msg<"save", undefined> {
  return new Msg("save");
}

/** Ends the event that `create` began and throws it away. */
export function drop(): Msg<"drop", undefined> {
  return new Msg("drop");
}

/** Reads the device; inside an event the reading also goes into it. */
export function read<D>(obj: Readable<D>): Msg<"read", Readings<D>> {
  return new Msg("read", obj);
}

export function locate<V>(obj: Locatable<V>, options?: { squeeze?: true }): Msg<"locate", Location<V>>;
export function locate<V>(obj: Locatable<V>, options: { squeeze: false }): Msg<"locate", readonly Location<V>[]>;
export function locate(
  first: Locatable<any>,
  second: Locatable<any>,
  ...rest: unknown[]
): Msg<"locate", readonly Location<any>[]>;
/** Asks where a device was sent and where it is. One device gives one location, several (or `squeeze: false`) a list. */
export function locate(...args: unknown[]): Msg<"locate", any> {
  const [objs, options] = takeOptions("locate", args, ["squeeze"]);
  const { squeeze = true } = options;
  return new Msg("locate", objs[0], objs.slice(1), { squeeze });
}

export function rd<V>(obj: Locatable<V>, options?: { defaultValue?: V }): Many<V>;
export function rd(obj: Readable<any>, options?: { defaultValue?: unknown }): Many<any>;
/**
 * The device's one value: the readback of what can be located, else its hinted or only field.
 * Throws when it has several; `defaultValue` (0) is the answer where no engine answers.
 */
export function rd(obj: any, options: { defaultValue?: unknown } = {}): Many<unknown> {
  return stub("rd", oneValue(obj, options));
}

function* oneValue(obj: any, options: { defaultValue?: unknown }): Many<unknown> {
  const { defaultValue = 0 } = options;
  if (supports(obj, "Locatable")) {
    const location: Location<unknown> | undefined = yield* locate(obj);
    return location === undefined ? defaultValue : location.readback;
  }
  const hinted: readonly string[] = obj.hints?.fields ?? [];
  const readings: Record<string, any> | undefined = yield* read(obj as Readable<any>);
  if (readings === undefined) return defaultValue;
  const fields = hinted.length > 0 ? hinted : Object.keys(readings);
  const [field] = fields;
  if (field === undefined || fields.length > 1) {
    throw new TypeError(
      `rd: ${obj.name} has ${fields.length} values (${fields.join(", ")}); read one of its parts, or hint one field`,
    );
  }
  return readings[field]?.value;
}
