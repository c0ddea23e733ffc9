import type { Datatype, ValueShape } from "./datatype.ts";
import type { Reading, RestorePoint } from "./protocols.ts";

export interface WaitOptions {
  /** The whole wait; 10,000 by default. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface BackendPutOptions extends WaitOptions {
  /** Wait until the write has taken its full effect; true by default. */
  readonly wait?: boolean;
}

/** `unresponsive` and `connected` may alternate without a disconnection. `mismatched`: it came back as another type and is refused. */
export type SignalConnection = "connected" | "disconnected" | "unresponsive" | "mismatched";

export interface Range {
  readonly low: number | null;
  readonly high: number | null;
}

/** A data key without its source. Limits that the record does not set are absent. */
export type SignalDataKey = ValueShape & {
  units?: string;
  precision?: number;
  limits?: { [kind in "display" | "control" | "warning" | "alarm"]?: Range };
};

/** What a control system implements for one signal; nothing above this interface knows a protocol. */
export interface SignalBackend<T> {
  /** After `connect` never `t.any`: what it was found to be. */
  readonly datatype: Datatype<T>;
  /** Where values come from, for documents and messages: `ca://X`, `soft://name`. */
  source(name: string): string;
  /** Where values go to; the same as `source` unless there are two PVs. */
  target(name: string): string;
  /** Whether the source answers, as far as is known; absent where it can't be away. */
  readonly connected?: boolean;
  /** After it the backend is usable and its datatype has been checked against the channel's. Calling it again checks again. */
  connect(options: WaitOptions): Promise<void>;
  /** Resolves when the value has been taken, and has taken effect if `wait`. The value has passed the datatype's own check. */
  put(value: T, options: BackendPutOptions): Promise<void>;
  getDataKey(options: WaitOptions): Promise<SignalDataKey>;
  /** Always fresh: asks the control system. */
  getReading(options: WaitOptions): Promise<Reading<T>>;
  /** What was asked for last, fresh. */
  getSetpoint(options: WaitOptions): Promise<T>;
  /** What has to be put back so that it is again as it is now; by default the setpoint to the target. */
  recoverable?(options: WaitOptions): Promise<readonly RestorePoint[]>;
  /** One listener at a time; it is given the current reading as soon as there is one, then each update in order. */
  setListener(listener: ((reading: Reading<T>) => void) | undefined): void;
  onConnection(listener: (state: SignalConnection) => void): Disposable;
  /** Gives back what it holds. `connect` makes it usable again. */
  close(): void;
}
