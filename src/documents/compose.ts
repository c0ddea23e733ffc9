import {
  ResourceComposer,
  type ResourceParts,
  StreamResourceComposer,
  type StreamResourceParts,
} from "./compose-assets.ts";
import { StreamComposer, type StreamCount } from "./compose-stream.ts";
import type { Configuration, DataKey, EventDescriptor, RunStart, RunStop } from "./document.ts";
import { DocumentError, MismatchedDataKeys } from "./errors.ts";
import { RunContext } from "./run-context.ts";
import { newUid } from "./uid.ts";
import { validate } from "./validate.ts";
import { createClock } from "./wall-clock.ts";

export interface RunParts {
  /** Members of the start document besides its uid and time. */
  metadata?: Record<string, unknown>;
  uid?: string;
  /** In Unix seconds; now by default. */
  time?: number;
  /** In Unix seconds; by default the wall clock, never going back within the run. */
  clock?: () => number;
  /** Whether each document is validated as it is made; true by default. */
  validate?: boolean;
  /** Called once for each key of a descriptor whose values don't fit its dtype and shape; by default nobody looks. */
  onMismatch?: (warning: string) => void;
}

export interface DescriptorParts {
  /** The stream's name. */
  name: string;
  dataKeys: Record<string, DataKey>;
  objectKeys?: Record<string, string[]>;
  objectClasses?: Record<string, string>;
  configuration?: Record<string, Configuration>;
  hints?: Record<string, unknown>;
  time?: number;
  uid?: string;
}

export interface StopParts {
  /** "success" by default. */
  exitStatus?: RunStop["exit_status"];
  /** Empty by default. */
  reason?: string;
  time?: number;
  uid?: string;
}

/** Begins a run: makes its start document, and is what all others are made by. */
export function composeRun(parts: RunParts = {}): RunComposer {
  return new RunComposer(parts);
}

interface Stream extends StreamCount {
  keys: readonly string[];
}

/** Makes the documents of one run, in an order that readers can follow, and counts the events of its streams. */
export class RunComposer {
  readonly start: RunStart;
  readonly #run: RunContext;
  readonly #streams = new Map<string, Stream>();

  constructor({
    metadata = {},
    uid = newUid(),
    time,
    clock = createClock(),
    validate: validates = true,
    onMismatch,
  }: RunParts) {
    for (const reserved of ["uid", "time"]) {
      if (!(reserved in metadata)) continue;
      throw new DocumentError(`the metadata of a run may not have "${reserved}", which the run is given`, {
        code: "metadata",
        documentName: "start",
        key: reserved,
      });
    }
    this.start = { uid, time: time ?? clock(), ...metadata };
    this.#run = new RunContext(uid, clock, validates, onMismatch);
    if (validates) validate("start", this.start);
  }

  get isClosed(): boolean {
    return this.#run.isClosed;
  }

  /** The seq_num that the next event of each stream gets. Keep a copy to rewind to. */
  get eventCounters(): Map<string, number> {
    return new Map(Array.from(this.#streams, ([name, { next }]) => [name, next]));
  }

  /** Lets the streams that are named go on from these numbers; others are left alone. Events that are repeated have their numbers again. */
  rewind(counters: Iterable<readonly [stream: string, next: number]>): void {
    for (const [name, next] of counters) {
      const stream = this.#streams.get(name);
      if (stream === undefined || next > stream.next || next < 1) {
        throw new DocumentError(
          `stream "${name}" can't go on from ${next}: its next event is ${stream?.next ?? "none"}`,
          {
            code: "sequence",
            stream: name,
          },
        );
      }
      stream.next = next;
    }
  }

  /** Describes a stream, or describes it anew after a device was configured: then the keys must be the same, and numbers go on. */
  composeDescriptor(parts: DescriptorParts): StreamComposer {
    this.#run.assertOpen("descriptor");
    const { name, dataKeys } = parts;
    const known = this.#streams.get(name);
    if (known !== undefined) assertSameKeys(name, known.keys, Object.keys(dataKeys));
    const descriptor: EventDescriptor = this.#run.checked("descriptor", {
      uid: parts.uid ?? newUid(),
      time: parts.time ?? this.#run.now(),
      run_start: this.#run.runStart,
      name,
      data_keys: forReaders(dataKeys),
      object_keys: parts.objectKeys ?? {},
      object_classes: parts.objectClasses ?? {},
      configuration: completed(parts.configuration ?? {}),
      hints: parts.hints ?? {},
    });
    const stream = known ?? { next: 1, highest: 0, keys: Object.keys(dataKeys) };
    this.#streams.set(name, stream);
    return new StreamComposer(this.#run, name, descriptor, stream);
  }

  composeResource(parts: ResourceParts): ResourceComposer {
    return new ResourceComposer(this.#run, parts);
  }

  composeStreamResource(parts: StreamResourceParts): StreamResourceComposer {
    return new StreamResourceComposer(this.#run, parts);
  }

  /** Ends the run; nothing can be made after it. `num_events` has every stream, those without events too. */
  composeStop({ exitStatus = "success", reason = "", time, uid }: StopParts = {}): RunStop {
    this.#run.assertOpen("stop");
    const stop: RunStop = this.#run.checked("stop", {
      uid: uid ?? newUid(),
      time: time ?? this.#run.now(),
      run_start: this.#run.runStart,
      exit_status: exitStatus,
      reason,
      num_events: Object.fromEntries(Array.from(this.#streams, ([name, { highest }]) => [name, highest])),
    });
    this.#run.close();
    return stop;
  }
}

const DTYPE_NUMPY: Partial<Record<DataKey["dtype"], string>> = { number: "<f8", integer: "<i8", boolean: "|b1" };

// databroker pairs the keys that it was asked for with the shapes of all: scalars before arrays keep it right. It needs dtype_numpy too,
// but cuts strings to the width that it names, so strings have none.
function forReaders(dataKeys: Record<string, DataKey>): Record<string, DataKey> {
  const entries = Object.entries(dataKeys).map(([key, dataKey]): [string, DataKey] => {
    const dtypeNumpy = DTYPE_NUMPY[dataKey?.dtype];
    const isComplete = dtypeNumpy === undefined || dataKey.dtype_numpy !== undefined;
    return [key, isComplete ? dataKey : { ...dataKey, dtype_numpy: dtypeNumpy }];
  });
  const isArray = ([, dataKey]: [string, DataKey]) => dataKey?.dtype === "array";
  return Object.fromEntries([...entries.filter((entry) => !isArray(entry)), ...entries.filter(isArray)]);
}

function completed(configuration: Record<string, Configuration>): Record<string, Configuration> {
  const entries = Object.entries(configuration);
  return Object.fromEntries(
    entries.map(([object, settings]) => [object, { data: {}, timestamps: {}, data_keys: {}, ...settings }]),
  );
}

function assertSameKeys(stream: string, known: readonly string[], given: readonly string[]): void {
  const missing = known.filter((key) => !given.includes(key));
  const added = given.filter((key) => !known.includes(key));
  const key = missing[0] ?? added[0];
  if (key === undefined) return;
  throw new MismatchedDataKeys(
    `stream "${stream}" was described with other keys in this run: "${key}" is ${missing.length > 0 ? "missing now" : "new"}; ` +
      "give different sets of devices different stream names",
    { code: "mismatched-keys", documentName: "descriptor", stream, key },
  );
}
