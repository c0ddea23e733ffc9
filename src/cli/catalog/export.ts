import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { extname } from "node:path";
import { arrowFile, type CatalogRun, csvLines } from "../../documents/catalog/index.ts";
import { stringify } from "../../documents/json.ts";
import { parseRun } from "./arguments.ts";
import { openCatalog, type Place } from "./place.ts";

type Format = "jsonl" | "csv" | "arrow";

export interface ExportOptions extends Place {
  readonly format?: Format;
  readonly stream: string;
  readonly out?: string;
}

type Piece = string | Uint8Array;

const FORMATS: Readonly<Record<Format, (run: CatalogRun, stream: string) => AsyncIterable<Piece>>> = {
  jsonl,
  csv,
  arrow,
};

/** Writes a run into a file, which is there whole or not at all, or to standard output. */
export async function exportRun(uid: string, options: ExportOptions): Promise<void> {
  const { stream, out } = options;
  const format = options.format ?? formatOf(out);
  if (format === undefined) throw new Error("say which --format: jsonl, csv or arrow");
  if (format === "arrow" && out === undefined && process.stdout.isTTY) {
    throw new Error("an Arrow file is nothing for a terminal: name a file with --out");
  }
  await using catalog = await openCatalog(options);
  const run = await catalog.run(parseRun(uid));
  const pieces = FORMATS[format](run, stream);
  if (out === undefined) {
    await writeTo(process.stdout, pieces);
    return;
  }
  const unfinished = `${out}.part`;
  try {
    const file = createWriteStream(unfinished);
    await once(file, "open");
    await writeTo(file, pieces);
    file.end();
    await once(file, "close");
    await rename(unfinished, out);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

function formatOf(out: string | undefined): Format | undefined {
  const extension = extname(out ?? "").slice(1);
  return extension in FORMATS ? (extension as Format) : undefined;
}

async function writeTo(stream: NodeJS.WritableStream, pieces: AsyncIterable<Piece>): Promise<void> {
  for await (const piece of pieces) if (!stream.write(piece)) await once(stream, "drain");
}

/** The documents, one a line, as suitcase.jsonl writes them. */
async function* jsonl(run: CatalogRun): AsyncGenerator<Piece, void, undefined> {
  for await (const { name, doc } of run.documents()) yield `${stringify([name, doc])}\n`;
}

async function* csv(run: CatalogRun, stream: string): AsyncGenerator<Piece, void, undefined> {
  yield* csvLines(await run.columns(stream));
}

async function* arrow(run: CatalogRun, stream: string): AsyncGenerator<Piece, void, undefined> {
  const dataKeys = Object.assign({}, ...run.descriptors(stream).map(({ data_keys }) => data_keys));
  const metadata = { start: stringify(run.start), ...(run.stop === undefined ? {} : { stop: stringify(run.stop) }) };
  yield await arrowFile(await run.columns(stream), { dataKeys, metadata });
}
