import { Device, type DeviceOptions } from "./device.ts";

/** Children of one type under numbers or names: `new DeviceMap({ 1: chan1, 2: chan2 })` names them `parent-1`, `parent-2`. */
export class DeviceMap<K extends string | number, D extends Device> extends Device {
  readonly #entries = new Map<K, D>();

  constructor(entries: Iterable<readonly [K, D]> | Partial<Readonly<Record<K, D>>> = {}, options: DeviceOptions = {}) {
    super(options);
    const pairs = Symbol.iterator in entries ? entries : (Object.entries(entries) as unknown as Iterable<[K, D]>);
    for (const [key, child] of pairs) this.put(key, child);
  }

  /** Adopts one child more. */
  protected put<C extends D>(key: K, child: C): C {
    this.#entries.set(normalise(key), this.add<C, string>(String(key), child));
    return child;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The child of that key; a key that there is not is an error that lists those there are. */
  get(key: K): D {
    const child = this.#entries.get(normalise(key));
    if (child !== undefined) return child;
    const known = [...this.#entries.keys()].join(", ");
    throw new RangeError(`${this.name} has no child ${String(key)}; it has ${known === "" ? "none" : known}`);
  }

  has(key: K): boolean {
    return this.#entries.has(normalise(key));
  }

  keys(): IterableIterator<K> {
    return this.#entries.keys();
  }

  values(): IterableIterator<D> {
    return this.#entries.values();
  }

  [Symbol.iterator](): IterableIterator<[K, D]> {
    return this.#entries[Symbol.iterator]();
  }
}

/** Keys of an object literal are strings even when they were written as numbers. */
function normalise<K extends string | number>(key: K): K {
  if (typeof key !== "string" || key === "" || String(Number(key)) !== key) return key;
  return Number(key) as unknown as K;
}
