import type { DataKey } from "../documents/document.ts";
import { type ChildOptions, Device } from "./device.ts";
import type { Hints, Reading, RestorePoint } from "./protocols.ts";
import { type ChildKey, isReserved } from "./reserved-name.ts";
import { SignalR, type SignalRW } from "./signal.ts";
import { StagedValues } from "./staged-values.ts";
import { isStatus } from "./status.ts";

/**
 * How a child takes part in its parent's readings. `hinted` and `normal` are read, from the monitor while staged; `uncached` and
 * `hinted-uncached` are read and never monitored; `config` goes into the configuration; `omitted` into nothing.
 */
export type Kind = "hinted" | "normal" | "config" | "omitted" | "uncached" | "hinted-uncached";

interface Member {
  readonly child: Device;
  readonly kind: Kind;
}

/** The methods by which a child device that is no signal gives its share. */
interface Share {
  read?(): unknown;
  describe?(): unknown;
  readConfiguration?(): unknown;
  describeConfiguration?(): unknown;
  stage?(): unknown;
  unstage?(): unknown;
  readonly hints?: Hints;
}

type Method = "read" | "describe" | "readConfiguration" | "describeConfiguration";

/** A device whose readings, configuration and hints are those of its children, by their kinds. */
export class StandardReadable extends Device {
  readonly #members = new Map<string, Member>();
  readonly #staged = new StagedValues();

  /** Adopts a child with its kind and returns it. A signal of kind `config`, `hinted` or `normal` must be readable. */
  protected addReadable<D extends Device, K extends string>(
    key: K & ChildKey<K>,
    child: D,
    kind: Kind,
    options: ChildOptions = {},
  ): D {
    if (kind !== "omitted" && typeof (child as Share).read !== "function") {
      throw new TypeError(`the child "${key}" can't be read, so its kind can't be "${kind}"; make it "omitted"`);
    }
    this.add<D, string>(key, child, options);
    this.#members.set(key, { child, kind });
    return child;
  }

  /** Adopts a child whose key is known at run time only, as a property, too. */
  protected addProperty(key: string, child: Device, kind: Kind): void {
    if (isReserved(key, this)) {
      throw new TypeError(`a child can't be called "${key}": the device itself uses that name; use "${key}_"`);
    }
    this.addReadable<Device, string>(key, child, kind);
    Object.defineProperty(this, key, { value: child, enumerable: true });
  }

  /** Lets a device further down, which has its parent already, take part as a child does. */
  protected include(device: Device, kind: Kind): void {
    this.#members.set(device.name, { child: device, kind });
  }

  /** How the child of that key takes part; undefined when it does not. */
  kindOf(key: string): Kind | undefined {
    return this.#members.get(key)?.kind;
  }

  /**
   * The signal has this value while the device is staged: `det.stageWith(det.cam.imageMode, "Multiple")`. Values are set in the order of these
   * calls, before the children are staged; `unstage` puts back what was there, the last first.
   */
  stageWith<T>(signal: SignalRW<T>, value: T): this {
    this.#staged.want(signal, value);
    return this;
  }

  /** What staging changes, for putting it back after a crash. */
  recoverable(): Promise<readonly RestorePoint[]> {
    return this.#staged.recoverable();
  }

  get hints(): Hints {
    const fields: string[] = [];
    for (const { child, kind } of this.#members.values()) {
      const wanted = kind.startsWith("hinted") || (kind === "normal" && !(child instanceof SignalR));
      for (const field of wanted ? ((child as Share).hints?.fields ?? []) : []) {
        if (fields.includes(field)) throw new TypeError(`Hint field ${field} of ${this.name} is given twice`);
        fields.push(field);
      }
    }
    return fields.length === 0 ? {} : { fields };
  }

  read(): Promise<Record<string, Reading>> {
    return this.#gather("read", isRead);
  }

  describe(): Promise<Record<string, DataKey>> {
    return this.#gather("describe", isRead);
  }

  readConfiguration(): Promise<Record<string, Reading>> {
    return this.#gather("readConfiguration", () => true);
  }

  describeConfiguration(): Promise<Record<string, DataKey>> {
    return this.#gather("describeConfiguration", () => true);
  }

  async stage(): Promise<void> {
    await this.#staged.stage();
    await this.#each("stage");
  }

  async unstage(): Promise<void> {
    try {
      await this.#each("unstage");
    } finally {
      await this.#staged.unstage();
    }
  }

  async #each(method: "stage" | "unstage"): Promise<void> {
    const answers: unknown[] = [];
    for (const { child, kind } of this.#members.values()) {
      if (kind === "omitted" || kind === "config" || kind.endsWith("uncached")) continue;
      const answer = (child as Share)[method]?.();
      answers.push(isStatus(answer) ? answer.wait() : answer);
    }
    await Promise.all(answers);
  }

  async #gather<V>(method: Method, wanted: (kind: Kind) => boolean): Promise<Record<string, V>> {
    const parts: unknown[] = [];
    for (const { child, kind } of this.#members.values()) {
      if (kind === "omitted" || !wanted(kind)) continue;
      parts.push(this.#ask(child, kind, method));
    }
    const merged: Record<string, V> = {};
    for (const part of (await Promise.all(parts)) as (Record<string, V> | undefined)[]) {
      for (const [key, value] of Object.entries(part ?? {})) {
        if (key in merged) throw new TypeError(`Duplicate key ${key} in ${this.name}; have its devices been named?`);
        merged[key] = value;
      }
    }
    return merged;
  }

  #ask(child: Device, kind: Kind, method: Method): unknown {
    if (!(child instanceof SignalR)) return (child as Share)[method]?.();
    if (method === "read") return child.read(kind.endsWith("uncached") ? { cached: false } : {});
    if (method === "describe") return child.describe();
    if (kind !== "config") return undefined;
    return method === "readConfiguration" ? child.read() : child.describe();
  }
}

function isRead(kind: Kind): boolean {
  return kind !== "config";
}
