export interface DataKey {
  source: string;
  dtype: "string" | "number" | "array" | "boolean" | "integer";
  shape: (number | null)[];
  dtype_numpy?: string | [string, string][];
  external?: string;
  units?: string | null;
  precision?: number | null;
  [key: string]: unknown;
}

export type DocumentName =
  | "start"
  | "stop"
  | "descriptor"
  | "event"
  | "event_page"
  | "resource"
  | "datum"
  | "datum_page"
  | "stream_resource"
  | "stream_datum"
  | "bulk_events"
  | "bulk_datum";

/** A document and the name of its type, which discriminates the union. */
export type Document = { [N in DocumentName]: { name: N; doc: any } }[DocumentName];
