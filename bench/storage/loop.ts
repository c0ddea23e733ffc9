import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import { MongoWriter } from "cerulean/sinks/mongo";
import type { Row } from "../table.ts";
import type { Place } from "./contenders.ts";
import { pageOf, runOf } from "./documents.ts";

const FIELDS = 50;

/**
 * How long `write` takes for a page, how long the loop is held from then until it is stored, and how long that of a thread that does
 * nothing is held meanwhile. `readers`: how many other sinks read every column of the page.
 */
export async function holds(place: Place, rows: number, readers: number, rounds: number): Promise<Row[]> {
  const uri = `${place.uri}/loop_${rows}_${readers}`;
  const writer = await MongoWriter.connect(uri, { journalDir: join(place.folder, "journal") });
  const idle = new Worker(new URL("../../tests/system/support/idle-loop.mjs", import.meta.url));
  const what = `a page of ${FIELDS} x ${rows}${readers === 0 ? "" : `, ${readers} other sink reading it`}: us`;
  const [write, processor, loop, elsewhere] = [[], [], [], []] as [number[], number[], number[], number[]];
  let sum = 0;
  for (let round = 0; round < rounds; round++) {
    const run = runOf(FIELDS, rows);
    for (const document of run.opening) writer.write(document);
    await writer.flush();
    const document = { name: "event_page", doc: pageOf(run.descriptor, FIELDS, rows) } as const;
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    idle.postMessage("start");
    await once(idle, "message");
    delay.reset();
    const [started, busy] = [performance.now(), onProcessor()];
    writer.write(document);
    write.push((performance.now() - started) * 1000);
    processor.push((onProcessor() - busy) / 1000);
    for (let reader = 0; reader < readers; reader++) {
      // In a turn of its own, as a sink that works off what it has taken.
      await new Promise((resolve) => setImmediate(resolve));
      for (const column of Object.values(document.doc.data)) {
        for (let row = 0; row < rows; row++) sum += column[row] as number;
      }
    }
    await writer.flush();
    delay.disable();
    idle.postMessage("stop");
    const [other] = (await once(idle, "message")) as [number];
    loop.push(delay.max / 1000);
    elsewhere.push(other / 1000);
    writer.write(run.closing);
  }
  if (!Number.isFinite(sum)) throw new Error("the other sink has read something else than it was given");
  await writer.close();
  await idle.terminate();
  return [
    { what, who: "write()", us: write },
    { what, who: "write(), on the processor", us: processor },
    { what, who: "longest hold of the loop until stored", us: loop },
    { what, who: "the same of an idle thread", us: elsewhere },
  ];
}

/** How long the main thread has been on a processor, in ns: what other processes on the machine don't change. */
function onProcessor(): number {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]);
}
