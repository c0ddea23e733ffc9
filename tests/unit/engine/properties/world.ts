import type { DataKey, PartialEventPage, Readings } from "../../../../src/devices/protocols.ts";
import { Status, status } from "../../../../src/devices/status.ts";

/** What a call of a device does instead of going well: throw at once, fail at once, or fail a moment later. */
export type How = "throws" | "fails" | "fails late";

/** One call of one method that goes wrong: the nth of it, from 1 on. */
export interface Fault {
  readonly method: string;
  readonly call: number;
  readonly how: How;
}

const NUMBER: DataKey = { source: "test", dtype: "number", shape: [] };
const LATE_MS = 1;

/** Devices that write down what they are told, and of which some calls go wrong. */
export class World {
  readonly calls: string[] = [];
  readonly devices: WorldDevice[] = [];
  readonly #faults: readonly Fault[];
  readonly #counts = new Map<string, number>();

  constructor(faults: readonly Fault[]) {
    this.#faults = faults;
  }

  /** Writes a call down; throws, or tells what is to go wrong with it. */
  called(name: string, method: string): How | undefined {
    this.calls.push(`${name}.${method}`);
    const count = (this.#counts.get(method) ?? 0) + 1;
    this.#counts.set(method, count);
    const fault = this.#faults.find((each) => each.method === method && each.call === count);
    if (fault?.how === "throws") throw wrong(name, method);
    return fault?.how;
  }

  /** What goes on, is staged or is watched, as a list of complaints. */
  get unfinished(): string[] {
    return this.devices.flatMap((device) => device.unfinished.map((what) => `${device.name} ${what}`));
  }
}

function wrong(name: string, method: string): Error {
  return new Error(`${method} of ${name} went wrong`);
}

abstract class WorldDevice {
  readonly name: string;
  protected readonly world: World;

  constructor(world: World, name: string) {
    this.world = world;
    this.name = name;
    world.devices.push(this);
  }

  get unfinished(): string[] {
    return [];
  }

  /** An action that ends after `ms`, at once with 0, and goes as the world says. */
  protected action(method: string, ms: number, done: () => void): Status {
    const how = this.world.called(this.name, method);
    const error = wrong(this.name, method);
    if (how === "fails") return Status.failed(error);
    if (ms === 0 && how === undefined) {
      done();
      return Status.finished();
    }
    return status(async ({ signal }) => {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, how === undefined ? ms : LATE_MS);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(new Error(`${this.name} was stopped`));
        });
      });
      if (how !== undefined) throw error;
      done();
    });
  }

  protected async answer<T>(method: string, value: T): Promise<T> {
    const how = this.world.called(this.name, method);
    if (how !== undefined) throw wrong(this.name, method);
    return value;
  }
}

export class WorldMotor extends WorldDevice {
  ms = 0;
  position = 0;
  /** When a stop was written to it, in the time of `performance.now()`. */
  stoppedAt: number | undefined;
  readonly #moves = new Set<Status>();

  get isMoving(): boolean {
    return this.#moves.size > 0;
  }

  override get unfinished(): string[] {
    return this.isMoving ? ["moves"] : [];
  }

  set(value: number): Status {
    const move = this.action("set", this.ms, () => {
      this.position = value;
    });
    this.#moves.add(move);
    move.onDone(() => this.#moves.delete(move));
    return move;
  }

  stop(): void {
    this.stoppedAt = performance.now();
    for (const move of [...this.#moves]) move.cancel("stopped");
    this.world.called(this.name, "stop");
  }

  async read(): Promise<Readings<Record<string, number>>> {
    return this.answer("read", { [this.name]: { value: this.position, timestamp: Date.now() / 1000 } });
  }

  describe(): Record<string, DataKey> {
    return { [this.name]: NUMBER };
  }
}

export class WorldDetector extends WorldDevice {
  trigger(): Status {
    return this.action("trigger", 0, () => {});
  }

  read(): Readings<Record<string, number>> {
    this.world.called(this.name, "read");
    return { [this.name]: { value: 1, timestamp: Date.now() / 1000 } };
  }

  describe(): Record<string, DataKey> {
    return { [this.name]: NUMBER };
  }
}

export class WorldStage extends WorldDevice {
  #isStaged = false;

  override get unfinished(): string[] {
    return this.#isStaged ? ["is staged"] : [];
  }

  stage(): Status {
    this.world.called(this.name, "stage");
    this.#isStaged = true;
    return Status.finished();
  }

  /** One that fails has been told to all the same. */
  unstage(): Status {
    this.#isStaged = false;
    return this.action("unstage", 0, () => {});
  }
}

/** It flies until `complete` has ended or it is stopped. */
export class WorldFlyer extends WorldDevice {
  isFlying = false;
  stoppedAt: number | undefined;
  rows = 1;
  readonly #key = `${this.name}_x`;

  override get unfinished(): string[] {
    return this.isFlying ? ["flies"] : [];
  }

  kickoff(): Status {
    const kickoff = this.action("kickoff", 0, () => {});
    this.isFlying = true;
    return kickoff;
  }

  complete(): Status {
    return this.action("complete", 1, () => {
      this.isFlying = false;
    });
  }

  stop(): void {
    this.stoppedAt = performance.now();
    this.isFlying = false;
    this.world.called(this.name, "stop");
  }

  describeCollect(): Record<string, Record<string, DataKey>> {
    return { [this.name]: { [this.#key]: NUMBER } };
  }

  async *collectPages(): AsyncGenerator<PartialEventPage> {
    await this.answer("collect", undefined);
    const column = Float64Array.from({ length: this.rows }, (_, row) => row + 1);
    yield { data: { [this.#key]: column }, timestamps: { [this.#key]: column }, time: column };
  }
}

export class WorldBeam extends WorldDevice {
  readonly #subscribers = new Set<(readings: Readings<Record<string, number>>) => void>();

  override get unfinished(): string[] {
    return this.#subscribers.size > 0 ? ["is monitored"] : [];
  }

  read(): Readings<Record<string, number>> {
    return { [this.name]: { value: 500, timestamp: Date.now() / 1000 } };
  }

  describe(): Record<string, DataKey> {
    return { [this.name]: NUMBER };
  }

  update(): void {
    for (const subscriber of this.#subscribers) subscriber(this.read());
  }

  subscribe(fn: (readings: Readings<Record<string, number>>) => void): void {
    this.world.called(this.name, "subscribe");
    this.#subscribers.add(fn);
    fn(this.read());
  }

  clearSub(fn: (readings: Readings<Record<string, number>>) => void): void {
    this.#subscribers.delete(fn);
    this.world.called(this.name, "clearSub");
  }
}
