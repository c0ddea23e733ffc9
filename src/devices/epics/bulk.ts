import type {
  BulkConnection,
  BulkConnectOptions,
  BulkOptions,
  BulkPutOptions,
  BulkResult,
  BulkWritten,
  F64Columns,
} from "./bulk-channels.ts";
import type { ChannelInfo, WaitOptions } from "./channel-types.ts";
import { type Context, getContext } from "./context.ts";
import { environment } from "./environment.ts";

export type {
  BulkConnection,
  BulkConnectOptions,
  BulkOptions,
  BulkPutOptions,
  BulkResult,
  BulkWritten,
  F64Columns,
} from "./bulk-channels.ts";

/**
 * Reads CA and PVA names, mixed as they come, in one flight. Resolves by the time-out (10,000 ms by default) to a map in
 * the order of the names; a PV that is missing or late has `{ error }` in its place and delays the others no further.
 */
export function bulkGet(names: readonly string[], options?: BulkOptions): Promise<Map<string, BulkResult>> {
  return getContext().bulkGet(names, options);
}

/** The numbers of scalars, CA and PVA names mixed, as columns without an object for each; what is no number is an error in its place. */
export function bulkGetF64(names: readonly string[], options?: WaitOptions): Promise<F64Columns> {
  return getContext().bulkGetF64(names, options);
}

/** Connects all names at the same time, with their metadata where asked for; failures stand in place. */
export function bulkConnect(
  names: readonly string[],
  options?: BulkConnectOptions,
): Promise<Map<string, BulkConnection>> {
  return getContext().bulkConnect(names, options);
}

/** Writes all values at the same time, waiting for their records to process unless told otherwise; failures stand in place. */
export function bulkPut(
  values: ReadonlyMap<string, unknown>,
  options?: BulkPutOptions,
): Promise<Map<string, BulkWritten>> {
  return getContext().bulkPut(values, options);
}

export interface PvInfoOptions extends WaitOptions {
  /** The process's own by default. */
  readonly context?: Context;
}

/** What is known of a PV without its value: its type, its server, and over PVA its structure. */
export async function pvInfo(
  name: string,
  { context = getContext(), ...options }: PvInfoOptions = {},
): Promise<ChannelInfo & { readonly source: string; readonly fieldDescription: object | null }> {
  await using channel = context.channel(name);
  const info = await channel.connect(options);
  return { source: channel.source, ...info, fieldDescription: await channel.fieldDescription(options) };
}

/** How many panics the addon has caught and turned into errors since the process started. */
export function caughtPanicCount(): number {
  return environment().addon.caughtPanicCount();
}
