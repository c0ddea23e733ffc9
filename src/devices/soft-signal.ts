import type { Datatype } from "./datatype.ts";
import type { MockBackend } from "./mock-backend.ts";
import { type SignalOptions, SignalR, SignalRW } from "./signal.ts";
import { SoftBackend, type SoftBackendOptions } from "./soft-backend.ts";

export type SoftSignalOptions<T> = SoftBackendOptions<T> & SignalOptions<T>;

/** A signal in this process that can be read and set; without an initial value it begins with the datatype's own. */
export function softSignalRW<T>(datatype: Datatype<T>, initial?: T, options: SoftSignalOptions<T> = {}): SignalRW<T> {
  return new SignalRW(new SoftBackend(datatype, initial, options), options);
}

/** A signal in this process that can only be read: from a getter, or for good. */
export function softSignalR<T>(datatype: Datatype<T>, initial?: T, options: SoftSignalOptions<T> = {}): SignalR<T> {
  return new SignalR(new SoftBackend(datatype, initial, options), options);
}

/** A signal that can only be read, and the function that its owner changes it with. */
export function softSignalRAndSetter<T>(
  datatype: Datatype<T>,
  initial?: T,
  options: SoftSignalOptions<T> = {},
): [signal: SignalR<T>, setValue: (value: T) => void] {
  const signal = new SignalR(new SoftBackend(datatype, initial, options), options);
  // The stand-in of a mocked device takes values the same way.
  return [signal, (value) => (signal.backend as SoftBackend<T> | MockBackend<T>).setValue(value)];
}
