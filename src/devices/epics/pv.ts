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
    define(options, (prefix) => epicsSignalR(datatype, prefix + suffix, options)),
  rw: <T>(datatype: Datatype<T>, suffix: string, options: PvOptions<T> = {}): ChildDefinition<SignalRW<T>> =>
    define(options, (prefix) => epicsSignalRW(datatype, prefix + suffix, prefix + suffix, options)),
  /** Reads `suffix_RBV` and writes `suffix`. */
  rbv: <T>(datatype: Datatype<T>, suffix: string, options: PvOptions<T> = {}): ChildDefinition<SignalRW<T>> =>
    define(options, (prefix) => epicsSignalRWRbv(datatype, prefix + suffix, options)),
  w: <T>(datatype: Datatype<T>, suffix: string, options: PvOptions<T> = {}): ChildDefinition<SignalW<T>> =>
    define(options, (prefix) => epicsSignalW(datatype, prefix + suffix, options)),
  x: (suffix: string, options: PvOptions<any> & { readonly value?: unknown } = {}): ChildDefinition<SignalX> =>
    define(options, (prefix) => epicsSignalX(prefix + suffix, options)),
};

function define<D extends Device>({ kind }: { readonly kind?: Kind }, make: (prefix: string) => D): ChildDefinition<D> {
  return { kind: kind ?? "omitted", make };
}
