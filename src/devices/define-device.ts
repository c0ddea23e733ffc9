import type { Device, DeviceOptions } from "./device.ts";
import { type Kind, StandardReadable } from "./standard-readable.ts";

/** What a device class uses itself, so that no child can have the name. */
export type ReservedName =
  | keyof StandardReadable
  | "set"
  | "trigger"
  | "locate"
  | "checkValue"
  | "prepare"
  | "kickoff"
  | "complete"
  | "describeCollect"
  | "collect"
  | "collectPages"
  | "collectAssetDocs"
  | "getIndex"
  | "subscribe"
  | "clearSub"
  | "pause"
  | "resume"
  | "stop"
  | "rewindable"
  | "add"
  | "addReadable";

export interface ChildDefinition<D extends Device = Device> {
  /** `omitted` by default. */
  readonly kind?: Kind;
  /** Makes the child for a device with this prefix. */
  readonly make: (prefix: string) => D;
}

export type ChildDefinitions = Readonly<Record<string, ChildDefinition>>;

/** A type error that can be read: the key is in use by the device itself. */
type Checked<C extends ChildDefinitions> = {
  [K in keyof C]: K extends ReservedName ? `"${K & string}" is reserved; use "${K & string}_"` : C[K];
};

export type DefinedDevice<C extends ChildDefinitions> = StandardReadable & {
  readonly [K in keyof C]: ReturnType<C[K]["make"]>;
};

export interface DefinedDeviceClass<C extends ChildDefinitions> {
  new (prefix: string, options?: DeviceOptions): DefinedDevice<C>;
}

/** The definition of one child: `child(p => epicsSignalR(t.float, p + "RBV"), "hinted")`. */
export function child<D extends Device>(make: (prefix: string) => D, kind: Kind = "omitted"): ChildDefinition<D> {
  return { make, kind };
}

/**
 * A device class from typed data: `class Slit extends defineDevice({ gap: pv.rw(t.float, "GAP", { kind: "hinted" }) }) {}`.
 * An instance takes the prefix that its children's names begin with; they are its properties.
 */
export function defineDevice<const C extends ChildDefinitions>(children: C & Checked<C>): DefinedDeviceClass<C> {
  class Defined extends StandardReadable {
    constructor(prefix: string, options: DeviceOptions = {}) {
      super(options);
      for (const [key, { make, kind }] of Object.entries(children as ChildDefinitions)) {
        if (key in this) throw new TypeError(`a child can't be called "${key}": the device itself uses that name`);
        const made = this.addReadable(key, make(prefix), kind ?? "omitted");
        Object.defineProperty(this, key, { value: made, enumerable: true });
      }
    }
  }
  return Defined as unknown as DefinedDeviceClass<C>;
}
