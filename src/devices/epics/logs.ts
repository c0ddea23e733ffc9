import { environment } from "./environment.ts";

export type LogLevel = "off" | "error" | "warn" | "info" | "debug" | "trace";

export interface LogEntry {
  readonly level: string;
  /** The Rust module that speaks, for example `epics_ca_rs::client`. */
  readonly target: string;
  readonly message: string;
  /** What the message is about, by name: `server`, `pv_name`. */
  readonly fields: Readonly<Record<string, string>>;
}

const TARGETS: Readonly<Record<string, string>> = { ca: "epics_ca_rs", pva: "epics_pva_rs", base: "epics_base_rs" };
const LEVELS: readonly string[] = ["off", "error", "warn", "info", "debug", "trace"];

/** Sets, at once and for the whole process, what a target tells: `ca`, `pva`, `base`, or a Rust module. `warn` by default. */
export function setLogLevel(target: string, level: LogLevel): void {
  const known = LEVELS.includes(level) && environment().addon.setLogLevel(TARGETS[target] ?? target, level);
  if (!known) throw new TypeError(`there is no log level ${JSON.stringify(level)}; use one of ${LEVELS.join(", ")}`);
}

/** Calls the listener with what the EPICS clients log; without one it is dropped. */
export function onLog(listener: (entry: LogEntry) => void): Disposable {
  return environment().addLogListener((level, target, message, fields) => listener({ level, target, message, fields }));
}
