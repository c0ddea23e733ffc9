import type { DeviceOptions } from "../device.ts";
import type { ChannelSource } from "./channel-source.ts";

export interface RecordDeviceOptions extends DeviceOptions {
  /** The context whose channels are used; the process's own by default. */
  readonly context?: ChannelSource;
}

/** The part of a device's options that its signals share. */
export function contextOf({ context }: RecordDeviceOptions): { readonly context?: ChannelSource } {
  return context === undefined ? {} : { context };
}
