import { checkTime } from "../timer.ts";
import type { Preprocessor } from "./msg.ts";

export type Metadata = Record<string, any>;

export interface RunEngineOptions {
  /** What every start document gets; the engine keeps `scan_id` and `versions` in it. Kept, not copied; a `PersistentMetadata` outlives the process. */
  md?: Metadata;
  /** Throws when the metadata of a run won't do. By default `sample` must be a string or an object. */
  mdValidator?: (md: Metadata) => unknown;
  /** Answers with the metadata as they are to be written; it gets a copy. */
  mdNormalizer?: (md: Metadata) => Metadata;
  /** The number of the next scan; by default one more than the last. */
  scanIdSource?: (md: Metadata) => number | Promise<number>;
  /** Applied to every plan; the last is the outermost. */
  preprocessors?: Preprocessor[];
  /** Whether each run has a stream that tells of its pauses and suspensions; false by default. */
  recordInterruptions?: boolean;
  /** Whether Ctrl-C, SIGTERM and SIGHUP are the engine's while it runs; false by default. */
  handleSignals?: boolean;
  /** How long stop, abort and halt wait for a plan in an `await` of its own; 10,000 by default. */
  planTimeoutMs?: number;
  /** How many monitor updates may wait; 100,000 by default. When there are more the run fails. */
  monitorQueueSize?: number;
  suspenders?: readonly unknown[];
  /** A path that stands for the beamline: while this process lives, no other engine with the same path can be made. None by default. */
  beamlineLock?: string;
  /**
   * A file that names, while a plan runs, what was set, staged or changed, and what it was before. It is gone after each plan that the engine
   * has brought to its end; after a crash `cerulean doctor --recover` shows it. None by default.
   */
  recoveryFile?: string;
}

export type EngineSettings = Required<Omit<RunEngineOptions, "md" | "suspenders" | "beamlineLock" | "recoveryFile">> & {
  readonly recoveryFile: string | undefined;
};

export function settingsOf(options: RunEngineOptions): EngineSettings {
  return {
    mdValidator: options.mdValidator ?? checkSample,
    mdNormalizer: options.mdNormalizer ?? ((md) => md),
    scanIdSource: options.scanIdSource ?? (({ scan_id }) => (typeof scan_id === "number" ? scan_id : 0) + 1),
    preprocessors: options.preprocessors ?? [],
    recordInterruptions: options.recordInterruptions ?? false,
    handleSignals: options.handleSignals ?? false,
    planTimeoutMs: checkTime(options.planTimeoutMs ?? 10_000),
    monitorQueueSize: options.monitorQueueSize ?? 100_000,
    recoveryFile: options.recoveryFile,
  };
}

function checkSample({ sample }: Metadata): void {
  if (sample === undefined || typeof sample === "string") return;
  if (typeof sample === "object" && sample !== null && !Array.isArray(sample)) return;
  throw new TypeError(`the metadata "sample" must be a string or an object, not ${JSON.stringify(sample)}`);
}
