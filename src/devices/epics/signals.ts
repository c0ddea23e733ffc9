import type { Datatype } from "../datatype.ts";
import { t } from "../datatypes.ts";
import { type SignalOptions, SignalR, SignalRW, SignalW, SignalX } from "../signal.ts";
import type { ChannelSource } from "./channel-source.ts";
import { getContext } from "./context.ts";
import { EpicsBackend } from "./epics-backend.ts";

export interface EpicsSignalOptions<T> extends SignalOptions<T> {
  /** The context whose channels are used; the process's own by default. */
  readonly context?: ChannelSource;
  /** What a monitor gives while its listeners are behind: `all` updates in order, or only the `latest`, as for pictures; `all` by default. */
  readonly updates?: "all" | "latest";
}

/** A PV that is read. Names are bare or `ca://X` for Channel Access, `pva://X` for pvAccess. */
export function epicsSignalR<T>(
  datatype: Datatype<T>,
  readPv: string,
  options: EpicsSignalOptions<T> = {},
): SignalR<T> {
  return new SignalR(backend(datatype, readPv, readPv, options), options);
}

/** A PV that is read and written, or one that is read and one that is written; their protocols must agree. */
export function epicsSignalRW<T>(datatype: Datatype<T>, readPv: string, options?: EpicsSignalOptions<T>): SignalRW<T>;
export function epicsSignalRW<T>(
  datatype: Datatype<T>,
  readPv: string,
  writePv?: string,
  options?: EpicsSignalOptions<T>,
): SignalRW<T>;
export function epicsSignalRW<T>(
  datatype: Datatype<T>,
  readPv: string,
  writePv: string | EpicsSignalOptions<T> = readPv,
  options: EpicsSignalOptions<T> = {},
): SignalRW<T> {
  if (typeof writePv !== "string") return epicsSignalRW(datatype, readPv, readPv, writePv);
  return new SignalRW(backend(datatype, readPv, writePv, options), options);
}

/** A setpoint with its readback: writes `X` and reads `X_RBV`; for a field, `X.VAL` and `X_RBV.VAL`. */
export function epicsSignalRWRbv<T>(
  datatype: Datatype<T>,
  pv: string,
  options: EpicsSignalOptions<T> = {},
): SignalRW<T> {
  return epicsSignalRW(datatype, readbackOf(pv), pv, options);
}

/** A PV that is only written. */
export function epicsSignalW<T>(
  datatype: Datatype<T>,
  writePv: string,
  options: EpicsSignalOptions<T> = {},
): SignalW<T> {
  return new SignalW(backend(datatype, writePv, writePv, options), options);
}

/** A PV that starts something: `trigger()` writes `value` (1, or its like, by default) and waits for completion. */
export function epicsSignalX(
  writePv: string,
  options: EpicsSignalOptions<any> & { readonly value?: unknown } = {},
): SignalX {
  return new SignalX(backend(t.any, writePv, writePv, options), options);
}

/** A channel filter behind the field has dots of its own. */
function readbackOf(pv: string): string {
  const filter = pv.search(/[{[]/);
  const dot = pv.lastIndexOf(".", filter < 0 ? pv.length : filter);
  return dot < 0 ? `${pv}_RBV` : `${pv.slice(0, dot)}_RBV${pv.slice(dot)}`;
}

function backend<T>(
  datatype: Datatype<T>,
  readPv: string,
  writePv: string,
  { context, updates }: EpicsSignalOptions<T>,
): EpicsBackend<T> {
  return new EpicsBackend(datatype, readPv, writePv, () => context ?? getContext(), updates);
}
