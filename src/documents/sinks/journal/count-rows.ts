import type { Document } from "../../document.ts";

/** How many points a document has; one for all but pages. */
export function countRows({ name, doc }: Document): number {
  switch (name) {
    case "event_page":
      return doc.uid.length;
    case "datum_page":
      return doc.datum_id.length;
    case "bulk_events":
      return Object.values(doc).reduce((sum, events) => sum + events.length, 0);
    case "bulk_datum":
      return doc.datum_ids.length;
    default:
      return 1;
  }
}
