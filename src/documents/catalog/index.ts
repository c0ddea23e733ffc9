export { Catalog } from "./catalog.ts";
export { CatalogError, type CatalogErrorCode } from "./catalog-error.ts";
export type { CatalogRun } from "./catalog-run.ts";
export type { RunQuery, RunSummary } from "./run-source.ts";
