export { SinkError, type SinkErrorCode } from "../sink-error.ts";
export type { FsyncPolicy } from "./journal.ts";
export { MongoWriter, type WriterCounters, type WriterState } from "./mongo-writer.ts";
export type { MongoWriterOptions, WriteConcernOptions } from "./options.ts";
export type { Repaired, Verified } from "./protocol.ts";
