// Made by tools/native-types.mjs from native/src; a test says when it is out of date.

export interface ContextOptions {
  caAddrList?: string[];
  caAutoAddrList?: boolean;
  caServerPort?: number;
  caNameServers?: string[];
  pvaAddrList?: string[];
  pvaAutoAddrList?: boolean;
  pvaBroadcastPort?: number;
  pvaServerPort?: number;
  pvaNameServers?: string[];
  user?: string;
  host?: string;
}

export interface Counters {
  circuits: number;
  channels: number;
  connectedChannels: number;
  pendingOperations: number;
  requests: number;
  updates: number;
  overruns: number;
  connections: number;
  disconnections: number;
  retries: number;
  panics: number;
  wakeUps: number;
}

export interface Versions {
  epicsRs: string;
  rustc: string;
}

/** Opens the queue of an environment. `deliver(count, others)` is called with `count` records in `numbers`, or with -1 when there is more than the loop can be held for: `wakeQueue` is then to be called in its next turn. */
export declare function openQueue(numbers: Float64Array, deliver: (count: number, others: unknown[] | undefined) => void): number;
export declare function openContext(options: ContextOptions): number;
export declare function closeContext(context: number): void;
export declare function contextIds(): number[];
/** The sources of the channels that users of this context hold, in any thread. */
export declare function channelsInUse(context: number): string[];
export declare function openChannel(queue: number, context: number, pva: boolean, name: string, inUse: boolean): number;
export declare function closeChannel(channel: number): void;
/** Bit 0: connected; bit 1: readable; bit 2: writable; the number of connections so far from bit 3 on. */
export declare function linkOf(channel: number): number;
export declare function connect(queue: number, operation: number, channel: number): void;
/** `form`: 0 the value, 1 with alarm and time stamp, 2 with metadata too. */
export declare function read(queue: number, operation: number, channel: number, form: number): void;
export declare function metadata(queue: number, operation: number, channel: number): void;
/** `metadata` of many channels with one call; each has an operation of its own. */
export declare function metadataOfMany(queue: number, operations: Uint32Array, channels: Uint32Array): void;
/** The description of a pvAccess channel's structure; null over Channel Access, which has none. */
export declare function describe(queue: number, operation: number, channel: number): void;
/** `field` is the path of one field of a pvAccess structure, empty for the value. `connection` is the one that the value was made for, as `linkOf` counts them: on any other it is refused; 0 for any. */
export declare function put(queue: number, operation: number, channel: number, value: unknown, field: string, wait: boolean, connection: number): void;
/** A call over pvAccess: `query` is sent as an NTURI with the channel's name as its path. */
export declare function rpc(queue: number, operation: number, channel: number, query: unknown): void;
/** Updates of the channel until cancelled. `mask`: 1 value, 2 log, 4 alarm, 8 property. At most `limit` wait here. */
export declare function subscribe(queue: number, operation: number, channel: number, mask: number, serverQueue: number, pipeline: boolean, limit: number, latest: boolean): void;
/** Connection events of the channel until `unwatch`. */
export declare function watch(queue: number, operation: number, channel: number): void;
export declare function unwatch(queue: number, operation: number, channel: number): void;
/** Ends an operation without an answer. 0: it had ended; 1: nothing was sent yet; 2: its request was sent. */
export declare function cancel(queue: number, operation: number): number;
export declare function bulkRead(queue: number, operation: number, channels: Uint32Array, form: number, timeoutMs: number): void;
export declare function bulkConnect(queue: number, operation: number, channels: Uint32Array, metadata: boolean, timeoutMs: number): void;
/** One number of each channel: `{ values, timestamps, severities, failures }`, typed arrays in the channels' order. */
export declare function bulkReadNumbers(queue: number, operation: number, channels: Uint32Array, timeoutMs: number): void;
/** Of each value the connection that it was made for, or 0. */
export declare function bulkPut(queue: number, operation: number, channels: Uint32Array, values: unknown[], connections: Uint32Array, wait: boolean, timeoutMs: number): void;
export declare function wakeQueue(queue: number): void;
export declare function listenToLogs(queue: number, listen: boolean): void;
/** False when there is no such level. */
export declare function setLogLevel(target: string, level: string): boolean;
export declare function caughtPanicCount(): number;
/** Of the whole process; the wake-ups of this queue alone. */
export declare function counters(queue: number): Counters;
/** Panics on purpose, in the call or in an operation: what is promised about panics has to be tried. */
export declare function provokePanic(queue: number, operation: number, inOperation: boolean): void;
export declare function versions(): Versions;
