import type { LeftFolder, Owner } from "../journal/journal-owner.ts";
import type { Counts } from "../journal/ledger.ts";
import type { WriteConcernOptions } from "./options.ts";

/** What the worker is started with. */
export interface WorkerStart {
  readonly uri: string;
  readonly shownUri: string;
  readonly database: string;
  readonly layout: "normalized" | "columns";
  readonly batchSize: number;
  readonly batchBytes: number;
  readonly batchAgeMs: number;
  readonly writeConcern: Required<WriteConcernOptions>;
  readonly owner: Owner;
  /** One BigInt64: the journal's segment in the upper half, its committed bytes in the lower one. */
  readonly position: SharedArrayBuffer;
  /** One Int32: 1 while the worker sleeps and wants to be told of new documents. */
  readonly asleep: SharedArrayBuffer;
}

export interface BeginDelivery {
  /** The writer's own part of the journal. */
  readonly folder: string;
  /** Up to this segment of it an earlier worker was at work: what is left of that is stored, and counted by nobody. */
  readonly carried: number;
  readonly adopted: readonly LeftFolder[];
  /** Whether MongoDB answers. */
  readonly up: boolean;
}

export type ToWorker =
  | { readonly type: "connect"; readonly timeoutMs: number }
  | ({ readonly type: "begin"; readonly deadLetters: string } & BeginDelivery)
  | { readonly type: "wake" }
  | { readonly type: "flush" }
  | { readonly type: "repair"; readonly id: number }
  | { readonly type: "verify"; readonly id: number; readonly runUid: string }
  | { readonly type: "stop" };

export interface Repaired {
  readonly runUid: string;
  readonly numEvents: Record<string, number>;
}

export interface Verified {
  readonly ok: boolean;
  readonly streams: Record<string, { stored: number; announced: number }>;
}

export interface Problem {
  /** `torn`: half a document at the end of a journal, which a kill leaves there; `journal`: documents in it are lost. */
  readonly code: "duplicate" | "unstorable" | "journal" | "torn";
  readonly message: string;
  readonly run: string;
}

export type FromWorker =
  | { readonly type: "connected" }
  | { readonly type: "refused"; readonly code: "unreachable" | "refused" | "index"; readonly message: string }
  | { readonly type: "link"; readonly up: boolean; readonly reason: string }
  | { readonly type: "settled"; readonly run: string; readonly counts: Counts }
  | { readonly type: "stored"; readonly batches: number; readonly retries: number }
  | { readonly type: "replayed"; readonly documents: number }
  /** All that an earlier worker left in the writer's own part of the journal is stored. */
  | { readonly type: "recovered" }
  | { readonly type: "problem"; readonly problem: Problem }
  | { readonly type: "answer"; readonly id: number; readonly value?: unknown; readonly error?: string }
  | { readonly type: "stopped" };
