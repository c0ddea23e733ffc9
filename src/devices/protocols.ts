import type { DataKey } from "../documents/document.ts";
import type { Status } from "./status.ts";

export type { DataKey };

export type MaybePromise<T> = T | Promise<T>;
export type MaybeAsyncIterable<T> = Iterable<T> | AsyncIterable<T>;

/** What `set`, `trigger` and their like answer with. A promise is wrapped as a Status and never awaited by the handler. */
export type Answer = Status | Promise<unknown>;

/** `timestamp` is in Unix seconds; `alarmSeverity` is 0 none, 1 minor, 2 major, 3 invalid, -1 disconnected or unknown. */
export interface Reading<V = unknown> {
  value: V;
  timestamp: number;
  alarmSeverity?: number;
  alarmStatus?: number | string;
  message?: string;
}

export type Readings<D> = { [K in keyof D]: Reading<D[K]> };

export interface Location<V> {
  setpoint: V;
  readback: V;
}

export interface Hints {
  fields?: readonly string[];
  dimensions?: readonly (readonly [readonly string[], string])[];
  gridding?: string;
}

export interface HasName {
  readonly name: string;
}

export interface HasParent {
  readonly parent: unknown;
}

export interface HasHints {
  readonly hints: Hints;
}

export interface Readable<D = unknown> {
  readonly name: string;
  read(): MaybePromise<Readings<D>>;
  describe(): MaybePromise<Record<string, DataKey>>;
}

export interface Configurable {
  readonly name: string;
  readConfiguration(): MaybePromise<Record<string, Reading>>;
  describeConfiguration(): MaybePromise<Record<string, DataKey>>;
}

export interface Movable<V = unknown> {
  readonly name: string;
  set(value: V): Answer;
}

export interface Locatable<V = unknown> extends Movable<V> {
  locate(): MaybePromise<Location<V>>;
}

/** `checkValue` throws when the value must not be set; it never writes. */
export interface Checkable<V = unknown> {
  checkValue(value: V): MaybePromise<void>;
}

export interface Triggerable {
  readonly name: string;
  trigger(): Answer;
}

export interface Preparable<V = unknown> {
  readonly name: string;
  prepare(value: V): Answer;
}

export interface Stageable {
  stage(): Answer | readonly unknown[];
  unstage(): Answer | readonly unknown[];
}

/** What a process variable was before a plan changed it. `pv` has its protocol: `ca://IOC:m1.VAL`. */
export interface RestorePoint {
  readonly pv: string;
  readonly value: unknown;
}

/** Tells what could be put back after a crash, in the order in which to do it: the speed of a motor before its position. */
export interface Recoverable {
  readonly name: string;
  recoverable(): MaybePromise<readonly RestorePoint[]>;
}

export interface Stoppable {
  stop(options?: { success?: boolean }): MaybePromise<void>;
}

export interface Pausable {
  pause(): MaybePromise<void>;
  resume(): MaybePromise<void>;
}

/** `fn` is called at once with the current readings when there are any, then with each update. */
export interface Subscribable<D = unknown> {
  readonly name: string;
  subscribe(fn: (readings: Readings<D>) => void): unknown;
  clearSub(fn: (readings: Readings<D>) => void): unknown;
}

export interface Flyable {
  readonly name: string;
  kickoff(): Answer;
  complete(): Answer;
}

export interface PartialEvent {
  data: Record<string, unknown>;
  timestamps: Record<string, number>;
  time?: number;
}

/** Columns of equal length. `time` holds each row's own time in Unix seconds and is kept; `seq_num` is the engine's. */
export interface PartialEventPage {
  data: Record<string, ArrayLike<unknown>>;
  timestamps: Record<string, ArrayLike<number>>;
  time: ArrayLike<number>;
}

export interface Collectable {
  readonly name: string;
  describeCollect(): MaybePromise<Record<string, DataKey> | Record<string, Record<string, DataKey>>>;
  collect?(): MaybeAsyncIterable<PartialEvent>;
  collectPages?(): MaybeAsyncIterable<PartialEventPage>;
}

export interface AssetDocument {
  name: string;
  doc: object;
}

export interface WritesExternalAssets {
  readonly name: string;
  collectAssetDocs(): MaybeAsyncIterable<AssetDocument>;
}

export interface WritesStreamAssets {
  collectAssetDocs(index?: number): MaybeAsyncIterable<AssetDocument>;
  getIndex?(): MaybePromise<number>;
}

/** The methods that make an object fit a protocol: `supports` looks for them and for nothing else. */
const METHODS = {
  Readable: ["read", "describe"],
  Configurable: ["readConfiguration", "describeConfiguration"],
  Movable: ["set"],
  Locatable: ["set", "locate"],
  Checkable: ["checkValue"],
  Triggerable: ["trigger"],
  Preparable: ["prepare"],
  Stageable: ["stage", "unstage"],
  Recoverable: ["recoverable"],
  Stoppable: ["stop"],
  Pausable: ["pause", "resume"],
  Subscribable: ["subscribe", "clearSub"],
  Flyable: ["kickoff", "complete"],
  Collectable: ["describeCollect"],
  WritesExternalAssets: ["collectAssetDocs"],
  WritesStreamAssets: ["collectAssetDocs", "getIndex"],
} as const;

export interface Protocols {
  Readable: Readable;
  Configurable: Configurable;
  Movable: Movable;
  Locatable: Locatable;
  Checkable: Checkable;
  Triggerable: Triggerable;
  Preparable: Preparable;
  Stageable: Stageable;
  Recoverable: Recoverable;
  Stoppable: Stoppable;
  Pausable: Pausable;
  Subscribable: Subscribable;
  Flyable: Flyable;
  Collectable: Collectable;
  WritesExternalAssets: WritesExternalAssets;
  WritesStreamAssets: WritesStreamAssets;
}

export type ProtocolName = keyof Protocols;

/** The protocol's methods that the object lacks; empty when it fits. */
export function missingMethods(value: unknown, protocol: ProtocolName): string[] {
  const object = value as Record<string, unknown> | null | undefined;
  if (object === null || object === undefined) return [...METHODS[protocol]];
  return METHODS[protocol].filter((method) => typeof object[method] !== "function");
}

/** Whether the object has the protocol's methods; devices are structural, so their class does not matter. */
export function supports<P extends ProtocolName>(value: unknown, protocol: P): value is Protocols[P] {
  const object = value as Record<string, unknown> | null | undefined;
  if (object === null || object === undefined) return false;
  for (const method of METHODS[protocol]) if (typeof object[method] !== "function") return false;
  return true;
}
