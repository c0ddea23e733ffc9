import type { Faults, How } from "../entry.ts";
import * as devices from "./devices.ts";
import * as flyers from "./flyers.ts";

export { Fail } from "./devices.ts";

type Settle = (error?: Error) => void;

/** Has a name and nothing else. */
class Bare {
  readonly name = "bare";
}

/** The devices of the corpus, as in kit.py; every call of a device is written in the journal. */
export class Kit {
  readonly journal: unknown[][] = [];
  readonly pending = new Map<string, Settle>();
  readonly det = new devices.Detector(this, "det");
  readonly det2 = new devices.Detector(this, "det2");
  readonly m1 = new devices.Motor(this, "m1", 3);
  readonly m2 = new devices.Motor(this, "m2", -1.5);
  readonly signal = new devices.Signal(this, "signal");
  readonly signal2 = new devices.Signal(this, "signal2");
  readonly conf = new devices.Configurable(this, "conf");
  readonly stager = new devices.OldStager(this, "stager");
  readonly stager2 = new devices.NewStager(this, "stager2");
  readonly pausable = new devices.Pausable(this, "pausable");
  readonly refuser = new devices.Refuser(this, "refuser");
  readonly twin = new devices.Detector(this, "twin", "det");
  readonly flyer = new flyers.EventFlyer(this, "flyer");
  readonly pager = new flyers.PageFlyer(this, "pager");
  readonly twins = new flyers.Twins(this, "twins");
  readonly writer1 = new flyers.FileWriter(this, "writer1");
  readonly writer2 = new flyers.FileWriter(this, "writer2");
  readonly frames = new flyers.Frames(this, "frames");
  readonly camera = new flyers.Camera(this, "camera");
  readonly bare = new Bare();
  readonly #calls = new Map<string, number>();
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  called(device: { name: string }, method: string, details: readonly unknown[]): How | undefined {
    const name = `${device.name}.${method}`;
    // When a device is read is its engine's affair; what was read stands in the documents.
    if (method !== "read") this.journal.push([name, ...details]);
    const nth = (this.#calls.get(name) ?? 0) + 1;
    this.#calls.set(name, nth);
    const fault = this.#faults[name];
    if (fault === undefined || (fault.call ?? nth) !== nth) return undefined;
    if (fault.how === "raise") throw new devices.Fail(`${name} failed`);
    return fault.how;
  }

  /** Ends a pending action: the move arrives, the trigger is done, or it fails. Nothing happens when it was stopped before. */
  settle(name: string, error?: Error): void {
    const settle = this.pending.get(name);
    this.pending.delete(name);
    settle?.(error);
  }
}

export function isDevice(value: unknown): value is { name: string } {
  return value instanceof devices.Device || value instanceof Bare;
}
