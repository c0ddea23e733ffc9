import type { NdData } from "../nd-array.ts";
import type { Reading } from "../protocols.ts";

export type ChannelProtocol = "ca" | "pva";

/** What a channel carries, in one vocabulary for both protocols. Over CA there are no unsigned, 64-bit or bool kinds beyond `uint8`. */
export type ChannelKind =
  | "bool"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float32"
  | "float64"
  | "string"
  | "enum"
  | "table"
  | "ndarray"
  | "structure"
  | "unknown";

export type NumericArray = NdData;

/**
 * A value as it came: enums are their index, 64-bit integers `bigint`, numeric arrays the typed array of their kind with
 * the record's real length. Bool arrays are `Uint8Array` of 0 and 1; structures are plain objects: a table is its columns by their
 * names, a frame an `NdArray`, null before the first one.
 */
export type ChannelValue =
  | number
  | bigint
  | boolean
  | string
  | readonly string[]
  | NumericArray
  | { readonly [field: string]: unknown };

export interface ChannelInfo {
  readonly protocol: ChannelProtocol;
  readonly kind: ChannelKind;
  readonly isArray: boolean;
  /** The most elements the channel holds, over CA; 0 where the protocol does not tell. */
  readonly count: number;
  /** False only when the server says so; over PVA servers tell it no earlier than at a put. */
  readonly writable: boolean;
  readonly host: string | null;
  /** The structure's type id over PVA, for example `epics:nt/NTScalar:1.0`. */
  readonly typeId: string | null;
}

/** Finite limits; one that the record does not set is null, and a range with neither is null itself. */
export interface ChannelRange {
  readonly low: number | null;
  readonly high: number | null;
}

export interface ChannelMetadata {
  readonly info: ChannelInfo;
  readonly units: string | null;
  readonly precision: number | null;
  readonly description: string | null;
  readonly limits: {
    readonly display: ChannelRange | null;
    readonly control: ChannelRange | null;
    readonly warning: ChannelRange | null;
    readonly alarm: ChannelRange | null;
  };
  readonly choices: readonly string[] | null;
  /** Of a table, in its order; null for anything else. */
  readonly columns: readonly ChannelColumn[] | null;
}

export interface ChannelColumn {
  readonly name: string;
  readonly kind: ChannelKind;
  /** The column's name where the table has no labels. */
  readonly label: string;
}

export interface ChannelReading<V = ChannelValue> extends Reading<V> {
  alarmSeverity: number;
  /** Channel Access's condition code on both protocols; a word for what only pvAccess has, `driver` for example. */
  alarmStatus: number | string;
  /** Only with `form: "control"`. */
  metadata?: ChannelMetadata;
  /** Of an update over PVA: limits, labels or the like were changed. Over CA a mask of `property` alone tells. */
  propertyChanged?: true;
}

export type ReadingForm = "value" | "time" | "control";

export interface WaitOptions {
  /** The whole wait, connection included; 10,000 by default. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface ReadOptions extends WaitOptions {
  /** `time` by default: value, alarm and time stamp. `value` is stamped with the host's clock and says no alarm. */
  readonly form?: ReadingForm;
}

export interface PutOptions extends WaitOptions {
  /** Wait until the record has processed; true by default. */
  readonly wait?: boolean;
  /** The path of the one field of a pvAccess structure that is written, `display.units`; the value by default. */
  readonly field?: string;
  /**
   * `Channel.connection` as it was when the value was made, where the value is right on that one only: on any other the put is
   * refused with a `ConnectionChangedError`, unsent. Labels are minded by themselves.
   */
  readonly connection?: number;
}

/** `access` says that the access rights changed: `Channel.writable` has the new ones. */
export type ConnectionState = "connected" | "disconnected" | "unresponsive" | "access";

export interface SubscribeOptions {
  readonly onConnection?: (state: ConnectionState) => void;
  /** Called with an error of this subscription: a refused subscription, an update that could not be decoded. */
  readonly onError?: (error: Error) => void;
  /**
   * Called with the number of updates that our own full queue dropped since the last call, and over PVA with 1 for each update
   * that a server says to have merged others into. What an IOC merges in its event queue before that, over either protocol,
   * and what pvxs merges nobody can tell of.
   */
  readonly onDropped?: (count: number) => void;
  /** Event mask: `value`, `alarm`, `log` and `property`; value and alarm by default. */
  readonly mask?: readonly ("value" | "alarm" | "log" | "property")[];
  /** How many updates may wait in our own queue, 10,000 by default, and over PVA at the server, 1,000 by default. */
  readonly queueSize?: number;
  /**
   * PVA: let the server send no more updates than `queueSize` (2 at least) before they are acknowledged, which they are as soon
   * as they are taken; false by default, because a C IOC then sends two updates a round trip at most and merges the others.
   */
  readonly pipeline?: boolean;
  /** Ours, not the server's: passes over numbers that differ by less from the last one passed on, unless the alarm changed. */
  readonly clientDeadband?: number;
  /** Keep the process alive while subscribed; false by default. */
  readonly hold?: boolean;
  /** `all` by default: every update in order. `latest` keeps only the newest while the consumer is busy. */
  readonly buffer?: "all" | "latest";
}

export interface ChannelSubscription extends Disposable {
  unsubscribe(): void;
}
