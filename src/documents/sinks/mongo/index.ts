export type { FsyncPolicy } from "../journal/journal.ts";
export { SinkError, type SinkErrorCode } from "../sink-error.ts";
export { MongoWriter, type WriterCounters, type WriterState } from "./mongo-writer.ts";
export type { MongoWriterOptions, WriteConcernOptions } from "./options.ts";
export type { Repaired, Verified } from "./protocol.ts";
