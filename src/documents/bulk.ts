import type { BulkDatum, BulkEvents, DatumPage, EventPage } from "./document.ts";
import { packDatumPage, packEventPage } from "./pages.ts";

/** The pages that say what an old bulk_events document says, one for each descriptor that has events. */
export function bulkEventsToEventPages(bulk: BulkEvents): EventPage[] {
  return Object.values(bulk)
    .filter((events) => events.length > 0)
    .map(packEventPage);
}

/** The page that says what an old bulk_datum document says; undefined when it has none. */
export function bulkDatumToDatumPage({
  datum_ids: ids,
  datum_kwarg_list: kwargs,
  resource,
}: BulkDatum): DatumPage | undefined {
  if (ids.length === 0) return undefined;
  return packDatumPage(ids.map((id, row) => ({ datum_id: id, datum_kwargs: kwargs[row] ?? {}, resource })));
}
