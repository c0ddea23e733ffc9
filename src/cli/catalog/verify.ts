import { stringify } from "../../documents/json.ts";
import { parseRun } from "./arguments.ts";
import { openCatalog, type Place, print } from "./place.ts";

/** Recounts runs and tells what the store has; whether all of them are complete. */
export async function verify(uids: readonly string[], options: Place & { readonly json: boolean }): Promise<boolean> {
  await using catalog = await openCatalog(options);
  let complete = true;
  for (const uid of uids) {
    const run = await catalog.run(parseRun(uid));
    const { ok, streams } = await run.verify();
    complete &&= ok;
    if (options.json) {
      print(stringify({ uid: run.start.uid, ok, hasStop: run.stop !== undefined, streams }));
      continue;
    }
    const counts = Object.entries(streams).map(([name, { stored, announced }]) =>
      stored === announced ? `${name} ${stored}` : `${name} ${stored} of ${announced}`,
    );
    const verdict = ok ? "complete" : run.stop === undefined ? "no stop document" : "INCOMPLETE";
    print(`${run.start.uid}  ${verdict}  ${counts.join(", ")}`.trimEnd());
  }
  return complete;
}
