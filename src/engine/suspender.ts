import type { RunEngine } from "./run-engine.ts";

/** What `installSuspender` takes: something that watches and calls `requestSuspend` of the engine that it was installed in. */
export interface InstallableSuspender {
  install(engine: RunEngine): void;
  /** Stops watching, and releases what it holds. */
  remove(): void;
}

export function assertInstallable(value: unknown): asserts value is InstallableSuspender {
  const suspender = value as Partial<InstallableSuspender> | null | undefined;
  if (typeof suspender?.install === "function" && typeof suspender.remove === "function") return;
  throw new TypeError(`installSuspender takes a suspender, with the methods install and remove, not ${String(value)}`);
}
