import type { WaitOptions } from "../../signal-backend.ts";
import type { ChannelSource } from "../channel-source.ts";

/** What can be done with a signal: `r` read, `w` write, `x` start; `rw` over one PV or two. */
export type PviAccess = "r" | "w" | "rw" | "x";

export interface PviSignal {
  readonly access: PviAccess;
  readonly readPv: string;
  readonly writePv: string;
}

/** A device below: the PV of its own structure, or in the older form of vectors the members themselves. */
export type PviDeviceEntry = { readonly pv: string } | { readonly members: ReadonlyMap<number, PviEntry> };

export type PviEntry = PviSignal | PviDeviceEntry;

/** What one PVI structure lists: entries by their names, or the numbered members of a vector. */
export interface PviStructure {
  readonly pv: string;
  readonly entries: ReadonlyMap<string, PviEntry>;
  readonly members: ReadonlyMap<number, PviEntry>;
}

/** A PVI structure that is not one, or that does not have what a device asks of it. */
export class PviError extends Error {
  override readonly name = "PviError";
}

export function isSignal(entry: PviEntry): entry is PviSignal {
  return "access" in entry;
}

/**
 * Reads one PVI structure (`epics:nt/NTPVI:1.0`: `value` has a field for each signal, with its PVs under `r`, `w`, `rw` or `x`, and for each
 * device, with the PV of its own structure under `d`). Fields `__1`, `__2` are the members of a vector, as FastCS serves them; a field
 * that is an array of such entries is a vector too, as pandablocks-ioc serves it.
 */
export async function readPvi(pv: string, source: ChannelSource, options: WaitOptions): Promise<PviStructure> {
  const channel = source.channel(`pva://${pv}`);
  try {
    const value: unknown = await channel.get(options);
    if (!isRecord(value)) throw new PviError(`${pv} is no PVI structure: it has no structure "value"`);
    return structureOf(pv, value);
  } finally {
    channel.close();
  }
}

function structureOf(pv: string, value: Readonly<Record<string, unknown>>): PviStructure {
  const entries = new Map<string, PviEntry>();
  const members = new Map<number, PviEntry>();
  for (const [name, field] of Object.entries(value)) {
    const member = /^__(\d+)$/.exec(name);
    const entry = Array.isArray(field) ? vectorOf(pv, name, field) : entryOf(pv, name, field);
    if (member === null) entries.set(name, entry);
    else members.set(Number(member[1]), entry);
  }
  checkAlike(pv, members);
  return { pv, entries, members };
}

/** The index is the number; what is not there is null or an empty structure, the first one as a rule. */
function vectorOf(pv: string, name: string, list: readonly unknown[]): PviEntry {
  const members = new Map<number, PviEntry>();
  for (const [at, field] of list.entries()) {
    const isThere = isRecord(field) && Object.values(field).some((value) => value !== "" && value !== null);
    if (isThere) members.set(at, entryOf(pv, `${name}[${at}]`, field));
  }
  checkAlike(`${pv} ${name}`, members);
  return { members };
}

function entryOf(pv: string, name: string, field: unknown): PviEntry {
  const served = isRecord(field) ? Object.entries(field).filter(([, value]) => value !== "") : [];
  const { r, w, rw, x, d, ...others } = Object.fromEntries(served) as Readonly<Record<string, unknown>>;
  const pvs = [r, w, rw, x, d].filter((one) => one !== undefined);
  if (pvs.every((one) => typeof one === "string") && Object.keys(others).length === 0) {
    const keys = Object.keys(Object.fromEntries(served)).sort().join();
    if (keys === "d") return { pv: d as string };
    if (keys === "r,w") return { access: "rw", readPv: r as string, writePv: w as string };
    if (keys === "r" || keys === "w" || keys === "rw" || keys === "x") {
      return { access: keys, readPv: pvs[0] as string, writePv: pvs[0] as string };
    }
  }
  throw new PviError(
    `${pv}: the entry "${name}" is ${JSON.stringify(field)}; it has to be one of r, w, r and w, rw, x, d`,
  );
}

function checkAlike(where: string, members: ReadonlyMap<number, PviEntry>): void {
  const kinds = new Set([...members.values()].map((entry) => (isSignal(entry) ? entry.access : "d")));
  if (kinds.size > 1) throw new PviError(`${where}: the members of its vector differ: ${[...kinds].sort().join(", ")}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
