import { readFile, rename, writeFile } from "node:fs/promises";
import { type Datatype, show } from "./datatype.ts";
import type { Device } from "./device.ts";
import { asError } from "./errors.ts";
import { SignalRW } from "./signal.ts";

/** Values of a device's settable signals by their paths, as ophyd-async writes them: `cam.acquire_time`. */
export type Settings = Readonly<Record<string, unknown>>;

export interface ApplySettingsOptions {
  /** Write also what is as it should be; false by default. */
  readonly all?: boolean;
  /** What to set one after the other: each phase begins when the one before has ended. What matches none comes last. */
  readonly phases?: readonly (RegExp | readonly string[])[];
  /** Those that are left alone. */
  readonly ignore?: readonly string[];
}

/** The settable signals below a device by their paths, those that are derived from others left out. */
export function settableSignals(device: Device): Map<string, SignalRW<any>> {
  const found = new Map<string, SignalRW<any>>();
  const walk = (parent: Device, path: string): void => {
    for (const [key, child] of parent.children) {
      const name = path === "" ? snake(key) : `${path}.${snake(key)}`;
      if (child instanceof SignalRW && !child.source.startsWith("derived://")) found.set(name, child);
      walk(child, name);
    }
  };
  walk(device, "");
  return found;
}

/** What all settable signals of a device are set to now, read at the same time. */
export async function currentSettings(device: Device): Promise<Settings> {
  const signals = [...settableSignals(device)];
  const values = await Promise.all(signals.map(async ([, signal]) => (await signal.locate()).setpoint));
  return Object.fromEntries(signals.map(([path], i) => [path, values[i]]));
}

/** Writes a device's settings to a YAML file, whole or not at all. */
export async function storeSettings(device: Device, file: string): Promise<Settings> {
  const settings = await currentSettings(device);
  const { settingsToYaml } = await parser();
  const partial = `${file}.${process.pid}.part`;
  await writeFile(partial, settingsToYaml(settings));
  await rename(partial, file);
  return settings;
}

/** Reads settings for a device from a YAML file; a name that the device has not is an error that lists all such. */
export async function retrieveSettings(device: Device, file: string): Promise<Settings> {
  const { settingsFromYaml } = await parser();
  const stored = settingsFromYaml(await readFile(file, "utf8"));
  const signals = settableSignals(device);
  const settings: Record<string, unknown> = {};
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(stored)) {
    const path = name.split(".").map(snake).join(".");
    const signal = signals.get(path);
    if (signal === undefined) unknown.push(name);
    else settings[path] = valueFrom(`${file}: ${name}`, signal.datatype, value);
  }
  if (unknown.length > 0) throw new TypeError(`${file}: ${device.name} has no settable ${unknown.join(", ")}`);
  return settings;
}

/** Sets what differs, phase by phase, and resolves to the paths that were written. Failures of one phase come together and end it. */
export async function applySettings(
  device: Device,
  settings: Settings,
  { all = false, phases = [], ignore = [] }: ApplySettingsOptions = {},
): Promise<readonly string[]> {
  const signals = settableSignals(device);
  const missing = Object.keys(settings).filter((path) => !signals.has(path));
  if (missing.length > 0) throw new TypeError(`${device.name} has no settable ${missing.join(", ")}`);
  let left = Object.keys(settings).filter((path) => settings[path] !== undefined && !ignore.includes(path));
  const written: string[] = [];
  for (const phase of [...phases, /^/]) {
    const isOfPhase = (path: string): boolean => (phase instanceof RegExp ? phase.test(path) : phase.includes(path));
    const now = left.filter(isOfPhase);
    left = left.filter((path) => !isOfPhase(path));
    written.push(...(await applyPhase(device, signals, settings, now, all)));
  }
  return written;
}

/** Loaded by whoever stores or retrieves settings only. */
function parser(): Promise<typeof import("./settings-yaml.ts")> {
  return import("./settings-yaml.ts");
}

async function applyPhase(
  device: Device,
  signals: ReadonlyMap<string, SignalRW<any>>,
  settings: Settings,
  paths: readonly string[],
  all: boolean,
): Promise<string[]> {
  const failures: string[] = [];
  const errors: Error[] = [];
  const written = await Promise.all(
    paths.map(async (path) => {
      const signal = signals.get(path) as SignalRW<any>;
      try {
        if (!all && signal.datatype.equals((await signal.locate()).setpoint, settings[path])) return [];
        await signal.set(settings[path]).wait();
      } catch (error) {
        errors.push(asError(error));
        failures.push(`${path}: ${asError(error).message}`);
      }
      return [path];
    }),
  );
  if (errors.length > 0) throw new AggregateError(errors, `settings of ${device.name}: ${failures.join("; ")}`);
  return written.flat();
}

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A value of a YAML file as the datatype has it. */
function valueFrom(what: string, datatype: Datatype<any>, raw: unknown): unknown {
  try {
    return datatype.check(converted(datatype, raw));
  } catch (error) {
    throw new TypeError(`${what}: ${asError(error).message}`, { cause: error });
  }
}

function converted(datatype: Datatype<any>, raw: unknown): unknown {
  if (typeof raw === "bigint") return datatype.kind === "int64" ? raw : Number(raw);
  if (datatype.kind === "table" && typeof raw === "object" && raw !== null) {
    const column = (name: string, values: unknown) => {
      const type = datatype.columns?.[name];
      return type === undefined ? values : converted(type, values);
    };
    return Object.fromEntries(Object.entries(raw).map(([name, values]) => [name, column(name, values)]));
  }
  if (!Array.isArray(raw) || datatype.kind !== "array" || datatype.element === "bool") return raw;
  const Typed = datatype.initial.constructor as { from(values: readonly unknown[]): ArrayLike<unknown> };
  const isBig = datatype.element === "i64" || datatype.element === "u64";
  const values = Typed.from(isBig ? raw.map(BigInt) : raw.map(Number));
  const cut = raw.findIndex((value, i) => Number(values[i]) !== Number(value) && !Number.isNaN(Number(value)));
  if (cut >= 0 && datatype.element !== "f32")
    throw new TypeError(`${show(raw[cut])} does not fit into ${datatype.label}`);
  return values;
}
