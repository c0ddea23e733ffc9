import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { RunEngine } from "cerulean";
import { Status } from "cerulean/devices";
import * as bps from "cerulean/plans/stubs";
import { KafkaPublisher } from "cerulean/sinks/kafka";
import { MongoWriter } from "cerulean/sinks/mongo";

/**
 * Takes data into a MongoDB database or a Kafka topic (`kafka://host:port/topic`), run after run, until it is killed. Before the sink sees a document, its name and uids are in a log that was forced to the
 * disk, and a "+" follows when the write has returned. It kills itself after so many writes when that is asked for,
 * and takes a pause of so many seconds after each point.
 */
const [place, journalDir, log, dieAfter, pause = 0] = process.argv.slice(2);
process.stdin.on("end", () => process.exit(0)).resume();

const fd = openSync(log, "a");
process.on("exit", () => closeSync(fd));

const [, broker, topic] = /^kafka:\/\/(.*)\/(.*)$/.exec(place) ?? [];
const sink =
  broker === undefined
    ? await MongoWriter.connect(place, { journalDir, batchSize: 50 })
    : await KafkaPublisher.connect(broker, { topic, journalDir });
const engine = new RunEngine();
let writes = 0;
engine.subscribe(({ name, doc }) => {
  writeSync(fd, `${name} ${[doc.uid].flat().join(" ")}\n`);
  fdatasyncSync(fd);
});
engine.subscribe(sink);
engine.subscribe(() => {
  writeSync(fd, "+\n");
  if (++writes === Number(dieAfter)) process.kill(process.pid, "SIGKILL");
});

const NUMBER = { dtype: "number", shape: [], source: "sim://x" };
let taken = 0;
const detector = {
  name: "det",
  trigger: () => Status.finished(),
  read: () => ({ x: { value: ++taken / 3, timestamp: Date.now() / 1000 } }),
  describe: () => ({ x: NUMBER }),
};
const rows = 200;
const flyer = {
  name: "flyer",
  kickoff: () => Status.finished(),
  complete: () => Status.finished(),
  describeCollect: () => ({ fly: { y: NUMBER } }),
  *collectPages() {
    const time = Float64Array.from({ length: rows }, (_, at) => Date.now() / 1000 + at / 1e4);
    yield { data: { y: time.map((_, at) => at / 7) }, timestamps: { y: time }, time };
  },
};

async function* run() {
  yield* bps.openRun();
  yield* bps.kickoff(flyer, { wait: true });
  for (let at = 0; at < 40; at++) {
    yield* bps.checkpoint();
    yield* bps.triggerAndRead([detector]);
    if (pause > 0) yield* bps.sleep(Number(pause));
  }
  yield* bps.complete(flyer, { wait: true });
  yield* bps.collect(flyer);
  yield* bps.closeRun();
}

process.stdout.write("storing\n");
for (;;) await engine.run(run);
