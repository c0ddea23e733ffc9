import type { Datatype } from "./datatype.ts";
import type { SignalRW, SignalSetOptions } from "./signal.ts";
import type { Status } from "./status.ts";

/** "On" and "off" in the values of a datatype: 1 and 0, true and false, the second and the first label of an enum. */
export function flagValue(datatype: Datatype<any>, on: boolean): unknown {
  switch (datatype.kind) {
    case "bool":
      return on;
    case "int64":
      return on ? 1n : 0n;
    case "enum":
      return datatype.choices?.[on ? 1 : 0] ?? datatype.initial;
    case "string":
      return on ? "1" : "0";
    default:
      return on ? 1 : 0;
  }
}

/** Sets a signal of whatever datatype on or off. */
export function setFlag(signal: SignalRW<any>, on: boolean, options: SignalSetOptions = {}): Status {
  return signal.set(flagValue(signal.datatype, on), options);
}
