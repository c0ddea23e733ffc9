import { type Readable, type Reading, type Readings, type Subscribable, supports } from "../devices/protocols.ts";
import { nameOf } from "./groups.ts";

type Update = () => void;

/** Updates of monitors on their way to documents. The engine takes them out between messages. */
export class MonitorQueue {
  readonly #size: number;
  readonly #wake: () => void;
  #updates: Update[] = [];
  #overflow: Error | undefined;

  constructor(size: number, wake: () => void) {
    this.#size = size;
    this.#wake = wake;
  }

  /** Whether there is something to take out, or an update that there was no room for. */
  get isDue(): boolean {
    return this.#updates.length > 0 || this.#overflow !== undefined;
  }

  push(device: unknown, update: Update): void {
    if (this.#updates.length >= this.#size) {
      this.#overflow ??= new Error(
        `the monitor of ${nameOf(device)} fails the run: ${this.#size} updates wait already; use a slower monitor, a faster sink or a larger monitorQueueSize`,
      );
    } else {
      this.#updates.push(update);
    }
    // The loop is woken for the first only: it takes all that there are.
    if (this.#updates.length === 1 || this.#overflow !== undefined) this.#wake();
  }

  /** Makes documents of all that wait. Throws when one can't be made, or when there were too many. */
  drain(): void {
    const updates = this.#updates;
    this.#updates = [];
    let failed: unknown = this.#overflow;
    this.#overflow = undefined;
    for (const update of updates) {
      try {
        update();
      } catch (error) {
        failed ??= error;
      }
    }
    if (failed !== undefined) throw failed;
  }
}

/** One object whose updates become events of a stream of their own, until `end`. */
export class Monitor {
  readonly #device: Subscribable;
  readonly #queue: MonitorQueue;
  readonly #emit: (readings: Readings<any>) => void;
  #isSubscribed = false;
  #isOver = false;

  constructor(device: Subscribable, queue: MonitorQueue, emit: (readings: Readings<any>) => void) {
    this.#device = device;
    this.#queue = queue;
    this.#emit = emit;
  }

  start(): void {
    if (this.#isSubscribed) return;
    this.#isSubscribed = true;
    this.#device.subscribe(this.#update);
  }

  suspend(): void {
    if (!this.#isSubscribed) return;
    this.#isSubscribed = false;
    this.#device.clearSub(this.#update);
  }

  end(): void {
    this.#isOver = true;
    this.suspend();
  }

  readonly #update = (update: unknown): void => {
    if (this.#isOver) return;
    if (isReadings(update)) this.#queue.push(this.#device, () => this.#emit(update));
    else void this.#read();
  };

  // Devices of the older kind call back with anything at all, to say that they may be read.
  async #read(): Promise<void> {
    try {
      if (!supports(this.#device, "Readable")) throw new Error(`its updates hold no readings, and it can't be read`);
      const readings = await (this.#device as Readable<any>).read();
      this.#queue.push(this.#device, () => this.#emit(readings));
    } catch (error) {
      this.#queue.push(this.#device, () => {
        throw new Error(`the monitor of ${nameOf(this.#device)} could not be read: ${error}`, { cause: error });
      });
    }
  }
}

function isReadings(update: unknown): update is Record<string, Reading> {
  if (typeof update !== "object" || update === null) return false;
  for (const key in update) {
    const reading = (update as Record<string, unknown>)[key];
    return typeof reading === "object" && reading !== null && "value" in reading && "timestamp" in reading;
  }
  return false;
}
