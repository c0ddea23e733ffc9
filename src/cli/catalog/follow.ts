import { stringify } from "../../documents/json.ts";
import { LiveTable } from "../../documents/sinks/live-table.ts";
import { parseRun } from "./arguments.ts";
import { openCatalog, type Place, print } from "./place.ts";

export interface FollowOptions extends Place {
  readonly stream: string;
  readonly json: boolean;
}

/** Shows the documents of a run so far and then those that come, until it ends. */
export async function follow(uid: string | undefined, options: FollowOptions): Promise<void> {
  await using catalog = await openCatalog(options);
  const run = await catalog.run(uid === undefined ? -1 : parseRun(uid));
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const table = new LiveTable({ streamName: options.stream });
  if (!options.json) print(`run ${run.start.uid}`);
  for await (const document of run.follow({ signal: interrupted.signal })) {
    if (options.json) print(stringify([document.name, document.doc]));
    else table.write(document);
    if (document.name === "stop" && !options.json)
      print(`${document.doc.exit_status} ${document.doc.reason ?? ""}`.trimEnd());
  }
  process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
}
