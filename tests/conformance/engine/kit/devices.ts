import type { DataKey, Readings } from "../../../../src/devices/protocols.ts";
import { Status, status } from "../../../../src/devices/status.ts";
import { NoReplayAllowed } from "../../../../src/engine/errors.ts";
import type { How } from "../entry.ts";
import type { Kit } from "./kit.ts";

export const NUMBER: DataKey = { source: "kit", dtype: "number", shape: [] };
export const TIMESTAMP = 100;

/** What devices and plans fail with. */
export class Fail extends Error {
  override readonly name = "Fail";
}

export type Numbers = Readings<Record<string, unknown>>;

export abstract class Device {
  readonly name: string;
  readonly kit: Kit;
  /** How often it was asked what it is. */
  asked = 0;

  constructor(kit: Kit, name: string) {
    this.kit = kit;
    this.name = name;
  }

  /** Writes the call down; answers with what the entry has planned for it, if anything. */
  protected call(method: string, ...details: unknown[]): How | undefined {
    return this.kit.called(this, method, details);
  }

  /** A call that answers with a status. */
  protected act(method: string, ...details: unknown[]): Status {
    return this.started(method, this.call(method, ...details));
  }

  protected started(method: string, how: How | undefined, then?: () => void): Status {
    const name = `${this.name}.${method}`;
    if (how === "pending") {
      let arrive = (): void => {};
      const action = status(
        () =>
          new Promise<void>((resolve) => {
            arrive = resolve;
          }),
      );
      this.kit.pending.set(name, (error) => {
        // A failure is there at once, as in Python.
        if (error !== undefined) return action.cancel(error);
        then?.();
        arrive();
      });
      return action;
    }
    if (how === "status") return Status.failed(new Fail(`${name} failed`));
    then?.();
    return Status.finished();
  }
}

export class Readable extends Device {
  readonly hints: { fields: readonly string[] };
  readonly key: string;

  constructor(kit: Kit, name: string, key = name) {
    super(kit, name);
    this.key = key;
    this.hints = { fields: [name] };
  }

  value(): unknown {
    return 1;
  }

  read(): Numbers {
    if (this.call("read") === "none") return undefined as unknown as Numbers;
    return { [this.key]: { value: this.value(), timestamp: TIMESTAMP } };
  }

  describe(): Record<string, DataKey> {
    this.asked++;
    return { [this.key]: NUMBER };
  }
}

/** Its value depends on where m1 is. */
export class Detector extends Readable {
  override value(): unknown {
    const off = this.kit.m1.position - 1.25;
    return 100 / (1 + off * off);
  }

  trigger(): Status {
    return this.act("trigger");
  }
}

export class Motor extends Readable {
  position: number;
  setpoint: number;

  constructor(kit: Kit, name: string, position: number) {
    super(kit, name);
    this.position = position;
    this.setpoint = position;
  }

  override value(): number {
    return this.position;
  }

  set(value: number): Status {
    const how = this.call("set", value);
    this.setpoint = value;
    return this.started("set", how, () => {
      this.position = value;
    });
  }

  stop(options?: { success?: boolean }): void {
    const name = `${this.name}.set`;
    const success = options?.success ?? true;
    const settle = this.kit.pending.get(name);
    this.call("stop", settle === undefined ? "at rest" : "moving", success);
    if (settle === undefined) return;
    this.kit.pending.delete(name);
    const stay = this.position;
    settle(success ? undefined : new Fail(`${this.name} was stopped`));
    this.position = stay;
  }

  locate(): { setpoint: number; readback: number } {
    this.call("locate");
    return { setpoint: this.setpoint, readback: this.position };
  }
}

export class Signal extends Readable {
  now = 500;
  readonly #subscribers: ((readings: Numbers) => void)[] = [];

  override value(): number {
    return this.now;
  }

  put(value: number): void {
    this.now = value;
    for (const subscriber of [...this.#subscribers]) subscriber(this.#readings());
  }

  subscribe(fn: (readings: Numbers) => void): void {
    this.call("subscribe");
    this.#subscribers.push(fn);
    fn(this.#readings());
  }

  clearSub(fn: (readings: Numbers) => void): void {
    this.call("clear_sub");
    const at = this.#subscribers.indexOf(fn);
    if (at >= 0) this.#subscribers.splice(at, 1);
  }

  #readings(): Numbers {
    return { [this.name]: { value: this.now, timestamp: TIMESTAMP } };
  }
}

export class Configurable extends Detector {
  exposure = 1;

  readConfiguration(): Readings<Record<string, number>> {
    return { [`${this.name}_exposure`]: { value: this.exposure, timestamp: TIMESTAMP } };
  }

  describeConfiguration(): Record<string, DataKey> {
    return { [`${this.name}_exposure`]: NUMBER };
  }

  configure(exposure: number): readonly [object, object] {
    this.call("configure", exposure);
    const old = this.exposure;
    this.exposure = exposure;
    return [{ exposure: old }, { exposure }];
  }
}

/** Answers with what it has staged. */
export class OldStager extends Readable {
  stage(): readonly unknown[] {
    this.call("stage");
    return [this];
  }

  unstage(): readonly unknown[] {
    this.call("unstage");
    return [this];
  }
}

/** Answers with a status. */
export class NewStager extends Readable {
  stage(): Status {
    return this.act("stage");
  }

  unstage(): Status {
    return this.act("unstage");
  }
}

export class Pausable extends Readable {
  pause(): void {
    this.call("pause");
  }

  resume(): void {
    this.call("resume");
  }
}

/** Must not do again what it did. */
export class Refuser extends Pausable {
  override pause(): void {
    this.call("pause");
    throw new NoReplayAllowed("refuser doesn't do it again");
  }
}
