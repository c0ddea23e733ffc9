import type { WaitOptions } from "../../signal-backend.ts";
import { within } from "../changes.ts";
import type { ChannelSource } from "../channel-source.ts";
import {
  isSignal,
  type PviAccess,
  type PviDeviceEntry,
  type PviEntry,
  PviError,
  type PviSignal,
  type PviStructure,
  readPvi,
} from "./structure.ts";

/** Which accesses serve what is asked for. */
const SERVES: Readonly<Record<PviAccess, readonly PviAccess[]>> = {
  r: ["r", "rw"],
  w: ["w", "rw"],
  rw: ["rw"],
  x: ["x"],
};

/** Where a device stands in a tree of PVI structures. Its structure is read when it is first asked for, and anew after a failure. */
export class PviPlace {
  readonly #name: string;
  readonly #source: () => ChannelSource;
  readonly #find: (options: WaitOptions) => Promise<PviDeviceEntry>;
  #structure: Promise<PviStructure> | undefined;

  private constructor(
    name: string,
    source: () => ChannelSource,
    find: (options: WaitOptions) => Promise<PviDeviceEntry>,
  ) {
    this.#name = name;
    this.#source = source;
    this.#find = find;
  }

  static at(pv: string, source: () => ChannelSource): PviPlace {
    return new PviPlace(pv, source, async () => ({ pv }));
  }

  get source(): () => ChannelSource {
    return this.#source;
  }

  /** The place of a device below this one. */
  below(key: string | number): PviPlace {
    const name = this.nameOf(key);
    return new PviPlace(name, this.#source, async (options) => {
      const entry = await this.#entry(key, options);
      if (isSignal(entry)) throw new PviError(`${name} is a signal with ${entry.access}, and a device is asked for`);
      return entry;
    });
  }

  async signal(key: string | number, access: PviAccess, options: WaitOptions): Promise<PviSignal> {
    const entry = await this.#entry(key, options);
    if (isSignal(entry) && SERVES[access].includes(entry.access)) return entry;
    const served = isSignal(entry) ? `a signal with ${entry.access}` : "a device";
    throw new PviError(`${this.nameOf(key)} is ${served}, and a signal with ${access} is asked for`);
  }

  /** For messages and sources: the PV of the structure, and the way to the entry. */
  nameOf(key: string | number): string {
    return typeof key === "number" ? `${this.#name}[${key}]` : `${this.#name}.${key}`;
  }

  structure(options: WaitOptions): Promise<PviStructure> {
    this.#structure ??= this.#read(options).catch((error: unknown) => {
      this.#structure = undefined;
      throw error;
    });
    return this.#structure;
  }

  /** The next one who asks has it read anew. */
  forget(): void {
    this.#structure = undefined;
  }

  async #read(options: WaitOptions): Promise<PviStructure> {
    const rest = within(options);
    const found = await this.#find(rest());
    if ("members" in found) return { pv: this.#name, entries: new Map(), members: found.members };
    return readPvi(found.pv, this.#source(), rest());
  }

  async #entry(key: string | number, options: WaitOptions): Promise<PviEntry> {
    const { pv, entries, members } = await this.structure(options);
    const entry = typeof key === "number" ? members.get(key) : entries.get(key);
    if (entry !== undefined) return entry;
    const known = [...(typeof key === "number" ? members : entries).keys()].join(", ");
    throw new PviError(`${pv} has no entry ${JSON.stringify(key)}; it has ${known === "" ? "none" : known}`);
  }
}
