import { t } from "../../datatypes.ts";
import type { Device } from "../../device.ts";
import { DeviceMap } from "../../device-map.ts";
import { isReserved } from "../../reserved-name.ts";
import type { WaitOptions } from "../../signal-backend.ts";
import { StandardReadable } from "../../standard-readable.ts";
import { type Remaining, within } from "../changes.ts";
import type { ChannelSource } from "../channel-source.ts";
import { getContext } from "../context.ts";
import { type EpicsSignalOptions, epicsSignalR, epicsSignalRW, epicsSignalW, epicsSignalX } from "../signals.ts";
import type { PviDeviceOptions } from "./define.ts";
import { isSignal, type PviDeviceEntry, type PviEntry, PviError, type PviSignal, readPvi } from "./structure.ts";

/** What a PVI tree has, as it is: each entry of a structure is a child and a property. */
export class PviDevice extends StandardReadable {
  /** The PV of its structure. */
  readonly pv: string;

  constructor(pv: string, entries: Iterable<readonly [string, Device]>, options: PviDeviceOptions = {}) {
    super(options);
    this.pv = pv;
    for (const [name, child] of entries) {
      this.addProperty(isReserved(name, this) ? `${name}_` : name, child, "omitted");
    }
  }
}

/**
 * Reads the PVI structure `${prefix}PVI` and all below it and makes a device of what is there; `connect` it as any other. Signals have the
 * types of their channels, devices are `PviDevice`s, vectors are `DeviceMap`s; an entry whose name a device uses itself gets a `_`.
 * Rejects with a `PviError` for a structure that is none or a vector by itself, and as a read does when one can't be had in time.
 * To have the types checked, write a class with `definePviDevice`, or have `cerulean pvi` write it.
 */
export async function pviDevice(
  prefix: string,
  options: PviDeviceOptions & WaitOptions = {},
): Promise<PviDevice & { readonly [child: string]: any }> {
  const { context = getContext() } = options;
  const tree = new Tree(context, within(options));
  const device = await tree.device({ pv: `${prefix}PVI` }, [], options);
  if (device instanceof PviDevice) return device;
  throw new PviError(
    `${prefix}PVI is a vector: give the prefix of the device that it is a part of, or of one of its members`,
  );
}

class Tree {
  readonly #context: ChannelSource;
  readonly #rest: () => Remaining;

  constructor(context: ChannelSource, rest: () => Remaining) {
    this.#context = context;
    this.#rest = rest;
  }

  async device(entry: PviDeviceEntry, above: readonly string[], options: PviDeviceOptions = {}): Promise<Device> {
    if ("members" in entry) return this.#vector(entry.members, above);
    const { pv } = entry;
    if (above.includes(pv)) throw new PviError(`${pv} contains itself, by way of ${above.join(", ")}`);
    const { entries, members } = await readPvi(pv, this.#context, this.#rest());
    const path = [...above, pv];
    if (members.size > 0) return this.#vector(members, path, entries);
    const children = [...entries].map(async ([name, one]) => [name, await this.#child(one, path)] as const);
    return new PviDevice(pv, await Promise.all(children), options);
  }

  /** What has names beside the numbers follows the members. */
  async #vector(
    members: ReadonlyMap<number, PviEntry>,
    path: readonly string[],
    named: ReadonlyMap<string, PviEntry> = new Map(),
  ): Promise<Device> {
    const numbered = [...members].sort(([a], [b]) => a - b);
    const children = [...numbered, ...named].map(
      async ([key, entry]) => [key, await this.#child(entry, path)] as const,
    );
    return new DeviceMap<number | string, Device>(await Promise.all(children));
  }

  #child(entry: PviEntry, path: readonly string[]): Promise<Device> | Device {
    return isSignal(entry) ? this.#signal(entry) : this.device(entry, path);
  }

  #signal({ access, readPv, writePv }: PviSignal): Device {
    const options: EpicsSignalOptions<any> = { context: this.#context };
    const [read, write] = [`pva://${readPv}`, `pva://${writePv}`];
    if (access === "r") return epicsSignalR(t.any, read, options);
    if (access === "rw") return epicsSignalRW(t.any, read, write, options);
    return access === "w" ? epicsSignalW(t.any, write, options) : epicsSignalX(write, options);
  }
}
