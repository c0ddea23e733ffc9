import type { Msg, PlanLike } from "../../../src/engine/msg.ts";
import type { Bench } from "./bench.ts";

/** What a call of a device does instead of succeeding at once: throw, answer with a failed status, with one that is not done, or with nothing. */
export type How = "raise" | "status" | "pending" | "none";

/** By `device.method`, for its nth call or for every one. */
export type Faults = Readonly<Record<string, { how: How; call?: number }>>;

/**
 * Something that happens just before a message is handled, or so many seconds after that: `pause`, `defer`, `stop`, `abort [reason]`, `halt`;
 * `settle device.method` and `fail device.method` for pending actions; `put signal value`, `write writer frames`;
 * `suspend name [pre] [post]` and `release name`; `type line` at the terminal. The message is named by its index, or by its command and which of them it is.
 */
export interface Step {
  readonly at: number | string;
  readonly do: string;
  readonly after?: number;
}

/** A plan, written for both engines, with what happens to it meanwhile. */
export interface Entry {
  readonly name: string;
  /** An expression whose value is a plan, or the body of a generator function. */
  readonly python: string;
  readonly plan: (bench: Bench) => PlanLike<any> | Iterable<Msg>;
  readonly faults?: Faults;
  readonly script?: readonly Step[];
  /** What is done at the first pause, the second and so on; without, the engine is resumed. */
  readonly whenPaused?: readonly (readonly string[])[];
  readonly engine?: {
    readonly recordInterruptions?: boolean;
    readonly md?: Readonly<Record<string, unknown>>;
    readonly runMd?: Readonly<Record<string, unknown>>;
  };
  /** How many digits of its numbers are compared, where sines and powers may differ in the last; all by default. */
  readonly digits?: number;
  /** A key of the start document's `plan_args` that holds code as Python or JavaScript prints it. */
  readonly printed?: string;
  /** The waiting hook's calls are compared too. */
  readonly waiting?: boolean;
}

/** What became of an entry: the same form for both engines. */
export interface RunRecord {
  messages: unknown[];
  documents: [string, any][];
  states: string[];
  journal: unknown[];
  waiting: unknown[];
  outcome: {
    exitStatus: string | null;
    interrupted: boolean;
    reason: string;
    planResult: unknown;
    raised: unknown;
    state: string;
  };
}
