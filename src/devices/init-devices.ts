import { type ConnectOptions, Device } from "./device.ts";
import { failuresAmong, NotConnectedError } from "./errors.ts";

export interface InitOptions extends ConnectOptions {
  /** Give devices that have no name that of their key; true by default. */
  readonly setName?: boolean;
  /** Between the names of parent and child, for the devices that are named here. */
  readonly separator?: string;
  /** Connect them; true by default. */
  readonly connect?: boolean;
}

/**
 * Names the devices after their keys and connects them all at once; 10 s by default. Resolves to the same object:
 * `const { x, det } = await initDevices({ x: new EpicsMotor("IOC:m1"), det: ... })`.
 */
export async function initDevices<D extends Readonly<Record<string, Device>>>(
  devices: D,
  options: InitOptions = {},
): Promise<D> {
  const { setName = true, connect = true, separator, ...connectOptions } = options;
  for (const [key, device] of Object.entries(devices)) {
    if (!(device instanceof Device)) throw new TypeError(`"${key}" is not a Device, so it can't be connected`);
    if (setName && device.name === "") device.rename(key, separator === undefined ? {} : { separator });
  }
  ensureUnique(devices);
  if (!connect) return devices;
  const connecting = Object.entries(devices).map(
    ([key, device]) => [device.name || key, device.connect(connectOptions)] as const,
  );
  const errors = await failuresAmong(connecting);
  if (errors.size === 0) return devices;
  connectOptions.signal?.throwIfAborted();
  throw new NotConnectedError("initDevices", errors);
}

function ensureUnique(devices: Readonly<Record<string, Device>>): void {
  const keys = new Map<string, string>();
  for (const [key, { name }] of Object.entries(devices)) {
    const other = keys.get(name);
    if (name !== "" && other !== undefined) {
      throw new TypeError(`Devices do not have unique names: ${other} and ${key} are both called "${name}"`);
    }
    keys.set(name, key);
  }
}
