import type { Datatype } from "../datatype.ts";
import type { WaitOptions } from "../signal-backend.ts";
import type { SignalChannel } from "./channel-source.ts";
import type { ChannelMetadata } from "./channel-types.ts";
import { type Converter, converterFor } from "./converter.ts";
import { inferFromChannel, nameOfKind } from "./inference.ts";

/** What a signal found out about its channel or its two channels, and how values go over them. */
export interface ChannelLink<T> {
  readonly datatype: Datatype<T>;
  readonly reading: Converter<T>;
  readonly writing: Converter<T>;
  readonly metadata: ChannelMetadata;
}

/**
 * Connects both channels at once, fetches what they carry and checks it against the declared datatype.
 * Rejects when they can't carry it, or when the two carry different types.
 */
export async function link<T>(
  declared: Datatype<T>,
  read: SignalChannel,
  write: SignalChannel,
  options: WaitOptions,
): Promise<ChannelLink<T>> {
  const [metadata, written] = await Promise.all([
    read.connectAndPrefetch(options),
    write === read ? undefined : write.connectAndPrefetch(options),
  ]);
  return linked(declared, read.source, metadata, write.source, written ?? metadata);
}

export function linked<T>(
  declared: Datatype<T>,
  readSource: string,
  read: ChannelMetadata,
  writeSource: string,
  write: ChannelMetadata,
): ChannelLink<T> {
  if (read.info.kind !== write.info.kind || read.info.isArray !== write.info.isArray) {
    throw new TypeError(
      `Differing types: ${readSource} is ${nameOfKind(read)}, ${writeSource} is ${nameOfKind(write)}; a signal needs one`,
    );
  }
  const datatype = declared.kind === "any" ? inferFromChannel(readSource, read) : declared;
  const reading = converterFor(readSource, datatype, read);
  const writing = write === read ? reading : converterFor(writeSource, datatype, write);
  return { datatype, reading, writing, metadata: read };
}
