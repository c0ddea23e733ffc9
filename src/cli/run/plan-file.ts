import { register } from "node:module";
import { pathToFileURL } from "node:url";
import { register as registerTypeScript } from "tsx/esm/api";
import type { PlanLike } from "../../engine/msg.ts";
import { describeError } from "../describe-error.ts";
import { packageFile } from "../package-file.ts";
import { Refused } from "./refused.ts";

type PlanFunction = (...args: any[]) => PlanLike<unknown>;

interface Connectable {
  readonly name: string;
  connect(): Promise<void>;
  rename?(name: string): void;
}

/** What a plan file exports: its plans and devices by their names. */
export interface PlanFile {
  readonly plans: ReadonlyMap<string, PlanFunction>;
  readonly devices: ReadonlyMap<string, Connectable>;
}

let isRegistered = false;

/** Imports a file of plans and devices. A device without a name gets that of its export. */
export async function loadPlanFile(path: string): Promise<PlanFile> {
  if (!isRegistered) {
    registerTypeScript();
    register(pathToFileURL(packageFile("dist/cli/run/module-format.js")));
    isRegistered = true;
  }
  let exported: Record<string, unknown>;
  try {
    exported = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new Refused(`${path} could not be loaded: ${describeError(error)}`, { cause: error });
  }
  const plans = new Map<string, PlanFunction>();
  const devices = new Map<string, Connectable>();
  for (const [name, value] of Object.entries(exported)) {
    if (typeof value === "function" && !isClass(value)) plans.set(name, value as PlanFunction);
    else if (isConnectable(value)) devices.set(name, value);
    else for (const [key, part] of partsOf(value)) devices.set(key, part);
  }
  for (const [name, device] of devices) if (device.name === "") device.rename?.(name);
  return { plans, devices };
}

/** Connects all devices at once; those that can't be reached are told together. */
export async function connectAll({ devices }: PlanFile): Promise<void> {
  const all = [...devices];
  const outcomes = await Promise.allSettled(all.map(async ([, device]) => device.connect()));
  const failures = outcomes.flatMap((outcome, i) =>
    outcome.status === "rejected" ? [`${all[i]?.[0]}: ${describeError(outcome.reason)}`] : [],
  );
  if (failures.length > 0) throw new Refused(`not connected, so nothing was moved:\n${failures.join("\n")}`);
}

/** The plan of that name, ready to be called with its arguments; without a name the default export or the only one. */
export function planNamed(
  { plans }: PlanFile,
  name: string | undefined,
  args: readonly unknown[],
): () => PlanLike<unknown> {
  const known = [...plans.keys()].sort().join(", ") || "none";
  const chosen = name ?? (plans.has("default") ? "default" : plans.size === 1 ? [...plans.keys()][0] : undefined);
  if (chosen === undefined) throw new Refused(`say which plan to run; the file has ${known}`);
  const plan = plans.get(chosen);
  if (plan === undefined) throw new Refused(`there is no plan "${chosen}"; the file has ${known}`);
  // The name goes into the start document.
  return Object.defineProperty(() => plan(...args), "name", { value: plan.name || chosen });
}

/** `--args`: a JSON array is the plan's arguments, any other value its only one. */
export function parseArguments(json: string | undefined): readonly unknown[] {
  if (json === undefined) return [];
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value : [value];
  } catch (error) {
    throw new Refused(`--args is not JSON: ${(error as Error).message}`);
  }
}

function isConnectable(value: unknown): value is Connectable {
  const candidate = value as Partial<Connectable> | null | undefined;
  return typeof candidate?.connect === "function" && typeof candidate.name === "string";
}

/** The devices of a plain object of them, as `initDevices` and `hw` answer with. */
function partsOf(value: unknown): [string, Connectable][] {
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return [];
  return Object.entries(value).filter((entry): entry is [string, Connectable] => isConnectable(entry[1]));
}

function isClass(value: object): boolean {
  return Function.prototype.toString.call(value).startsWith("class");
}
