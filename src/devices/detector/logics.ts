import type { DataKey } from "../../documents/document.ts";
import type { AssetDocument, MaybePromise, Reading } from "../protocols.ts";
import type { SignalR } from "../signal.ts";

export type DetectorTrigger = "internal" | "edge" | "level";

/** What a detector is prepared for. An event has `collectionsPerEvent` collections, each of `exposuresPerCollection` exposures. */
export interface TriggerInfo {
  /** `internal` by default. */
  readonly trigger?: DetectorTrigger;
  /** Seconds an exposure; what the detector has is kept by default. */
  readonly livetime?: number;
  /** Seconds between exposures; what the detector needs by default. */
  readonly deadtime?: number;
  /** 1 by default. */
  readonly exposuresPerCollection?: number;
  /** 1 by default. */
  readonly collectionsPerEvent?: number;
  /** 1 by default; a list has the events of each kickoff, 0 goes on until it is stopped. */
  readonly numberOfEvents?: number | readonly number[];
  /** Seconds without a new collection after which `complete` and `trigger` fail; livetime, deadtime and 10 s by default. */
  readonly exposureTimeout?: number;
}

export interface Exposures {
  readonly num: number;
  readonly livetime: number | undefined;
  readonly deadtime: number;
}

/** How a detector is told when to expose. What it lacks the detector can't do, and `prepare` says so. */
export interface TriggerLogic {
  prepareInternal?(exposures: Exposures): Promise<void>;
  prepareEdge?(exposures: Exposures): Promise<void>;
  prepareLevel?(exposures: Exposures): Promise<void>;
  prepareExposuresPerCollection?(exposures: number): Promise<void>;
  /** Seconds that the detector needs between two exposures. */
  deadtime?(): MaybePromise<number>;
  readonly configSignals?: readonly SignalR<any>[];
}

/** How a detector is started and stopped. */
export interface AcquireLogic {
  ensureReady?(): Promise<void>;
  start(): Promise<void>;
  waitIdle(): Promise<void>;
  ensureStopped(): Promise<void>;
}

/** Data that is read into events. */
export interface ReadableProvider {
  describe(): Promise<Record<string, DataKey>>;
  read(): Promise<Record<string, Reading>>;
}

/** Data that goes to files. Counts are of collections since the provider was made. */
export interface StreamProvider {
  describe(): Promise<Record<string, DataKey>>;
  /** How many collections are written. */
  written(): Promise<number>;
  /** Calls back whenever more may have been written, or something may have been lost. */
  watch(callback: () => void): Disposable;
  /** Throws when something is lost that no later collection makes up for: then a flight need not go on to its end. */
  check?(): Promise<void>;
  /** The documents of the collections that were not told before, up to this number. */
  assetDocs(collections: number): AsyncIterable<AssetDocument> | Iterable<AssetDocument>;
  /** Makes what is written visible to readers. */
  flush?(): Promise<void>;
  /** Throws when what was announced is not what was written. */
  verify?(announced: number): Promise<void>;
}

/** Where the data of a detector goes: into events, into files, or both by several logics. */
export interface DataLogic {
  prepareSingle?(dataKey: string): Promise<ReadableProvider>;
  prepareStream?(dataKey: string, collectionsPerEvent: number): Promise<StreamProvider>;
  /** The data keys that a plot should show. */
  hinted?(dataKey: string): readonly string[];
  /** Appended to the detector's name, for several logics. */
  readonly suffix?: string;
  stop?(): Promise<void>;
}
