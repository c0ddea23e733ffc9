import type { Device, DeviceOptions } from "./device.ts";
import type { ChildKey, ReservedName } from "./reserved-name.ts";
import { type Kind, StandardReadable } from "./standard-readable.ts";

export interface ChildDefinition<D extends Device = Device> {
  /** `omitted` by default. */
  readonly kind?: Kind;
  /** Makes the child for a device with this prefix, and with what the device's children share. */
  readonly make: (prefix: string, shared: SharedOptions) => D;
}

export type ChildDefinitions = Readonly<Record<string, ChildDefinition>>;

/** Takes the children as they are, but for keys that the device uses itself. */
type Checked<C extends ChildDefinitions> = {
  [K in keyof C]: K extends ReservedName ? ChildKey<K & string> : C[K];
};

/** What the children of a device have in common, handed to whatever makes them. */
export interface SharedOptions {
  /** The EPICS context whose channels its signals use; the process's own by default. */
  readonly context?: any;
}

export interface DefinedDeviceOptions extends DeviceOptions, SharedOptions {}

export type DefinedDevice<C extends ChildDefinitions> = StandardReadable & {
  readonly [K in keyof C]: ReturnType<C[K]["make"]>;
};

export interface DefinedDeviceClass<C extends ChildDefinitions> {
  new (prefix: string, options?: DefinedDeviceOptions): DefinedDevice<C>;
}

/** The definition of one child: `child((p, shared) => epicsSignalR(t.float, p + "RBV", shared), "hinted")`. */
export function child<D extends Device>(make: ChildDefinition<D>["make"], kind: Kind = "omitted"): ChildDefinition<D> {
  return { make, kind };
}

/**
 * A device class from typed data: `class Slit extends defineDevice({ gap: pv.rw(t.float, "GAP", { kind: "hinted" }) }) {}`.
 * An instance takes the prefix that its children's names begin with; they are its properties.
 */
export function defineDevice<const C extends ChildDefinitions>(children: C & Checked<C>): DefinedDeviceClass<C> {
  class Defined extends StandardReadable {
    constructor(prefix: string, options: DefinedDeviceOptions = {}) {
      super(options);
      const shared = options.context === undefined ? {} : { context: options.context };
      for (const [key, { make, kind }] of Object.entries(children as ChildDefinitions)) {
        this.addProperty(key, make(prefix, shared), kind ?? "omitted");
      }
    }
  }
  return Defined as unknown as DefinedDeviceClass<C>;
}
