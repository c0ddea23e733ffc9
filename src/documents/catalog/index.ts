export { arrowFile } from "./arrow.ts";
export { Catalog } from "./catalog.ts";
export { CatalogError, type CatalogErrorCode } from "./catalog-error.ts";
export type { CatalogRun, Row } from "./catalog-run.ts";
export type { RunCounts } from "./count-points.ts";
export { csvLines } from "./csv.ts";
export type { ExternalFiles } from "./external-files.ts";
export { openHdf5 } from "./hdf5.ts";
export type { RunQuery, RunSummary } from "./run-source.ts";
