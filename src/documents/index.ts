export { bulkDatumToDatumPage, bulkEventsToEventPages } from "./bulk.ts";
export { composeRun, type DescriptorParts, RunComposer, type RunParts, type StopParts } from "./compose.ts";
export {
  ResourceComposer,
  type ResourceParts,
  type StreamDatumParts,
  StreamResourceComposer,
  type StreamResourceParts,
} from "./compose-assets.ts";
export { type EventPageParts, type EventParts, StreamComposer } from "./compose-stream.ts";
export { describeMismatch } from "./data-check.ts";
export type {
  BulkDatum,
  BulkEvents,
  Configuration,
  DataKey,
  Datum,
  DatumPage,
  Document,
  DocumentName,
  DocumentTypes,
  Event,
  EventDescriptor,
  EventPage,
  Limits,
  LimitsRange,
  Projection,
  Resource,
  RunStart,
  RunStop,
  StreamDatum,
  StreamRange,
  StreamResource,
} from "./document.ts";
export {
  DataNotAccessible,
  DocumentError,
  type DocumentErrorCode,
  InvalidDocument,
  MismatchedDataKeys,
  UnfilledData,
  UnknownSpec,
  UnresolvableReference,
} from "./errors.ts";
export { Filler, type FillerOptions, type Handler, type HandlerFactory } from "./filler.ts";
export { deepFreeze } from "./freeze.ts";
export { parse, stringify } from "./json.ts";
export {
  mergeDatumPages,
  mergeEventPages,
  packDatumPage,
  packEventPage,
  unpackDatumPage,
  unpackEventPage,
  verifyFilled,
} from "./pages.ts";
export { type PageSize, rechunkDatumPages, rechunkEventPages } from "./rechunk.ts";
export { DocumentRouter, type Routed, SingleRunDocumentRouter } from "./router.ts";
export {
  type DocumentCallback,
  type RunFactory,
  RunRouter,
  type RunRouterOptions,
  type StreamFactory,
} from "./run-router.ts";
export type { Sink } from "./sink.ts";
export {
  StreamFiller,
  type StreamFillerOptions,
  type StreamHandler,
  type StreamHandlerFactory,
} from "./stream-filler.ts";
export { toWire } from "./to-wire.ts";
export { validate } from "./validate.ts";
export { verifyRun } from "./verify-run.ts";
