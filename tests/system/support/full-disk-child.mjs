import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RunEngine } from "cerulean";
import { Status } from "cerulean/devices";
import { count } from "cerulean/plans";
import { MongoWriter } from "cerulean/sinks/mongo";

/** Takes data until the disk of the journal is full, then makes room and takes more; tells at its end what happened, in one line of JSON. */
const [uri, journalDir] = process.argv.slice(2);
process.stdin.on("end", () => process.exit(0)).resume();
const filler = join(journalDir, "filler");

const writer = await MongoWriter.connect(uri, { journalDir });
try {
  for (let size = 1 << 20; size > 4096; size /= 2) {
    for (let at = 0; at < 64; at++) writeFileSync(filler, Buffer.alloc(size), { flag: "a" });
  }
} catch {
  // It is full, but for some bytes; or no file can become larger.
}
const states = [];
writer.state$.subscribe((state) => states.push(state));
const engine = new RunEngine();
const written = [];
engine.subscribe(({ name, doc }) => {
  if (name === "event") written.push(doc.uid);
});
engine.subscribe(writer);
const text = "x".repeat(10_000);
const detector = {
  name: "det",
  trigger: () => Status.finished(),
  read: () => ({ text: { value: text, timestamp: Date.now() / 1000 } }),
  describe: () => ({ text: { dtype: "string", shape: [], source: "sim://text" } }),
};
const { code, message } = await engine.run(count([detector], 2_000)).catch((error) => error);
// Of the event whose write failed the sinks before this one have had it, and MongoDB has not.
written.pop();
rmSync(filler, { force: true });
const { runUids } = await engine.run(count([detector], 3));
await writer.flush();
const { ok } = await writer.verify(runUids[0]);
await writer.close();
process.stdout.write(`${JSON.stringify({ code, message, states, written, ok })}\n`);
process.exit(0);
