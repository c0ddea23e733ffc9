import type { DataKey, PartialEvent, PartialEventPage, Readings } from "../../../src/devices/protocols.ts";
import { Status, status } from "../../../src/devices/status.ts";
import { NoReplayAllowed } from "../../../src/engine/errors.ts";
import type { Faults, How } from "./entry.ts";

const NUMBER: DataKey = { source: "kit", dtype: "number", shape: [] };
const TIMESTAMP = 100;

/** What devices and plans fail with. */
export class Fail extends Error {
  override readonly name = "Fail";
}

type Numbers = Readings<Record<string, unknown>>;
type Settle = (error?: Error) => void;

abstract class Device {
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

class Readable extends Device {
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
class Detector extends Readable {
  override value(): unknown {
    const off = this.kit.m1.position - 1.25;
    return 100 / (1 + off * off);
  }

  trigger(): Status {
    return this.act("trigger");
  }
}

class Motor extends Readable {
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

class Signal extends Readable {
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

class Configurable extends Detector {
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
class OldStager extends Readable {
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
class NewStager extends Readable {
  stage(): Status {
    return this.act("stage");
  }

  unstage(): Status {
    return this.act("unstage");
  }
}

class Pausable extends Readable {
  pause(): void {
    this.call("pause");
  }

  resume(): void {
    this.call("resume");
  }
}

/** Must not do again what it did. */
class Refuser extends Pausable {
  override pause(): void {
    this.call("pause");
    throw new NoReplayAllowed("refuser doesn't do it again");
  }
}

class Flyer extends Device {
  prepare(value: unknown): Status {
    return this.act("prepare", value);
  }

  kickoff(): Status {
    return this.act("kickoff");
  }

  complete(): Status {
    return this.act("complete");
  }
}

/** Names its two streams itself and hands out events. */
class EventFlyer extends Flyer {
  describeCollect(): Record<string, Record<string, DataKey>> {
    return { a: { x: NUMBER }, b: { y: NUMBER } };
  }

  *collect(): Generator<PartialEvent> {
    this.call("collect");
    for (const n of [0, 1, 2]) {
      const key = n === 1 ? "y" : "x";
      yield { data: { [key]: n }, timestamps: { [key]: TIMESTAMP + n }, time: TIMESTAMP + n };
    }
  }
}

/** Hands out two pages for one stream. */
class PageFlyer extends Flyer {
  describeCollect(): Record<string, DataKey> {
    return { u: NUMBER, v: NUMBER };
  }

  *collectPages(): Generator<PartialEventPage> {
    this.call("collect_pages");
    for (const first of [0, 2]) {
      const rows = [first, first + 1];
      const time = rows.map((row) => TIMESTAMP + row);
      yield { data: { u: rows, v: rows.map((row) => row * row) }, timestamps: { u: time, v: time }, time };
    }
  }
}

/** Has one key in both of its streams. */
class Twins extends Flyer {
  describeCollect(): Record<string, Record<string, DataKey>> {
    return { a: { x: NUMBER }, b: { x: NUMBER } };
  }

  collect(): PartialEvent[] {
    return [];
  }
}

interface Asset {
  name: string;
  doc: object;
}

const streamResource = (name: string): Asset => ({
  name: "stream_resource",
  doc: {
    uid: `${name}-file`,
    data_key: name,
    mimetype: "application/x-hdf5",
    uri: `file://localhost/data/${name}.h5`,
    parameters: { dataset: "/entry" },
  },
});

const streamDatum = (name: string, start: number, stop: number): Asset => ({
  name: "stream_datum",
  doc: {
    uid: `${name}-file/${start}`,
    stream_resource: `${name}-file`,
    descriptor: "",
    indices: { start, stop },
    seq_nums: { start: 0, stop: 0 },
  },
});

const STREAM: DataKey = { source: "kit", dtype: "array", shape: [1, 2, 2], dtype_numpy: "<u2", external: "STREAM:" };

/** Writes a file while it flies; `written` frames are there. */
class FileWriter extends Flyer {
  written = 0;
  #told = 0;
  #isOpen = false;

  describeCollect(): Record<string, DataKey> {
    return { [this.name]: STREAM };
  }

  getIndex(): number {
    this.call("get_index");
    return this.written;
  }

  *collectAssetDocs(index?: number): Generator<Asset> {
    this.call("collect_asset_docs", index);
    if (!this.#isOpen) {
      this.#isOpen = true;
      yield streamResource(this.name);
    }
    const stop = index ?? this.written;
    if (stop <= this.#told) return;
    yield streamDatum(this.name, this.#told, stop);
    this.#told = stop;
  }
}

/** Reads nothing itself: each reading is one more frame of its file. */
class Frames extends Detector {
  width = 1;
  #frames = 0;

  override read(): Numbers {
    this.call("read");
    return {};
  }

  override describe(): Record<string, DataKey> {
    this.asked++;
    return { [this.name]: STREAM };
  }

  *collectAssetDocs(index?: number): Generator<Asset> {
    this.call("collect_asset_docs", index);
    if (this.#frames === 0) yield streamResource(this.name);
    yield streamDatum(this.name, this.#frames, this.#frames + this.width);
    this.#frames += this.width;
  }
}

/** Its value is the name of a datum in a file of its own. */
class Camera extends Detector {
  #shots = 0;

  override read(): Numbers {
    this.call("read");
    this.#shots++;
    return { [this.name]: { value: `camera-file/${this.#shots}`, timestamp: TIMESTAMP } };
  }

  override describe(): Record<string, DataKey> {
    this.asked++;
    return { [this.name]: { source: "kit", dtype: "array", shape: [2, 2], external: "FILESTORE:" } };
  }

  *collectAssetDocs(): Generator<Asset> {
    this.call("collect_asset_docs");
    if (this.#shots === 1) {
      const doc = { uid: "camera-file", spec: "AD_TIFF", root: "/data", resource_path: "camera" };
      yield { name: "resource", doc: { ...doc, resource_kwargs: {}, path_semantics: "posix" } };
    }
    const doc = {
      datum_id: `camera-file/${this.#shots}`,
      resource: "camera-file",
      datum_kwargs: { shot: this.#shots },
    };
    yield { name: "datum", doc };
  }
}

/** Has a name and nothing else. */
class Bare {
  readonly name = "bare";
}

/** The devices of the corpus, as in kit.py; every call of a device is written in the journal. */
export class Kit {
  readonly journal: unknown[][] = [];
  readonly pending = new Map<string, Settle>();
  readonly det = new Detector(this, "det");
  readonly det2 = new Detector(this, "det2");
  readonly m1 = new Motor(this, "m1", 3);
  readonly m2 = new Motor(this, "m2", -1.5);
  readonly signal = new Signal(this, "signal");
  readonly signal2 = new Signal(this, "signal2");
  readonly conf = new Configurable(this, "conf");
  readonly stager = new OldStager(this, "stager");
  readonly stager2 = new NewStager(this, "stager2");
  readonly pausable = new Pausable(this, "pausable");
  readonly refuser = new Refuser(this, "refuser");
  readonly twin = new Detector(this, "twin", "det");
  readonly flyer = new EventFlyer(this, "flyer");
  readonly pager = new PageFlyer(this, "pager");
  readonly twins = new Twins(this, "twins");
  readonly writer1 = new FileWriter(this, "writer1");
  readonly writer2 = new FileWriter(this, "writer2");
  readonly frames = new Frames(this, "frames");
  readonly camera = new Camera(this, "camera");
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
    if (fault.how === "raise") throw new Fail(`${name} failed`);
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
  return value instanceof Device || value instanceof Bare;
}
