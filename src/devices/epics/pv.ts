import type { Datatype } from "../datatype.ts";
import type { ChildDefinition } from "../define-device.ts";
import type { Device } from "../device.ts";
import type { SignalR, SignalRW, SignalW, SignalX } from "../signal.ts";
import type { Kind } from "../standard-readable.ts";
import {
  type EpicsSignalOptions,
  epicsSignalR,
  epicsSignalRW,
  epicsSignalRWRbv,
  epicsSignalW,
  epicsSignalX,
} from "./signals.ts";

export type PvOptions<T> = EpicsSignalOptions<T> & { readonly kind?: Kind };

/** Children of `defineDevice` by the suffixes of their PVs: `pv.rbv(t.float, "AcquireTime", { kind: "config" })`. */
export const pv = {
  r: <T>(datatype: Datatype<T>, suffix: string, options: PvOptions<T> = {}): ChildDefinition<SignalR<T>> =>
    define(options, (prefix, all) => epicsSignalR(datatype, prefix + suffix, all)),
  rw: <T>(datatype: Datatype<T>, suffix: string, options: PvOptions<T> = {}): ChildDefinition<SignalRW<T>> =>
    define(options, (prefix, all) => epicsSignalRW(datatype, prefix + suffix, all)),
  /** Reads `suffix_RBV` and writes `suffix`. */
  rbv: <T>(datatype: Datatype<T>, suffix: string, options: PvOptions<T> = {}): ChildDefinition<SignalRW<T>> =>
    define(options, (prefix, all) => epicsSignalRWRbv(datatype, prefix + suffix, all)),
  w: <T>(datatype: Datatype<T>, suffix: string, options: PvOptions<T> = {}): ChildDefinition<SignalW<T>> =>
    define(options, (prefix, all) => epicsSignalW(datatype, prefix + suffix, all)),
  x: (suffix: string, options: PvOptions<any> & { readonly value?: unknown } = {}): ChildDefinition<SignalX> =>
    define(options, (prefix, all) => epicsSignalX(prefix + suffix, all)),
};

/** A child's own options stand over what its device shares. */
function define<D extends Device, O extends PvOptions<any>>(
  options: O,
  make: (prefix: string, all: O) => D,
): ChildDefinition<D> {
  return { kind: options.kind ?? "omitted", make: (prefix, shared) => make(prefix, { ...shared, ...options }) };
}
