import { caughtPanicCount, shutdownAll } from "cerulean/epics";
import { expect } from "vitest";
import { environment } from "../../../dist/devices/epics/environment.js";

/** Shuts the EPICS layer down and expects no operation and no channel behind it, nor more panics than there were. */
export async function expectNothingLeft(panics: number): Promise<void> {
  await shutdownAll({ force: true });
  const { addon, id } = environment();
  await expect.poll(() => addon.counters(id).pendingOperations).toBe(0);
  await expect.poll(() => addon.counters(id).channels).toBe(0);
  expect(environment().pending).toBe(0);
  expect(caughtPanicCount()).toBe(panics);
}
