import { stringify as toYaml } from "yaml";
import type { CatalogRun } from "../../documents/catalog/index.ts";
import { stringify } from "../../documents/json.ts";
import { LiveTable } from "../../documents/sinks/live-table.ts";
import { toWireValue } from "../../documents/to-wire.ts";
import { parseRun } from "./arguments.ts";
import { local } from "./list.ts";
import { openCatalog, type Place, print } from "./place.ts";

export interface ShowOptions extends Place {
  readonly stream?: string;
  readonly json: boolean;
}

/** Prints what a run is, or the points of one of its streams. */
export async function show(uid: string, options: ShowOptions): Promise<void> {
  await using catalog = await openCatalog(options);
  const run = await catalog.run(parseRun(uid));
  if (options.stream !== undefined) {
    await showStream(run, options.stream, options.json);
    return;
  }
  const streams = Object.fromEntries(run.streams.map((name) => [name, describeStream(run, name)]));
  if (options.json) print(stringify({ start: run.start, stop: run.stop, streams }));
  else describe(run, streams);
}

async function showStream(run: CatalogRun, stream: string, json: boolean): Promise<void> {
  // An unknown stream is an error before anything is printed.
  run.descriptors(stream);
  if (json) {
    for await (const row of run.rows(stream)) print(stringify(row));
    return;
  }
  const keys = new Set(run.descriptors(stream).flatMap(({ data_keys }) => Object.keys(data_keys)));
  const table = new LiveTable([...keys], { streamName: stream });
  for await (const document of run.documents()) table.write(document);
}

interface StreamDescription {
  readonly points: number | undefined;
  readonly keys: Readonly<Record<string, string>>;
}

function describeStream(run: CatalogRun, name: string): StreamDescription {
  const keys: Record<string, string> = {};
  for (const { data_keys } of run.descriptors(name)) {
    for (const [key, { dtype, shape, units, source, external }] of Object.entries(data_keys)) {
      const size = shape.length === 0 ? "" : `[${shape.join(" x ")}]`;
      const where = external === undefined ? "" : `, in files (${external})`;
      keys[key] = `${dtype}${size}${units ? ` in ${units}` : ""}, ${source}${where}`;
    }
  }
  return { points: run.stop?.num_events?.[name], keys };
}

function describe({ start, stop }: CatalogRun, streams: Readonly<Record<string, StreamDescription>>): void {
  const { uid, time, scan_id: scanId, plan_name: planName, ...metadata } = start;
  print(`run ${uid}`);
  const end = stop === undefined ? "unfinished" : `${stop.exit_status} at ${local(stop.time)}`;
  const why = stop?.reason ? ` (${stop.reason})` : "";
  print(`${planName ?? "plan"} ${scanId ?? ""}  began ${local(time)}, ${end}${why}`);
  for (const [name, { points, keys }] of Object.entries(streams)) {
    print(`stream ${name}${points === undefined ? "" : `, ${points} points`}`);
    for (const [key, what] of Object.entries(keys)) print(`  ${key}: ${what}`);
  }
  print("metadata");
  const text = toYaml(toWireValue(metadata), { indent: 2, lineWidth: 0 });
  for (const line of text.trimEnd().split("\n")) print(`  ${line}`);
}
