import { failuresAmong, NotConnectedError } from "./errors.ts";
import { type InspectOptions, treeOf } from "./inspect.ts";
import type { ChildKey } from "./reserved-name.ts";
import type { WaitOptions } from "./signal-backend.ts";
import { summaryOf } from "./summary.ts";

export interface ConnectOptions extends WaitOptions {
  /** Connect to stand-ins in memory instead of the control system; false by default. */
  readonly mock?: boolean;
  /** Connect again, and check again, what is connected already; false by default. */
  readonly force?: boolean;
}

export interface DeviceOptions {
  /** Empty by default: then the names of children are their bare keys. */
  readonly name?: string;
  /** Between the names of parent and child; `-` by default. Children inherit it. */
  readonly separator?: string;
}

export interface ChildOptions {
  /** The child is named as its parent: for the one reading that stands for the whole device. */
  readonly transparent?: boolean;
}

interface Place {
  readonly parent: Device;
  readonly key: string;
  readonly transparent: boolean;
}

/** Where a device itself fails beside its children, and what is no key of a child. */
const ITSELF = "(itself)";
/** Most nodes are signals, and have no children: they share this map, which stays empty. */
const CHILDLESS = new Map<string, Device>();

/** A node of the device tree: it has a name that follows from its place, children, and a connection that covers all below it. */
export class Device implements AsyncDisposable {
  #name: string;
  #separator: string | undefined;
  #place: Place | undefined;
  #children: Map<string, Device> = CHILDLESS;
  #connection: { mock: boolean; promise: Promise<void> } | undefined;

  constructor(options: DeviceOptions = {}) {
    this.#name = options.name ?? "";
    this.#separator = options.separator;
  }

  /** Computed from the path: a renamed parent renames all below it. */
  get name(): string {
    const place = this.#place;
    if (place === undefined) return this.#name;
    if (place.transparent) return place.parent.name;
    const prefix = place.parent.name;
    return prefix === "" ? place.key : `${prefix}${this.separator}${place.key}`;
  }

  get separator(): string {
    return this.#separator ?? this.#place?.parent.separator ?? "-";
  }

  get parent(): Device | undefined {
    return this.#place?.parent;
  }

  /** The children by their keys, in the order in which they were added. */
  get children(): ReadonlyMap<string, Device> {
    return this.#children;
  }

  /** Renames a device that has no parent, and so all below it. */
  rename(name: string, options: { separator?: string } = {}): void {
    if (this.#place !== undefined) {
      throw new TypeError(`${this.name} is named by its parent ${this.#place.parent.name}; rename that one`);
    }
    this.#name = name;
    if (options.separator !== undefined) this.#separator = options.separator;
  }

  /** Adopts a child and returns it: `readonly x = this.add("x", new Motor(...))`. A child has one parent for good. */
  protected add<D extends Device, K extends string>(key: K & ChildKey<K>, child: D, options: ChildOptions = {}): D {
    const former = child.parent;
    if (former !== undefined) {
      throw new TypeError(
        `Cannot set the parent of ${child.name} to be ${this.name}: it is already a child of ${former.name}`,
      );
    }
    if (this.#children.has(key)) throw new TypeError(`${this.#title()} has a child "${key}" already`);
    child.#place = { parent: this, key, transparent: options.transparent ?? false };
    if (this.#children === CHILDLESS) this.#children = new Map();
    this.#children.set(key, child);
    return child;
  }

  /**
   * Connects all of the tree at once; 10 s by default. What is connected stays so and what failed is tried again by the next call.
   * Rejects with a `NotConnectedError` that shows what failed; the rest is usable. With the reason of its signal when that was aborted.
   */
  connect(options: ConnectOptions = {}): Promise<void> {
    const mock = options.mock ?? false;
    const current = this.#connection;
    if (current !== undefined && current.mock === mock && options.force !== true) return current.promise;
    const promise = this.#connectAll({ ...options, mock });
    const connection = { mock, promise };
    this.#connection = connection;
    promise.catch(() => {
      if (this.#connection === connection) this.#connection = undefined;
    });
    return promise;
  }

  /** Connects unless it was connected before, in whichever way. */
  connectIfNew(options: ConnectOptions = {}): Promise<void> {
    return this.#connection?.promise ?? this.connect(options);
  }

  /** Whether it was connected, or is just being connected. */
  protected get connecting(): boolean {
    return this.#connection !== undefined;
  }

  /** Gives back what the tree holds: monitors, channels. It can be connected again. */
  async dispose(): Promise<void> {
    this.#connection = undefined;
    await Promise.all([...this.#children.values()].map((child) => child.dispose()));
    await this.disposeSelf();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  /**
   * The device as a person reads it: each signal below it with its kind, value, alarm, datatype and source. Asks for the values;
   * one that can't be read shows its error.
   */
  summary(): Promise<string> {
    return summaryOf(this);
  }

  /** On one line: what it is, its name, and for a signal its value and state. */
  toString(): string {
    return this.name === "" ? this.constructor.name : `${this.constructor.name}(${JSON.stringify(this.name)})`;
  }

  /** For `console.log`: the device with all below it, or the one line when it is a part of something else. */
  [Symbol.for("nodejs.util.inspect.custom")](depth: number | null, options: InspectOptions): string {
    if (depth === null) return treeOf(this, Number.POSITIVE_INFINITY);
    return depth === options.depth ? treeOf(this, depth + 1) : this.toString();
  }

  /** What this node itself has to connect, its children apart. */
  protected connectSelf(_options: ConnectOptions): Promise<void> | void {}

  /** Called after the tree below it was connected to stand-ins: the place to give them a behaviour. */
  protected onMocked(): void {}

  protected disposeSelf(): Promise<void> | void {}

  async #connectAll(options: ConnectOptions): Promise<void> {
    const own = this.connectSelf(options);
    if (this.#children.size === 0) {
      await own;
      if (options.mock) this.onMocked();
      return;
    }
    const children = [...this.#children].map(([key, child]) => [key, child.connect(options)] as const);
    const errors = await failuresAmong([...children, [ITSELF, own]]);
    const ownError = errors.get(ITSELF);
    if (errors.size > 0) {
      options.signal?.throwIfAborted();
      if (ownError !== undefined && errors.size === 1) throw ownError;
      throw common(errors) ?? new NotConnectedError(this.#title(), errors);
    }
    if (options.mock) this.onMocked();
  }

  #title(): string {
    return this.name === "" ? this.constructor.name : this.name;
  }
}

/** The one error that several children share word for word: then it is none of theirs, and stands for itself. */
function common(errors: ReadonlyMap<string, Error>): Error | undefined {
  const [first, ...others] = errors.values();
  return others.length > 0 && others.every(({ message }) => message === first?.message) ? first : undefined;
}
