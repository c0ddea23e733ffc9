import { randomUUID } from "node:crypto";
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { MongoWriter } from "cerulean/sinks/mongo";

/**
 * Stores runs one after the other until it is killed, and before each write puts a line with the document's name and uids into a log that is
 * forced to the disk: all but the last line must be in the store when everything is over.
 */
const [uri, journalDir, log] = process.argv.slice(2);
process.stdin.on("end", () => process.exit(0)).resume();

const fd = openSync(log, "a");
const writer = await MongoWriter.connect(uri, { journalDir, batchSize: 50 });
process.on("exit", () => closeSync(fd));

function emit(name, doc) {
  writeSync(fd, `${name === "event_page" ? "event" : name} ${[doc.uid].flat().join(" ")}\n`);
  fdatasyncSync(fd);
  writer.write({ name, doc });
}

writeSync(fd, "session\n");
process.stdout.write("storing\n");
for (let scan = 1; ; scan++) {
  const [run, descriptor, fly] = [randomUUID(), randomUUID(), randomUUID()];
  const now = () => Date.now() / 1000;
  emit("start", { uid: run, time: now(), scan_id: scan });
  const data_keys = { x: { dtype: "number", shape: [], source: "sim://x" } };
  for (const [uid, name] of [
    [descriptor, "primary"],
    [fly, "fly"],
  ]) {
    emit("descriptor", {
      uid,
      time: now(),
      run_start: run,
      name,
      data_keys,
      object_keys: {},
      configuration: {},
      hints: {},
    });
  }
  const points = 40;
  for (let at = 1; at <= points; at++) {
    const [data, timestamps] = [{ x: at / 3 }, { x: now() }];
    emit("event", { uid: randomUUID(), time: now(), descriptor, seq_num: at, data, timestamps, filled: {} });
    await new Promise((resolve) => setImmediate(resolve));
  }
  const rows = 200;
  const column = Float64Array.from({ length: rows }, (_, at) => at);
  const uid = Array.from({ length: rows }, () => randomUUID());
  const seq_num = Int32Array.from({ length: rows }, (_, at) => at + 1);
  const [data, timestamps] = [{ x: column }, { x: column }];
  emit("event_page", { uid, time: column, descriptor: fly, seq_num, data, timestamps, filled: {} });
  emit("stop", {
    uid: randomUUID(),
    time: now(),
    run_start: run,
    exit_status: "success",
    num_events: { primary: points, fly: rows },
  });
  await writer.ready;
}
