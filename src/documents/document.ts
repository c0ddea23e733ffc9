import type {
  BulkDatum,
  BulkEvents,
  Datum,
  DatumPage,
  Event,
  EventDescriptor,
  EventPage,
  Resource,
  RunStart,
  RunStop,
  StreamDatum,
  StreamResource,
} from "./generated/types.ts";

export type {
  BulkDatum,
  BulkEvents,
  Configuration,
  DataKey,
  Datum,
  DatumPage,
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
} from "./generated/types.ts";

/** The type of each document by the name that it goes under on the wire. */
export interface DocumentTypes {
  start: RunStart;
  stop: RunStop;
  descriptor: EventDescriptor;
  event: Event;
  event_page: EventPage;
  resource: Resource;
  datum: Datum;
  datum_page: DatumPage;
  stream_resource: StreamResource;
  stream_datum: StreamDatum;
  bulk_events: BulkEvents;
  bulk_datum: BulkDatum;
}

export type DocumentName = keyof DocumentTypes;

/** A document and the name of its type, which discriminates the union. */
export type Document = { [N in DocumentName]: { name: N; doc: DocumentTypes[N] } }[DocumentName];
