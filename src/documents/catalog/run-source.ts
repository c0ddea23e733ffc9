import type { Document, EventDescriptor, RunStart, RunStop } from "../document.ts";
import type { Look } from "./run-follower.ts";

/** What to look for in a catalog. All that is given must hold; times are Unix seconds. */
export interface RunQuery {
  since?: number;
  until?: number;
  planName?: string;
  scanId?: number;
  exitStatus?: string;
  /** Words that must all occur in the start document. */
  text?: string;
  /** Members of the start document and the values that they must have; nested ones as objects or as "sample.name". */
  md?: Record<string, unknown>;
  /** At most so many runs; 1,000 by default. */
  limit?: number;
  /** Leaves out so many of the newest. */
  skip?: number;
  /** Only what comes after the run with this uid, the last one of the page before: at any depth as quick as the first page. */
  before?: string;
}

/** A run at a glance; `exitStatus` is missing while it goes on, or when its end was never stored. */
export interface RunSummary {
  uid: string;
  scanId?: number;
  time: number;
  planName?: string;
  exitStatus?: string;
  numEvents: Record<string, number>;
}

/** One run as a store has it. */
export interface RunSource {
  readonly start: RunStart;
  readonly stop: RunStop | undefined;
  readonly descriptors: readonly EventDescriptor[];
  documents(): AsyncIterable<Document>;
  /** The events and event pages of these descriptors, in the order of emission. */
  events(descriptors: readonly string[]): AsyncIterable<Document>;
  /** Makes a way to look for what has come since the last look, no document twice, the stop last. */
  follower(): Look;
}

/** A place with runs. */
export interface RunStore {
  list(query: RunQuery): Promise<RunSummary[]>;
  /** By whole or partial uid; a CatalogError when there is none or more than one. */
  byUid(uid: string): Promise<RunSource>;
  /** The newest run with this scan_id; a negative number counts back from the newest, which is -1. */
  byNumber(number: number): Promise<RunSource>;
  close(): Promise<void>;
}

export const DEFAULT_LIMIT = 1_000;

export function summaryOf(start: RunStart, stop: RunStop | undefined): RunSummary {
  return {
    uid: start.uid,
    ...(start.scan_id === undefined ? {} : { scanId: start.scan_id }),
    time: start.time,
    ...(typeof start.plan_name === "string" ? { planName: start.plan_name } : {}),
    ...(stop === undefined ? {} : { exitStatus: stop.exit_status }),
    numEvents: stop?.num_events ?? {},
  };
}

export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/** Nested members as pairs of a path with dots and a value. */
export function flatten(md: Record<string, unknown>, prefix = ""): [path: string, value: unknown][] {
  return Object.entries(md).flatMap(([key, value]): [string, unknown][] => {
    const isNested = typeof value === "object" && value !== null && !Array.isArray(value);
    const path = `${prefix}${key}`;
    return isNested ? flatten(value as Record<string, unknown>, `${path}.`) : [[path, value]];
  });
}
