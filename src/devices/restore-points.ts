import { type RestorePoint, supports } from "./protocols.ts";

/** What can be put back of several devices, in their order; those that can't tell are passed over. */
export async function restorePointsOf(devices: Iterable<unknown>): Promise<readonly RestorePoint[]> {
  const asked = [...devices].map((device) => (supports(device, "Recoverable") ? device.recoverable() : []));
  return (await Promise.all(asked)).flat();
}
