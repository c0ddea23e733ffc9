import { RunEngine } from "cerulean";
import { count } from "cerulean/plans";
import { hw } from "cerulean/sim";
import { MongoWriter } from "cerulean/sinks/mongo";

/** An engine of its own on a database: scans, and tells the uids of its runs and what it emitted. Asked to "repair" it repairs, anything else ends it. */
const [uri, journalDir] = process.argv.slice(2);
const writer = await MongoWriter.connect(uri, { journalDir, batchAgeMs: 20 });
const engine = new RunEngine();
const tell = (what) => process.send(what);
engine.subscribe(writer);
engine.subscribe(({ name, doc }) => tell({ name, uid: doc.uid, runStart: doc.run_start }));

let isOver = false;
process.on("disconnect", () => process.exit(1));
process.on("message", async (message) => {
  if (message === "repair") tell({ repaired: await writer.repair() });
  else isOver = true;
});
while (!isOver) await engine.run(count([hw().det], 40, { delay: 0.002 }));
await writer.close();
tell({ ended: true });
process.disconnect();
