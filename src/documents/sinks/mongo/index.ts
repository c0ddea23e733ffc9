export type { FsyncPolicy } from "../journal/journal.ts";
export { SinkError, type SinkErrorCode } from "../sink-error.ts";
export { MongoWriter } from "./mongo-writer.ts";
export type { MongoWriterOptions, WriteConcernOptions } from "./options.ts";
export type { Repaired, Verified } from "./protocol.ts";
export type { WriterCounters, WriterState } from "./writer-state.ts";
