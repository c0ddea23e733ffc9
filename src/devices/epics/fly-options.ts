import type { DeviceOptions } from "../device.ts";
import type { Reading } from "../protocols.ts";
import type { ChannelSource } from "./channel-source.ts";
import type { FlyContext, FlyCorrection } from "./fly-page.ts";
import type { SweepOptions } from "./fly-sweep.ts";

/** One waveform: its PV, and what its data key says besides. */
export type FlyWaveform = string | { readonly pv: string; readonly units?: string; readonly precision?: number };

/** What a PV is set to: a value, on or off in the PV's own terms, or what makes either of the flight's points and dwell. */
export type FlySetting =
  | number
  | string
  | boolean
  | bigint
  | ArrayBufferView
  | readonly unknown[]
  | ((flight: FlyContext) => unknown);

/** The bulk operations that it uses. */
export interface BulkIo {
  bulkGet(
    names: readonly string[],
    options?: { timeoutMs?: number },
  ): Promise<ReadonlyMap<string, Reading<any> | { error: Error }>>;
  bulkConnect(
    names: readonly string[],
    options?: { timeoutMs?: number },
  ): Promise<ReadonlyMap<string, { connected: true } | { error: Error }>>;
}

export interface BulkFlyerOptions extends DeviceOptions {
  /** The waveforms by their data keys. All are read by one bulk read. */
  readonly waveforms: Readonly<Record<string, FlyWaveform>>;
  /** The PV that 1 is put to; the put's completion says that all is acquired. */
  readonly acquire: string;
  /** The number of points, or the PV that has it. */
  readonly numPoints: number | string;
  /** Seconds a point, or the PV that has it. */
  readonly dwell: number | string;
  /** Other PVs and what `prepare` sets them to, in this order; a function makes the value from the flight's points and dwell. */
  readonly settings?: Readonly<Record<string, FlySetting>>;
  /** The PV that 1 is put to for an early end; by default 0 is put to `acquire`. */
  readonly stop?: string;
  /** The device's own clock: the Unix time of the start, and a waveform of seconds after it. By default start plus dwell. */
  readonly clock?: { readonly start: string; readonly times: string };
  /** Acts on the columns before the page goes out: `deadTimeCorrection({ deadTime: 1e-6, keys: ["ch1"] })`. */
  readonly correct?: FlyCorrection;
  /** Columns that are made of others after the correction: the sum of each row. */
  readonly sums?: Readonly<Record<string, readonly string[]>>;
  /** A motor that sweeps from `start` to `stop` while it acquires. */
  readonly sweep?: SweepOptions;
  /** What to do about waveforms of another length than the number of points; `fail` by default. */
  readonly ragged?: "fail" | "truncate";
  /**
   * Collect also while it acquires: `true` when the waveforms grow, else the PV that tells how many of their points are there.
   * Without it nothing is collected before the end.
   */
  readonly partial?: true | string;
  /** Larger pages are split; 8 MB by default, half of what MongoDB takes. */
  readonly maxPageBytes?: number;
  /** PVs that go into the configuration, by their keys: the limits of regions of interest, for instance. */
  readonly configuration?: Readonly<Record<string, string>>;
  /** The stream that the page goes to; the flyer's name by default. */
  readonly streamName?: string;
  /** The data keys that a plot or a table should show. */
  readonly hinted?: readonly string[];
  /** How long after its expected end an acquisition may complete, and how long the bulk read may take; 10,000 by default. */
  readonly graceMs?: number;
  /** The context whose channels and bulk operations are used; the process's own by default. */
  readonly context?: ChannelSource & BulkIo;
}

export interface FlySetup {
  readonly numPoints?: number;
  /** Seconds a point. */
  readonly dwell?: number;
}

/** How long the parts of the last collection took, in ms. */
export interface FlyTimings {
  readonly readMs: number;
  readonly correctionMs: number;
  readonly pageMs: number;
}
