import type { Readable, Readings } from "../../devices/protocols.ts";
import type { Msg, PlanLike } from "../../engine/msg.ts";

/** A stub of several messages. Like our plans, it can be delegated to also from generators without a declared type. */
export type Many<T = void> = Generator<Msg, T, unknown>;

/** `group` collects actions for a later `wait`; `wait: true` waits for them at once. */
export interface GroupWait {
  group?: unknown;
  wait?: boolean;
}

export type Waiting = GroupWait & { wait: true };

type Join<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void ? I : never;

type ReadingsOfOne<D> =
  D extends Readable<infer F> ? (unknown extends F ? Record<string, any> : Readings<F>) : Record<string, any>;

/** The readings of all devices of a list together, typed as far as the devices are. */
export type ReadingsOf<L extends readonly unknown[]> = [L[number]] extends [never]
  ? Record<string, any>
  : Join<ReadingsOfOne<L[number]>>;

/** What takes the reading at a point: `triggerAndRead` by default. */
export type TakeReading = (devices: readonly unknown[]) => PlanLike<any>;
