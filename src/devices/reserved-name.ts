import type { StandardReadable } from "./standard-readable.ts";

/** What devices are asked for by plans, and what subclasses override or call. */
const DEVICE_WORDS = [
  "set",
  "trigger",
  "locate",
  "checkValue",
  "configure",
  "prepare",
  "kickoff",
  "complete",
  "describeCollect",
  "collect",
  "collectPages",
  "collectAssetDocs",
  "getIndex",
  "subscribe",
  "clearSub",
  "pause",
  "resume",
  "stop",
  "recoverable",
  "rewindable",
  "add",
  "addReadable",
  "addProperty",
  "include",
  "connectSelf",
  "disposeSelf",
  "onMocked",
] as const;

/** What a device class uses itself, so that no child can have the name. */
export type ReservedName = keyof StandardReadable | (typeof DEVICE_WORDS)[number];

/** Whether it is a `ReservedName` of this device, for keys that are known at run time only. */
export function isReserved(key: string, device: StandardReadable): boolean {
  return key in device || (DEVICE_WORDS as readonly string[]).includes(key);
}

/** The key itself, or a type error that can be read: the device uses the name. Keys that are known at run time only pass. */
export type ChildKey<K extends string> = K extends ReservedName ? `"${K}" is reserved; use "${K}_"` : K;
