import type { Device } from "../devices/device.ts";
import { MockBackend, mockBackendOf } from "../devices/mock-backend.ts";
import { Signal } from "../devices/signal.ts";

/**
 * The controls of a mocked signal: `setValue`, `onPut`, `block`, `unblock`, `calls`, `setConnection`. Throws when the signal
 * was not connected with `{ mock: true }`.
 */
export function mockOf<T>(signal: Signal<T>): MockBackend<T> {
  return mockBackendOf(signal);
}

/** Every mocked signal of a device and of all below it, by name. */
export function mocksOf(device: Device): Map<string, MockBackend<any>> {
  const found = new Map<string, MockBackend<any>>();
  if (device instanceof Signal && device.backend instanceof MockBackend) found.set(device.name, device.backend);
  for (const child of device.children.values()) for (const [name, mock] of mocksOf(child)) found.set(name, mock);
  return found;
}
