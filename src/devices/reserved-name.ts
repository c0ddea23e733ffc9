import type { StandardReadable } from "./standard-readable.ts";

/** What a device class uses itself, so that no child can have the name. */
export type ReservedName =
  | keyof StandardReadable
  | "set"
  | "trigger"
  | "locate"
  | "checkValue"
  | "configure"
  | "prepare"
  | "kickoff"
  | "complete"
  | "describeCollect"
  | "collect"
  | "collectPages"
  | "collectAssetDocs"
  | "getIndex"
  | "subscribe"
  | "clearSub"
  | "pause"
  | "resume"
  | "stop"
  | "recoverable"
  | "rewindable"
  | "add"
  | "addReadable"
  | "include"
  | "connectSelf"
  | "disposeSelf"
  | "onMocked";

/** The key itself, or a type error that can be read: the device uses the name. Keys that are known at run time only pass. */
export type ChildKey<K extends string> = K extends ReservedName ? `"${K}" is reserved; use "${K}_"` : K;
