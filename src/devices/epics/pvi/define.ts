import type { Datatype } from "../../datatype.ts";
import { t } from "../../datatypes.ts";
import type { ConnectOptions, Device, DeviceOptions } from "../../device.ts";
import { DeviceMap } from "../../device-map.ts";
import { failuresAmong, NotConnectedError } from "../../errors.ts";
import type { ChildKey, ReservedName } from "../../reserved-name.ts";
import { type SignalOptions, SignalR, SignalRW, SignalW, SignalX } from "../../signal.ts";
import type { WaitOptions } from "../../signal-backend.ts";
import { type Kind, StandardReadable } from "../../standard-readable.ts";
import { within } from "../changes.ts";
import type { ChannelSource } from "../channel-source.ts";
import { getContext } from "../context.ts";
import { PviBackend } from "./backend.ts";
import { PviPlace } from "./place.ts";
import { PviError } from "./structure.ts";

export type PviSignalOptions<T> = SignalOptions<T> & {
  /** `omitted` by default. */
  readonly kind?: Kind;
};

/** One child of a device that PVI fills: made for an entry, by its name or its number in a vector. */
export interface PviChild<D extends Device = Device> {
  readonly kind?: Kind;
  readonly make: (place: PviPlace, key: string | number) => D;
}

export type PviChildren = Readonly<Record<string, PviChild>>;

/** Takes the children as they are, but for keys that the device uses itself. */
type Checked<C extends PviChildren> = {
  [K in keyof C]: K extends ReservedName ? ChildKey<K & string> : C[K];
};

export interface PviDeviceOptions extends DeviceOptions {
  /** The context whose channels are used; the process's own by default. */
  readonly context?: ChannelSource;
}

export type DefinedPviDevice<C extends PviChildren> = StandardReadable & {
  readonly [K in keyof C]: ReturnType<C[K]["make"]>;
};

export interface PviDeviceClass<D extends StandardReadable = StandardReadable> {
  /** Its PVI structure is the PV `${prefix}PVI`; a part of another device is made with its place in that instead. */
  new (prefix: string | PviPlace, options?: PviDeviceOptions): D;
}

/** How many members a vector has that is connected to stand-ins: `1` and `2`, as ophyd-async has it. */
const MOCK_MEMBERS = [1, 2];

/** The numbered members of a vector; which there are, the structure tells at `connect`. */
class PviMap<D extends Device> extends DeviceMap<number, D> {
  readonly #place: PviPlace;
  readonly #make: (place: PviPlace, key: number) => D;

  constructor(place: PviPlace, make: (place: PviPlace, key: number) => D) {
    super();
    this.#place = place;
    this.#make = make;
  }

  protected override async connectSelf(options: ConnectOptions): Promise<void> {
    const rest = within(options);
    const keys = options.mock === true ? MOCK_MEMBERS : await membersOf(this.#place, rest());
    const added = keys
      .filter((key) => !this.has(key))
      .map((key) => [key, this.put(key, this.#make(this.#place, key))] as const);
    const errors = await failuresAmong(added.map(([key, member]) => [String(key), member.connect(rest())] as const));
    if (errors.size > 0) throw new NotConnectedError(this.name, errors);
  }
}

async function membersOf(place: PviPlace, options: WaitOptions): Promise<number[]> {
  place.forget();
  const { pv, entries, members } = await place.structure(options);
  if (members.size === 0 && entries.size > 0)
    throw new PviError(`${pv} is no vector: it has ${[...entries.keys()].join(", ")}`);
  return [...members.keys()].sort((a, b) => a - b);
}

/**
 * Children of `definePviDevice`. A child is called as its entry; `_` is left off at the end, for entries whose names a device uses
 * itself: `name_` is the entry `name`.
 */
export const pvi = {
  r: <T>(datatype: Datatype<T>, options: PviSignalOptions<T> = {}): PviChild<SignalR<T>> =>
    signal(options, (place, key) => new SignalR(new PviBackend(datatype, place, key, "r"), options)),
  rw: <T>(datatype: Datatype<T>, options: PviSignalOptions<T> = {}): PviChild<SignalRW<T>> =>
    signal(options, (place, key) => new SignalRW(new PviBackend(datatype, place, key, "rw"), options)),
  w: <T>(datatype: Datatype<T>, options: PviSignalOptions<T> = {}): PviChild<SignalW<T>> =>
    signal(options, (place, key) => new SignalW(new PviBackend(datatype, place, key, "w"), options)),
  /** A command: `trigger()` starts it and waits for its end. */
  x: (options: PviSignalOptions<any> & { readonly value?: unknown } = {}): PviChild<SignalX> =>
    signal(options, (place, key) => new SignalX(new PviBackend(t.any, place, key, "x"), options)),
  /** A device of a class that `definePviDevice` made. */
  device: <D extends StandardReadable>(
    Class: PviDeviceClass<D>,
    { kind = "omitted" }: { kind?: Kind } = {},
  ): PviChild<D> => ({
    kind,
    make: (place, key) => new Class(place.below(key)),
  }),
  /** A vector of what another entry of this table makes: `pvi.map(pvi.device(Pulse))`. */
  map: <D extends Device>(member: PviChild<D>): PviChild<DeviceMap<number, D>> => ({
    make: (place, key) => new PviMap(place.below(key), member.make),
  }),
};

function signal<D extends Device>({ kind }: { readonly kind?: Kind }, make: PviChild<D>["make"]): PviChild<D> {
  return { make, ...(kind === undefined ? {} : { kind }) };
}

/**
 * A device class whose PVs its PVI structure tells: `class Pulse extends definePviDevice({ delay: pvi.rw(t.float) }) {}` and
 * `new Pulse("PANDA:PULSE1:")`. What is declared has to be there, with a datatype that fits; what the structure has beyond that is left
 * alone. Connecting again reads the structure anew.
 */
export function definePviDevice<const C extends PviChildren>(
  children: C & Checked<C>,
): PviDeviceClass<DefinedPviDevice<C>> {
  class Defined extends StandardReadable {
    readonly #place: PviPlace;

    constructor(prefix: string | PviPlace, options: PviDeviceOptions = {}) {
      super(options);
      const { context } = options;
      const place = typeof prefix === "string" ? PviPlace.at(`${prefix}PVI`, () => context ?? getContext()) : prefix;
      this.#place = place;
      for (const [key, { make, kind }] of Object.entries(children as PviChildren)) {
        this.addProperty(key, make(place, key.replace(/_$/, "")), kind ?? "omitted");
      }
    }

    protected override connectSelf({ mock }: ConnectOptions): void {
      if (mock !== true) this.#place.forget();
    }
  }
  return Defined as unknown as PviDeviceClass<DefinedPviDevice<C>>;
}
